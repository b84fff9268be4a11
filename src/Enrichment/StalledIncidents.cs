using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Resilience;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Enrichment;

/// <summary>
/// The watchdog: gives an incident that makes no progress to its stage again, reads the cluster again for one whose evidence
/// could not be read or whose diagnosis is about what is over, and has one analysed again whose diagnosis had to do without the model. After the start of a single
/// process it takes up at once what its bus has forgotten.
/// </summary>
internal sealed partial class StalledIncidents(
    IServiceScopeFactory scopes, IBus bus, IHostApplicationLifetime lifetime, BusDurability durability, TimeProvider time, ILogger<StalledIncidents> logger)
    : BackgroundService
{
    private const int BatchSize = 100;
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    // Longer than a reading or an analysis takes, which sets the time itself when it ends.
    private static readonly TimeSpan RetryLease = TimeSpan.FromMinutes(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await lifetime.StartedAsync(stoppingToken);
        var everything = !durability.KeepsMessages;
        using var timer = new PeriodicTimer(PollInterval, time);
        do
        {
            try
            {
                if (everything)
                {
                    await TakeUpAsync(stoppingToken);
                    everything = false;
                }

                await DriveAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // Once, and by itself: a failure to drive one incident must not take claims from those who draw by then.
    private async Task TakeUpAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IncidentsContext>();
        var now = time.GetUtcNow();
        await store.Incidents.Where(i => i.DrawnVersion < i.Version).ExecuteUpdateAsync(set => set.SetProperty(i => i.DriveAt, now), cancellationToken);
        await store.Incidents.Where(i => i.AnalyzedRevision < i.Revision).ExecuteUpdateAsync(set => set.SetProperty(i => i.DriveAt, now), cancellationToken);

        // Whoever drew is gone with the process before this one.
        await store.Incidents.Where(i => i.DrawClaimedUntil > now).ExecuteUpdateAsync(set => set.SetProperty(i => i.DrawClaimedUntil, now), cancellationToken);
    }

    private async Task DriveAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IncidentsContext>();
        var now = time.GetUtcNow();
        var undrawn = await StalledAsync(store.Incidents.Where(i => i.DrawnVersion < i.Version), now, cancellationToken);
        var unanalysed = await StalledAsync(store.Incidents.Where(i => i.AnalyzedRevision < i.Revision && i.ContinuedIn == null), now, cancellationToken);
        foreach (var incident in undrawn.Concat(unanalysed).DistinctBy(incident => incident.Id))
        {
            var again = now + StallRule.Wait(incident.Drives);
            var taken = await store.Incidents.Where(i => i.Id == incident.Id && i.DriveAt == incident.DriveAt).ExecuteUpdateAsync(
                set => set.SetProperty(i => i.DriveAt, again).SetProperty(i => i.Drives, i => i.Drives + 1), cancellationToken);
            if (taken == 1)
            {
                await AloneAsync(incident, () => DriveAsync(store, incident, cancellationToken), cancellationToken);
            }
        }

        await ReadClusterAgainAsync(store, now, cancellationToken);
        await ReviewAsync(store, now, cancellationToken);
        await AskModelAgainAsync(store, now, cancellationToken);
    }

    // One that fails every time keeps the others from nothing; its own turn comes again by its lease.
    private async Task AloneAsync(Incident incident, Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.IncidentFailed(logger, e, incident.Id);
        }
    }

    // Each by an index of its own.
    private static Task<List<Incident>> StalledAsync(IQueryable<Incident> incidents, DateTimeOffset now, CancellationToken cancellationToken) =>
        incidents.Where(i => i.DriveAt <= now).OrderBy(i => i.DriveAt).Take(BatchSize).WithoutJson().ToListAsync(cancellationToken);

    private async Task DriveAsync(IncidentsContext store, Incident incident, CancellationToken cancellationToken)
    {
        using var span = Traces.Continue("watchdog drive", incident.Traceparent, incident.Id);
        if (incident.ContinuedIn is not null)
        {
            // Its alerts are another incident's by now: all that is owed is its message, which says so.
            await PublishChangeAsync(incident, cancellationToken);
            return;
        }

        if (incident.EnrichedRevision < incident.Revision)
        {
            // The one that made the revision, unless it fires as a part of another incident by now.
            var row = await store.Alerts.AsNoTracking().Where(a => a.IncidentId == incident.Id)
                .OrderByDescending(a => a.Revision).FirstOrDefaultAsync(cancellationToken);
            if (row is not null)
            {
                Log.Driven(logger, incident.Id, "enrichment");
                var received = StoredJson.Read<AlertReceived>(row.ReceivedJson) with { Alert = row.ToAlert() };
                await bus.Publish(received, context => context.MessageId = MessageIds.For(received.Alert), cancellationToken);
            }
        }
        else if (incident.AnalyzedRevision < incident.Revision)
        {
            Log.Driven(logger, incident.Id, "analysis");
            await PublishContextAsync(store, incident, cancellationToken);
        }
        else
        {
            await PublishChangeAsync(incident, cancellationToken);
        }

        // Whatever holds the analysis up, a person hears of the alert.
        if (incident is { AnalyzedRevision: 0, DrawnVersion: 0 } && incident.OpenedAt + StallRule.AloneAfter <= time.GetUtcNow())
        {
            await PublishChangeAsync(incident, cancellationToken);
        }
    }

    private async Task PublishChangeAsync(Incident incident, CancellationToken cancellationToken)
    {
        Log.Driven(logger, incident.Id, "notification");
        await bus.Publish(
            new IncidentChanged(incident.Id, incident.Revision, IncidentChange.Joined),
            context => context.MessageId = MessageIds.For(incident.Id, nameof(IncidentChanged), incident.Version),
            cancellationToken);
    }

    private async Task ReadClusterAgainAsync(IncidentsContext store, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await store.Incidents.Where(i => i.EvidenceRetryAt <= now && i.ResolvedAt != null)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.EvidenceRetryAt, (DateTimeOffset?)null), cancellationToken);
        var waiting = await store.Incidents.Where(i => i.EvidenceRetryAt <= now)
            .OrderBy(i => i.EvidenceRetryAt).Take(BatchSize).WithoutJson().ToListAsync(cancellationToken);
        foreach (var incident in waiting)
        {
            var taken = await store.Incidents.Where(i => i.Id == incident.Id && i.EvidenceRetryAt == incident.EvidenceRetryAt)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.EvidenceRetryAt, now + RetryLease), cancellationToken);
            if (taken == 1)
            {
                await AloneAsync(incident, () => ReadClusterAgainAsync(incident, now, cancellationToken), cancellationToken);
            }
        }
    }

    // In a scope of its own: what could not be saved would be tried again with the next incident's.
    private async Task ReadClusterAgainAsync(Incident incident, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var emissions = await scope.ServiceProvider.GetRequiredService<Enricher>().ReadAgainAsync(incident, cancellationToken);
        using var span = emissions.Count > 0 ? Traces.Continue("watchdog evidence", incident.Traceparent, incident.Id, begun: now) : null;
        foreach (var emission in emissions)
        {
            await bus.Publish(emission.Message, emission.Message.GetType(), publish => publish.MessageId = emission.Id, cancellationToken);
        }
    }

    private async Task ReviewAsync(IncidentsContext store, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await store.Incidents.Where(i => i.ReviewAt <= now && i.ResolvedAt != null)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.ReviewAt, (DateTimeOffset?)null), cancellationToken);
        var waiting = await store.Incidents.Where(i => i.ReviewAt <= now).OrderBy(i => i.ReviewAt).Take(BatchSize).WithoutJson().ToListAsync(cancellationToken);
        foreach (var incident in waiting)
        {
            var lease = (now + RetryLease).InMicroseconds();
            var taken = await store.Incidents.Where(i => i.Id == incident.Id && i.ReviewAt == incident.ReviewAt)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.ReviewAt, lease), cancellationToken);
            incident.ReviewAt = lease;
            if (taken == 1)
            {
                await AloneAsync(incident, () => ReviewAsync(incident, now, cancellationToken), cancellationToken);
            }
        }
    }

    private async Task ReviewAsync(Incident incident, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<Enricher>().ReviewAsync(incident, cancellationToken) is { } context)
        {
            using var span = Traces.Continue("watchdog review", incident.Traceparent, incident.Id, begun: now);
            await bus.Publish(context, publish => publish.MessageId = MessageIds.For(incident.Id, nameof(ContextEnriched), context.Revision), cancellationToken);
        }
    }

    private async Task AskModelAgainAsync(IncidentsContext store, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await store.Incidents.Where(i => i.ModelRetryAt <= now && i.ResolvedAt != null)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.ModelRetryAt, (DateTimeOffset?)null), cancellationToken);
        var waiting = await store.Incidents.Where(i => i.ModelRetryAt <= now)
            .OrderBy(i => i.ModelRetryAt).Take(BatchSize).WithoutJson().ToListAsync(cancellationToken);
        foreach (var incident in waiting)
        {
            var taken = await store.Incidents.Where(i => i.Id == incident.Id && i.ModelRetryAt == incident.ModelRetryAt)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.ModelRetryAt, now + RetryLease), cancellationToken);
            if (taken == 1)
            {
                using var span = Traces.Continue("watchdog model", incident.Traceparent, incident.Id);
                Log.AskedAgain(logger, incident.Id);
                await AloneAsync(incident, () => PublishContextAsync(store, incident, cancellationToken), cancellationToken);
            }
        }
    }

    private async Task PublishContextAsync(IncidentsContext store, Incident incident, CancellationToken cancellationToken)
    {
        var json = await store.Incidents.Where(i => i.Id == incident.Id).Select(i => i.ContextJson).SingleAsync(cancellationToken);
        var context = StoredJson.Read<ContextEnriched>(json!);
        await bus.Publish(
            context, publish => publish.MessageId = MessageIds.For(incident.Id, nameof(ContextEnriched), context.Revision), cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Incident {IncidentId} made no progress and is driven to {Stage} again")]
        public static partial void Driven(ILogger logger, Guid incidentId, string stage);

        [LoggerMessage(Level = LogLevel.Information, Message = "Incident {IncidentId}: the model is asked again")]
        public static partial void AskedAgain(ILogger logger, Guid incidentId);

        [LoggerMessage(Level = LogLevel.Error, Message = "Incident {IncidentId} could not be driven; trying again")]
        public static partial void IncidentFailed(ILogger logger, Exception exception, Guid incidentId);

        [LoggerMessage(Level = LogLevel.Error, Message = "Stalled incidents could not be driven; trying again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
