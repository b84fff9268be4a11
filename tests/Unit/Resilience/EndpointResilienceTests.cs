using System.Collections.Concurrent;
using AlertResponder.Resilience;
using AlertResponder.Tests.Unit.Time;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace AlertResponder.Tests.Unit.Resilience;

public sealed record PingSent(int Number);

/// <summary>The endpoints' policies on MassTransit's in-memory bus.</summary>
public sealed class EndpointResilienceTests : IAsyncDisposable
{
    private const string Queue = "pings";

    private ScriptedUpstream upstream = new();
    private readonly ConcurrentQueue<int> consumed = [];
    private readonly ConcurrentQueue<int> errors = [];
    private readonly ConcurrentQueue<int> skipped = [];
    private ServiceProvider? provider;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (provider is not null)
        {
            await provider.GetRequiredService<IBusControl>().StopAsync(Cancellation);
            await provider.DisposeAsync();
        }
    }

    [Fact]
    public async Task UseUpstreamPause_UpstreamPaused_MessagesWaitAndAreConsumedOnceAfter()
    {
        upstream.Answers(FailureKind.Throttled, FailureKind.Throttled, FailureKind.Throttled);
        await upstream.OutcomeAsync();
        var sent = upstream.Sent;
        var bus = await StartAsync(endpoint =>
        {
            endpoint.UseUpstreamPause();
            endpoint.UseStoreRetry();
        });

        await bus.PublishBatch(Enumerable.Range(0, 10).Select(number => new PingSent(number)), Cancellation);
        await Eventually.TrueAsync(() => upstream.Time.Waits.Count == 10, "all messages are held");
        upstream.Time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        consumed.ShouldBeEmpty();
        upstream.Sent.ShouldBe(sent);

        upstream.Time.Advance(TimeSpan.FromTicks(1));

        await Eventually.TrueAsync(() => consumed.Count >= 10, "all messages are consumed");
        consumed.Order().ShouldBe(Enumerable.Range(0, 10));
        errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task UseUpstreamPause_PausedWhileConsuming_MessageIsConsumedAfterAndNotInTheErrorQueue()
    {
        upstream.Answers(FailureKind.Throttled, FailureKind.Throttled, FailureKind.Throttled);
        var bus = await StartAsync(endpoint =>
        {
            endpoint.UseUpstreamPause();
            endpoint.UseStoreRetry();
        });

        await bus.Publish(new PingSent(1), Cancellation);
        await Eventually.TrueAsync(() => upstream.Upstream.PausedUntil is not null, "the upstream is paused");
        consumed.ShouldBeEmpty();
        upstream.Time.Advance(TimeSpan.FromMinutes(5));

        await Eventually.TrueAsync(() => !consumed.IsEmpty, "the message is consumed");
        consumed.ShouldBe([1]);
        errors.ShouldBeEmpty();
        upstream.Sent.ShouldBe(4);
    }

    [Fact]
    public async Task UseStoreRetry_FailsWithoutEnd_MessageIsInTheErrorQueueAfterEightRetries()
    {
        var tries = 0;
        var bus = await StartAsync(
            endpoint => endpoint.UseStoreRetry(first: TimeSpan.FromMilliseconds(1), longest: TimeSpan.FromMilliseconds(2)),
            _ =>
            {
                Interlocked.Increment(ref tries);
                throw new InvalidOperationException("the store is away");
            });

        await bus.Publish(new PingSent(7), Cancellation);

        await Eventually.TrueAsync(() => !errors.IsEmpty, "the message is in the error queue");
        errors.ShouldBe([7]);
        tries.ShouldBe(9);
    }

    [Fact]
    public async Task UseStoreRetry_FailsForAWhile_MessageIsConsumedOnce()
    {
        var tries = 0;
        var bus = await StartAsync(
            endpoint => endpoint.UseStoreRetry(first: TimeSpan.FromMilliseconds(1), longest: TimeSpan.FromMilliseconds(2)),
            ping =>
            {
                if (Interlocked.Increment(ref tries) < 9)
                {
                    throw new InvalidOperationException("the store is away");
                }

                consumed.Enqueue(ping.Number);
                return Task.CompletedTask;
            });

        await bus.Publish(new PingSent(7), Cancellation);

        await Eventually.TrueAsync(() => !consumed.IsEmpty, "the message is consumed");
        consumed.ShouldBe([7]);
        errors.ShouldBeEmpty();
    }

    // RabbitMQ closes the channel of whoever holds a message for half an hour.
    [Fact]
    public async Task UseUpstreamPause_PausedForLong_MessagesGoBackToTheirQueueMeanwhileAndAreConsumedOnce()
    {
        upstream = new ScriptedUpstream(ScriptedUpstream.Policy with { PausesForRetryAfter = true });
        upstream.Answers(_ => throw new SortedException(FailureKind.Throttled, TimeSpan.FromMinutes(25)));
        var first = upstream.CallAsync();
        var bus = await StartAsync(endpoint =>
        {
            endpoint.UseUpstreamPause();
            endpoint.UseStoreRetry();
        });
        var received = new Received();
        provider!.GetRequiredService<IBusControl>().ConnectReceiveObserver(received);
        await bus.PublishBatch(Enumerable.Range(0, 10).Select(number => new PingSent(number)), Cancellation);
        for (var times = 1; times <= 2; times++)
        {
            await Eventually.TrueAsync(() => upstream.Time.Waits.Count == 11, "all messages are held, and the first call waits");
            upstream.Time.Advance(TimeSpan.FromMinutes(10));
            await Eventually.TrueAsync(() => received.Count == times * 10, "they have been acknowledged");
        }

        consumed.ShouldBeEmpty();
        await Eventually.TrueAsync(() => upstream.Time.Waits.Count == 11, "all messages are held once more");
        upstream.Time.Advance(TimeSpan.FromMinutes(5));

        await Eventually.TrueAsync(() => received.Count == 30, "all messages are consumed");
        consumed.Order().ShouldBe(Enumerable.Range(0, 10));
        errors.ShouldBeEmpty();
        skipped.ShouldBeEmpty();
        await first;
    }

    // Each try in the process would have ten minutes of its own, and RabbitMQ counts from the delivery.
    [Fact]
    public async Task UseUpstreamPause_OnePauseAfterAnother_MessageGoesBackTenMinutesAfterItsDelivery()
    {
        upstream.Answers([.. Enumerable.Repeat<FailureKind?>(FailureKind.Throttled, 5)]);
        var bus = await StartAsync(endpoint =>
        {
            endpoint.UseUpstreamPause();
            endpoint.UseStoreRetry();
        });
        var received = new Received();
        provider!.GetRequiredService<IBusControl>().ConnectReceiveObserver(received);

        await bus.Publish(new PingSent(1), Cancellation);
        for (var pause = 1; pause <= 2; pause++)
        {
            await Eventually.TrueAsync(() => upstream.Sent == 2 + pause && upstream.Upstream.PausedUntil is not null && upstream.Time.Waits.Count == 1, "the message is held");
            received.Count.ShouldBe(0);
            upstream.Time.Advance(TimeSpan.FromMinutes(5));
        }

        await Eventually.TrueAsync(() => received.Count == 1, "it has been acknowledged");
        consumed.ShouldBeEmpty();
        await Eventually.TrueAsync(() => upstream.Time.Waits.Count == 1, "it is held once more");
        upstream.Time.Advance(TimeSpan.FromMinutes(5));

        await Eventually.TrueAsync(() => received.Count == 2, "it is consumed");
        consumed.ShouldBe([1]);
        errors.ShouldBeEmpty();
        skipped.ShouldBeEmpty();
    }

    private async Task<IBus> StartAsync(Action<IReceiveEndpointConfigurator> configure, Func<PingSent, Task>? consume = null)
    {
        consume ??= async ping =>
        {
            await upstream.CallAsync();
            consumed.Enqueue(ping.Number);
        };
        provider = new ServiceCollection()
            .AddLogging()
            .AddMassTransit(configurator =>
            {
                configurator.DisableUsageTelemetry();
                configurator.UsingInMemory((_, bus) =>
                {
                    bus.ReceiveEndpoint(Queue, endpoint =>
                    {
                        endpoint.ConcurrentMessageLimit = 16;
                        configure(endpoint);
                        endpoint.Handler<PingSent>(context => consume(context.Message), handler => handler.UseUpstreamPause(upstream.Upstream, upstream.Time));
                    });
                    Collect(bus, "_error", errors);
                    Collect(bus, "_skipped", skipped);
                });
            })
            .BuildServiceProvider();
        await provider.GetRequiredService<IBusControl>().StartAsync(Cancellation);
        return provider.GetRequiredService<IBus>();
    }

    private static void Collect(IInMemoryBusFactoryConfigurator bus, string suffix, ConcurrentQueue<int> numbers) => bus.ReceiveEndpoint(Queue + suffix, endpoint =>
    {
        endpoint.ConfigureConsumeTopology = false;
        endpoint.Handler<PingSent>(context =>
        {
            numbers.Enqueue(context.Message.Number);
            return Task.CompletedTask;
        });
    });

    /// <summary>Counts what is acknowledged.</summary>
    private sealed class Received : IReceiveObserver
    {
        private int count;

        public int Count => Volatile.Read(ref count);

        public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

        public Task PostReceive(ReceiveContext context) => Task.FromResult(Interlocked.Increment(ref count));

        public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
            where T : class => Task.CompletedTask;

        public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
            where T : class => Task.CompletedTask;

        public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;
    }
}
