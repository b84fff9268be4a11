using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Incidents.Work;
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
    IServiceScopeFactory scopes, IBus bus, IHostApplicationLifetime lifetime, BusDurability durability,
    [FromKeyedServices(StoreTime.Key)] TimeProvider time, ILogger<StalledIncidents> logger)
    : BackgroundService
{
    private const int BatchSize = 100;

    // A reading takes up to 15 s, and of an incident six reads at a time.
    private const int MostReading = 4;
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    // Longer than a reading or an analysis takes, which sets the time itself when it ends.
    private static readonly TimeSpan RetryLease = TimeSpan.FromMinutes(2);

    // What needs no answer from the cluster does not wait for it.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await lifetime.StartedAsync(stoppingToken);
        var isTakenUp = durability.KeepsMessages;
        var rounds = new WorkRounds(scopes, time, logger);
        await rounds.RepeatAsync(
            PollInterval,
            new Dictionary<string, Func<CancellationToken, Task>>(StringComparer.Ordinal)
            {
                ["stalled incidents"] = DriveAsync,
                ["evidence"] = token => rounds.RunAsync(Evidence(), token),
                ["reviews"] = token => rounds.RunAsync(Reviews(), token),
                ["model"] = token => rounds.RunAsync(Model(), token),
            },
            stoppingToken);

        async Task DriveAsync(CancellationToken cancellationToken)
        {
            if (!isTakenUp)
            {
                await TakeUpAsync(cancellationToken);
                isTakenUp = true;
            }

            await rounds.RunAsync(Stalled(), cancellationToken);
        }
    }

    // Once, and by itself: a failure to drive one incident must not take claims from those who draw by then.
    private async Task TakeUpAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IncidentsContext>();
        var now = time.GetUtcNow();
        await store.Incidents.Where(IncidentProgress.IsUnfinished).ExecuteUpdateAsync(set => set.SetProperty(i => i.DriveAt, now), cancellationToken);

        // Whoever drew is gone with the process before this one.
        await store.Incidents.Where(i => i.DrawClaimedUntil > now).ExecuteUpdateAsync(set => set.SetProperty(i => i.DrawClaimedUntil, now), cancellationToken);
    }

    private OwedWork<Incident> Stalled() => new(
        "stalled incidents",
        incident => incident.Id,
        (store, now, cancellationToken) => store.Incidents.Stalled(now).OrderBy(i => i.DriveAt).Take(BatchSize).WithoutJson().ToListAsync(cancellationToken),
        async (store, incident, now, cancellationToken) =>
        {
            var (driveAt, drives) = IncidentProgress.AfterDrive(incident, now);
            return await store.Incidents.Where(i => i.Id == incident.Id && i.DriveAt == incident.DriveAt)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.DriveAt, driveAt).SetProperty(i => i.Drives, drives), cancellationToken) == 1;
        },
        (services, incident, cancellationToken) => DriveAsync(services.GetRequiredService<IncidentsContext>(), incident, cancellationToken));

    private OwedWork<Incident> Evidence() => new(
        "evidence",
        incident => incident.Id,
        async (store, now, cancellationToken) =>
        {
            await store.Incidents.Where(i => i.EvidenceRetryAt <= now && i.ResolvedAt != null)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.EvidenceRetryAt, (DateTimeOffset?)null), cancellationToken);
            return await store.Incidents.Where(i => i.EvidenceRetryAt <= now).OrderBy(i => i.EvidenceRetryAt).Take(BatchSize).WithoutJson().ToListAsync(cancellationToken);
        },
        async (store, incident, now, cancellationToken) => await store.Incidents.Where(i => i.Id == incident.Id && i.EvidenceRetryAt == incident.EvidenceRetryAt)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.EvidenceRetryAt, now + RetryLease), cancellationToken) == 1,
        ReadClusterAgainAsync)
    {
        AtOnce = MostReading,
    };

    private OwedWork<Incident> Reviews() => new(
        "reviews",
        incident => incident.Id,
        async (store, now, cancellationToken) =>
        {
            await store.Incidents.Where(i => i.ReviewAt <= now && i.ResolvedAt != null)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.ReviewAt, (DateTimeOffset?)null), cancellationToken);
            return await store.Incidents.Where(i => i.ReviewAt <= now).OrderBy(i => i.ReviewAt).Take(BatchSize).WithoutJson().ToListAsync(cancellationToken);
        },
        async (store, incident, now, cancellationToken) =>
        {
            var (seen, lease) = (incident.ReviewAt, now + RetryLease);
            incident.ReviewAt = lease;
            return await store.Incidents.Where(i => i.Id == incident.Id && i.ReviewAt == seen)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.ReviewAt, lease), cancellationToken) == 1;
        },
        ReviewAsync)
    {
        AtOnce = MostReading,
    };

    private OwedWork<Incident> Model() => new(
        "model",
        incident => incident.Id,
        async (store, now, cancellationToken) =>
        {
            await store.Incidents.Where(i => i.ModelRetryAt <= now && i.ResolvedAt != null)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.ModelRetryAt, (DateTimeOffset?)null), cancellationToken);
            return await store.Incidents.Where(i => i.ModelRetryAt <= now).OrderBy(i => i.ModelRetryAt).Take(BatchSize).WithoutJson().ToListAsync(cancellationToken);
        },
        async (store, incident, now, cancellationToken) => await store.Incidents.Where(i => i.Id == incident.Id && i.ModelRetryAt == incident.ModelRetryAt)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.ModelRetryAt, now + RetryLease), cancellationToken) == 1,
        async (services, incident, cancellationToken) =>
        {
            using var span = Traces.Continue("watchdog model", incident.Traceparent, incident.Id);
            Log.AskedAgain(logger, incident.Id);
            if (!await TryPublishContextAsync(services.GetRequiredService<IncidentsContext>(), incident, cancellationToken))
            {
                await ReadClusterAgainAsync(services, incident, cancellationToken);
            }
        });

    private async Task DriveAsync(IncidentsContext store, Incident incident, CancellationToken cancellationToken)
    {
        using var span = Traces.Continue("watchdog drive", incident.Traceparent, incident.Id);
        var now = time.GetUtcNow();

        // The message first: asking for it reads nothing that could be unreadable, and a stage that cannot be asked must not keep it from people.
        foreach (var owed in IncidentProgress.Owed(incident, now).Where(owed => owed.At <= now).OrderByDescending(owed => owed.Step == IncidentStep.Redraw))
        {
            await (owed.Step switch
            {
                IncidentStep.Enrich => PublishAlertAsync(store, incident, cancellationToken),
                IncidentStep.Analyse => DriveAnalysisAsync(store, incident, cancellationToken),
                IncidentStep.Redraw => PublishChangeAsync(incident, cancellationToken),

                // Remediation's own watch has it.
                _ => Task.CompletedTask,
            });
        }
    }

    private async Task PublishAlertAsync(IncidentsContext store, Incident incident, CancellationToken cancellationToken)
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

    private async Task DriveAnalysisAsync(IncidentsContext store, Incident incident, CancellationToken cancellationToken)
    {
        Log.Driven(logger, incident.Id, "analysis");
        if (!await TryPublishContextAsync(store, incident, cancellationToken))
        {
            // What it is to be analysed from is gathered once more.
            await PublishAlertAsync(store, incident, cancellationToken);
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

    private async Task ReadClusterAgainAsync(IServiceProvider services, Incident incident, CancellationToken cancellationToken)
    {
        var begun = time.GetUtcNow();
        var emissions = await services.GetRequiredService<Enricher>().ReadAgainAsync(incident, cancellationToken);
        using var span = emissions.Count > 0 ? Traces.Continue("watchdog evidence", incident.Traceparent, incident.Id, begun) : null;
        foreach (var emission in emissions)
        {
            await bus.Publish(emission.Message, emission.Message.GetType(), publish => publish.MessageId = emission.Id, cancellationToken);
        }
    }

    private async Task ReviewAsync(IServiceProvider services, Incident incident, CancellationToken cancellationToken)
    {
        var begun = time.GetUtcNow();
        if (await services.GetRequiredService<Enricher>().ReviewAsync(incident, cancellationToken) is { } context)
        {
            using var span = Traces.Continue("watchdog review", incident.Traceparent, incident.Id, begun);
            await bus.Publish(context, publish => publish.MessageId = MessageIds.For(incident.Id, nameof(ContextEnriched), context.Revision), cancellationToken);
        }
    }

    /// <returns>False when there is no context that this version can read.</returns>
    private async Task<bool> TryPublishContextAsync(IncidentsContext store, Incident incident, CancellationToken cancellationToken)
    {
        var json = await store.Incidents.Where(i => i.Id == incident.Id).Select(i => i.ContextJson).SingleAsync(cancellationToken);
        if (StoredJson.TryRead<ContextEnriched>(json) is not { } context)
        {
            return false;
        }

        await bus.Publish(
            context, publish => publish.MessageId = MessageIds.For(incident.Id, nameof(ContextEnriched), context.Revision), cancellationToken);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Incident {IncidentId} made no progress and is driven to {Stage} again")]
        public static partial void Driven(ILogger logger, Guid incidentId, string stage);

        [LoggerMessage(Level = LogLevel.Information, Message = "Incident {IncidentId}: the model is asked again")]
        public static partial void AskedAgain(ILogger logger, Guid incidentId);
    }
}
