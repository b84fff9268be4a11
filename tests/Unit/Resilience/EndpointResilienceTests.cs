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

    private readonly ScriptedUpstream upstream = new();
    private readonly ConcurrentQueue<int> consumed = [];
    private readonly ConcurrentQueue<int> errors = [];
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
            endpoint.UseUpstreamPause(upstream.Upstream, upstream.Time);
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
            endpoint.UseUpstreamPause(upstream.Upstream, upstream.Time);
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
                        endpoint.Handler<PingSent>(context => consume(context.Message));
                    });
                    bus.ReceiveEndpoint(Queue + "_error", endpoint =>
                    {
                        endpoint.ConfigureConsumeTopology = false;
                        endpoint.Handler<PingSent>(context =>
                        {
                            errors.Enqueue(context.Message.Number);
                            return Task.CompletedTask;
                        });
                    });
                });
            })
            .BuildServiceProvider();
        await provider.GetRequiredService<IBusControl>().StartAsync(Cancellation);
        return provider.GetRequiredService<IBus>();
    }
}
