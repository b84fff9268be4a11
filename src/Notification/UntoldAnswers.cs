using System.Text.Json;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Incidents.Work;
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
    IServiceScopeFactory scopes, IBus bus, IHostApplicationLifetime lifetime,
    [FromKeyedServices(StoreTime.Key)] TimeProvider time, ILogger<UntoldAnswers> logger) : BackgroundService
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
            return await TakeUpAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Failed(logger, e);
            return false;
        }
    }

    /// <summary>Puts what was not told on the bus again.</summary>
    /// <returns>Whether all of it is there.</returns>
    public Task<bool> TakeUpAsync(CancellationToken cancellationToken) => new WorkRounds(scopes, time, logger).RunAsync(
        new OwedWork<RemediationEntry>("untold answers", entry => entry.Id, UntoldAsync, ClaimAsync: null, PublishAsync), cancellationToken);

    private async Task PublishAsync(IServiceProvider services, RemediationEntry entry, CancellationToken cancellationToken)
    {
        using var span = Traces.Continue("answer take-up", entry.Traceparent, entry.IncidentId);
        RemediationCompleted completed;
        try
        {
            completed = StoredJson.Read<RemediationCompleted>(entry.Json) with { Reply = entry.Reply };
        }
        catch (JsonException e)
        {
            // Another try reads the same.
            Log.Unreadable(logger, entry.Id, e);
            return;
        }

        Log.TakenUp(logger, entry.Id, entry.IncidentId);
        await bus.Publish(completed, context => context.MessageId = MessageIds.For(nameof(RemediationCompleted), entry.Id), cancellationToken);
    }

    private static Task<List<RemediationEntry>> UntoldAsync(IncidentsContext store, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var since = now - Awaited;
        return store.Remediations.AsNoTracking()
            .Where(entry => entry.CompletedAt >= since && entry.ToldAt == null && (entry.Reply != null || entry.ForRequesterOnly == true))
            .OrderBy(entry => entry.CompletedAt).Take(MostAtOnce).ToListAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Answer {Id} of incident {IncidentId} was not told yet, and is told now")]
        public static partial void TakenUp(ILogger logger, Guid id, Guid incidentId);

        [LoggerMessage(Level = LogLevel.Error, Message = "Answer {Id} cannot be read and is not told")]
        public static partial void Unreadable(ILogger logger, Guid id, Exception exception);

        [LoggerMessage(Level = LogLevel.Error, Message = "Answers that were not told could not be taken up; trying again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
