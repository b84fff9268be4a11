using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Resilience;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Notification;

/// <summary>
/// Puts the answers on the bus again that were recorded and not told: after the start of a single process, whose bus forgets, and when
/// Slack takes messages again that it had refused. Those that are told meanwhile are not told twice.
/// </summary>
internal sealed partial class UntoldAnswers(
    IServiceScopeFactory scopes, IBus bus, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<UntoldAnswers> logger) : BackgroundService
{
    private const int MostAtOnce = 100;

    // Nobody waits longer for the answer to a click.
    private static readonly TimeSpan Awaited = TimeSpan.FromDays(1);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await lifetime.StartedAsync(stoppingToken);
        while (!await TryTakeUpAsync(stoppingToken))
        {
            await Task.Delay(RetryInterval, time, stoppingToken);
        }
    }

    private async Task<bool> TryTakeUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            await TakeUpAsync(cancellationToken);
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Failed(logger, e);
            return false;
        }
    }

    /// <summary>Puts what was not told on the bus again.</summary>
    public async Task TakeUpAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        foreach (var entry in await UntoldAsync(scope.ServiceProvider.GetRequiredService<IncidentsContext>(), cancellationToken))
        {
            using var span = Traces.Continue("answer take-up", entry.Traceparent, entry.IncidentId);
            Log.TakenUp(logger, entry.Id, entry.IncidentId);
            var completed = StoredJson.Read<RemediationCompleted>(entry.Json) with { Reply = entry.Reply };
            await bus.Publish(completed, context => context.MessageId = MessageIds.For(nameof(RemediationCompleted), entry.Id), cancellationToken);
        }
    }

    private Task<List<RemediationEntry>> UntoldAsync(IncidentsContext store, CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow() - Awaited;
        return store.Remediations.AsNoTracking()
            .Where(entry => entry.CompletedAt >= since && entry.ToldAt == null && (entry.Reply != null || entry.ForRequesterOnly == true))
            .OrderBy(entry => entry.CompletedAt).Take(MostAtOnce).ToListAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Answer {Id} of incident {IncidentId} was not told yet, and is told now")]
        public static partial void TakenUp(ILogger logger, Guid id, Guid incidentId);

        [LoggerMessage(Level = LogLevel.Error, Message = "Answers that were not told could not be taken up; trying again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
