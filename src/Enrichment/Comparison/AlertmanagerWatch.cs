using AlertResponder.Connections.Alertmanager;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AlertResponder.Enrichment.Comparison;

/// <summary>
/// Finds out what no webhook says, and sends it the way of a webhook's alerts: what <see cref="LateFirings"/> and the
/// <see cref="Comparer"/> come to. All from stored state; of several processes one compares at a time.
/// </summary>
internal sealed partial class AlertmanagerWatch(
    IServiceScopeFactory scopes, IBus bus, IOptions<AlertmanagerOptions> options, [FromKeyedServices(StoreTime.Key)] TimeProvider time, ILogger<AlertmanagerWatch> logger) : BackgroundService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    // How long one process has the comparison to itself, and after which it gives up: Alertmanagers may be slow, and there may be several.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    // When the next comparison is due after one that this process made.
    private DateTimeOffset? dueAfterOurs;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.CompareSeconds == 0)
        {
            Log.Never(logger);
        }

        ComparisonMetrics.Begin();
        using var timer = new PeriodicTimer(PollInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await LookAsync(stoppingToken);
        }
    }

    /// <summary>One look.</summary>
    internal async Task LookAsync(CancellationToken stoppingToken)
    {
        await TryAsync(services => PublishAsync(services.GetRequiredService<LateFirings>().LookAsync(stoppingToken), stoppingToken), stoppingToken);
        if (options.Value.CompareInterval() > TimeSpan.Zero)
        {
            await TryAsync(services => CompareAsync(services.GetRequiredService<IncidentsContext>(), services.GetRequiredService<Comparer>(), stoppingToken), stoppingToken);
        }
    }

    private async Task CompareAsync(IncidentsContext store, Comparer comparer, CancellationToken stoppingToken)
    {
        var now = time.GetUtcNow();
        var dueAt = await store.DueAtAsync(Duty.Comparison, stoppingToken);
        if (dueAfterOurs is not null && dueAt != dueAfterOurs)
        {
            // Another process has compared since: what this one found is past.
            ComparisonMetrics.LeftOut(0);
            dueAfterOurs = null;
        }

        if (dueAt > now || !await store.TryTakeAsync(Duty.Comparison, now, now + Lease, stoppingToken))
        {
            return;
        }

        var next = (now + options.Value.CompareInterval()).InMicroseconds();
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stoppingToken);
        try
        {
            await PublishAsync(comparer.CompareAsync(either.Token), either.Token);
        }
        finally
        {
            await store.PutBackAsync(Duty.Comparison, now + Lease, next, CancellationToken.None);
            dueAfterOurs = next;
        }
    }

    // What is lost between here and its correlation is found again: by the row's lease, or by the next comparison.
    private async Task PublishAsync(IAsyncEnumerable<AlertReceived> found, CancellationToken cancellationToken)
    {
        await foreach (var received in found)
        {
            await bus.Publish(received, context => context.MessageId = MessageIds.For(received.Alert), cancellationToken);
        }
    }

    private async Task TryAsync(Func<IServiceProvider, Task> look, CancellationToken stoppingToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await look(scope.ServiceProvider);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            Log.Failed(logger, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Alertmanager:CompareSeconds is 0: resolutions that no webhook tells of are not found out, and an incident whose alerts are silenced when they are over stays open for ever")]
        public static partial void Never(ILogger logger);

        [LoggerMessage(Level = LogLevel.Error, Message = "What no webhook says could not be found out; trying again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
