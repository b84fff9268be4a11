using System.Collections.Concurrent;
using AlertResponder.Resilience;
using AlertResponder.Tests.EndToEnd.Servers;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using SlackNet;

namespace AlertResponder.Tests.EndToEnd;

public sealed record PingSent(int Number);

/// <summary>Slack is paused for longer than RabbitMQ lets a message be held.</summary>
public sealed class HeldMessageTests(SharedServers servers)
{
    private const int Messages = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(25);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Paused_ForLong_MessagesGoBackToTheirQueueAndAreConsumedOnce()
    {
        var virtualHost = await (await servers.RabbitMqAsync()).CreateVirtualHostAsync(Cancel);
        var time = new FastTime();
        ConcurrentQueue<int> consumed = [];
        await using var provider = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(time).AddUpstream(UpstreamNames.Slack).BuildServiceProvider();
        var slack = provider.GetRequiredKeyedService<Upstream>(UpstreamNames.Slack);
        var bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(new Uri(virtualHost.ConnectionString));
            rabbit.ReceiveEndpoint("held", endpoint =>
            {
                endpoint.SetQuorumQueue();
                endpoint.ConcurrentMessageLimit = Messages;
                endpoint.UseUpstreamPause();
                endpoint.UseStoreRetry();
                endpoint.Handler<PingSent>(
                    context =>
                    {
                        consumed.Enqueue(context.Message.Number);
                        return Task.CompletedTask;
                    },
                    handler => handler.UseUpstreamPause(slack, time));
            });
        });
        var acknowledged = new Acknowledged();
        bus.ConnectReceiveObserver(acknowledged);
        var answers = 0;
        var call = slack.CallAsync(_ => Interlocked.Increment(ref answers) == 1 ? throw new SlackRateLimitException(Pause) : Task.FromResult("ok"), Cancel);
        await Eventually.TrueAsync(_ => Task.FromResult(slack.PausedUntil is not null), "Slack is paused", cancellationToken: Cancel);

        await bus.StartAsync(Cancel);
        try
        {
            await bus.PublishBatch(Enumerable.Range(0, Messages).Select(number => new PingSent(number)), Cancel);
            await Eventually.TrueAsync(_ => Task.FromResult(acknowledged.Count >= Messages), "all are acknowledged while Slack is paused", cancellationToken: Cancel);
            slack.PausedUntil.ShouldNotBeNull();
            consumed.ShouldBeEmpty();
            await Eventually.TrueAsync(_ => Task.FromResult(consumed.Count >= Messages), "all are consumed after the pause", cancellationToken: Cancel);
        }
        finally
        {
            await bus.StopAsync(Cancel);
        }

        consumed.Order().ShouldBe(Enumerable.Range(0, Messages));
        acknowledged.Count.ShouldBeInRange(2 * Messages, 4 * Messages, "put back about every ten minutes, and consumed once");
        (await virtualHost.QueuesAsync(Cancel)).ShouldHaveSingleItem("none was skipped, and none has failed").Name.ShouldBe("held");

        // It may have come a moment too early by this clock, whose timers are rounded to real milliseconds.
        await Task.WhenAny(call).WaitAsync(Cancel);
    }

    /// <summary>Sixty times as fast: a minute in a second.</summary>
    private sealed class FastTime : TimeProvider
    {
        private const int Factor = 60;

        private readonly long start = System.GetTimestamp();
        private readonly DateTimeOffset began = System.GetUtcNow();

        public override long TimestampFrequency => System.TimestampFrequency / Factor;

        public override DateTimeOffset GetUtcNow() => began + (System.GetElapsedTime(start) * Factor);

        public override long GetTimestamp() => System.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, Shorter(dueTime), Shorter(period));

        private static TimeSpan Shorter(TimeSpan wait) => wait > TimeSpan.Zero ? wait / Factor : wait;
    }

    /// <summary>Counts what is acknowledged.</summary>
    private sealed class Acknowledged : IReceiveObserver
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
