using AlertResponder.Contracts;
using AlertResponder.Incidents;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Gateway.Intake;

/// <summary>
/// Puts the inbox on the in-memory bus: what is new at once, what is still there after a while again (its consumer failed),
/// and after a start everything (the bus has forgotten it).
/// </summary>
internal sealed partial class InboxDispatcher(
    IServiceScopeFactory scopes, IBus bus, InboxSignal signal, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<InboxDispatcher> logger)
    : BackgroundService
{
    private const int BatchSize = 200;
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await StartedAsync(stoppingToken);
        var recovered = false;
        while (true)
        {
            try
            {
                if (!recovered)
                {
                    await ForgetDrivesAsync(stoppingToken);
                    recovered = true;
                }

                while (await DispatchAsync(stoppingToken) == BatchSize)
                {
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, e);
            }

            await signal.WaitAsync(PollInterval, time, stoppingToken);
        }
    }

    // An in-memory bus drops what is published before its endpoints are there.
    private async Task StartedAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
    }

    private async Task ForgetDrivesAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var now = time.GetUtcNow();
        var waiting = await scope.ServiceProvider.GetRequiredService<IncidentsContext>().Inbox
            .ExecuteUpdateAsync(set => set.SetProperty(entry => entry.DriveAt, now).SetProperty(entry => entry.Drives, 0), cancellationToken);
        if (waiting > 0)
        {
            Log.Recovered(logger, waiting);
        }
    }

    private async Task<int> DispatchAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IncidentsContext>();
        var now = time.GetUtcNow();
        var entries = await store.Inbox.AsNoTracking().Where(entry => entry.DriveAt <= now).OrderBy(entry => entry.Sequence)
            .Take(BatchSize).ToListAsync(cancellationToken);
        foreach (var entry in entries)
        {
            var again = now + Backoff(entry.Drives);
            await store.Inbox.Where(e => e.Sequence == entry.Sequence)
                .ExecuteUpdateAsync(set => set.SetProperty(e => e.DriveAt, again).SetProperty(e => e.Drives, entry.Drives + 1), cancellationToken);
            await bus.Publish(StoredJson.Read<AlertReceived>(entry.Json), context => context.MessageId = entry.MessageId, cancellationToken);
        }

        return entries.Count;
    }

    private static TimeSpan Backoff(int drives)
    {
        var minutes = Math.Pow(2, Math.Min(drives, 10));
        return minutes > LongestBackoff.TotalMinutes ? LongestBackoff : TimeSpan.FromMinutes(minutes);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Count} accepted alerts were waiting from before the start")]
        public static partial void Recovered(ILogger logger, int count);

        [LoggerMessage(Level = LogLevel.Error, Message = "The inbox could not be dispatched; trying again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
