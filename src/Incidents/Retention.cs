using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AlertResponder.Incidents;

/// <summary>
/// Deletes what is older than <see cref="IncidentsOptions.RetentionDays"/>: resolved incidents with all that belongs to them, and
/// alerts that never became part of one; and known answers that have expired. In small batches, so that no alert waits long for the store.
/// </summary>
internal sealed partial class Retention(
    IServiceScopeFactory scopes, IOptions<IncidentsOptions> options, [FromKeyedServices(StoreTime.Key)] TimeProvider time, ILogger<Retention> logger) : BackgroundService
{
    internal const int BatchSize = 200;
    internal static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await DeleteAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task DeleteAsync(CancellationToken cancellationToken)
    {
        var before = (time.GetUtcNow() - TimeSpan.FromDays(options.Value.RetentionDays)).InMicroseconds();
        var incidents = await InBatchesAsync(store => DeleteIncidentsAsync(store, before, cancellationToken), cancellationToken);
        var alerts = await InBatchesAsync(store => DeleteAlertsAsync(store, before, cancellationToken), cancellationToken);
        var expired = time.GetUtcNow().InMicroseconds();
        await InBatchesAsync(store => DeleteAnswersAsync(store, expired, cancellationToken), cancellationToken);
        await InBatchesAsync(store => store.Refusals.Where(refusal => refusal.LastAt < before).ExecuteDeleteAsync(cancellationToken), cancellationToken);
        if (incidents + alerts > 0)
        {
            Log.Deleted(logger, incidents, alerts, before);
        }
    }

    private async Task<int> InBatchesAsync(Func<IncidentsContext, Task<int>> deleteBatch, CancellationToken cancellationToken)
    {
        var (all, batch) = (0, 0);
        do
        {
            await using var scope = scopes.CreateAsyncScope();
            var store = scope.ServiceProvider.GetRequiredService<IncidentsContext>();

            // Several processes may be at it; on SQLite the alerts of this one have their turns between the batches.
            await using var transaction = await store.BeginExclusiveAsync("retention", cancellationToken);
            batch = await deleteBatch(store);
            await transaction.CommitAsync(cancellationToken);
            all += batch;
        }
        while (batch == BatchSize);
        return all;
    }

    // What belongs to them goes with them.
    private static async Task<int> DeleteIncidentsAsync(IncidentsContext store, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var ids = await store.Incidents.Where(i => i.ResolvedAt < before).OrderBy(i => i.ResolvedAt).Take(BatchSize)
            .Select(i => i.Id).ToListAsync(cancellationToken);
        if (ids.Count > 0)
        {
            await store.Incidents.Where(i => ids.Contains(i.Id) && i.ResolvedAt < before).ExecuteDeleteAsync(cancellationToken);
        }

        return ids.Count;
    }

    private static async Task<int> DeleteAlertsAsync(IncidentsContext store, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var alerts = await store.Alerts.AsNoTracking().Where(a => a.IncidentId == null && a.ReceivedAt < before).OrderBy(a => a.ReceivedAt).Take(BatchSize)
            .Select(a => new { a.Fingerprint, a.StartsAt }).ToListAsync(cancellationToken);
        foreach (var alert in alerts)
        {
            await store.Alerts.Where(a => a.Fingerprint == alert.Fingerprint && a.StartsAt == alert.StartsAt && a.IncidentId == null)
                .ExecuteDeleteAsync(cancellationToken);
        }

        return alerts.Count;
    }

    private static async Task<int> DeleteAnswersAsync(IncidentsContext store, DateTimeOffset expired, CancellationToken cancellationToken)
    {
        var answers = await store.KnownAnswers.AsNoTracking().Where(a => a.ExpiresAt < expired).OrderBy(a => a.ExpiresAt).Take(BatchSize)
            .Select(a => new { a.SubjectKey, a.Signature }).ToListAsync(cancellationToken);
        foreach (var answer in answers)
        {
            await store.KnownAnswers.Where(a => a.SubjectKey == answer.SubjectKey && a.Signature == answer.Signature && a.ExpiresAt < expired)
                .ExecuteDeleteAsync(cancellationToken);
        }

        return answers.Count;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Deleted {Incidents} incidents and {Alerts} single alerts from before {Before:O}")]
        public static partial void Deleted(ILogger logger, int incidents, int alerts, DateTimeOffset before);

        [LoggerMessage(Level = LogLevel.Error, Message = "Old incidents could not be deleted; trying again in an hour")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
