using AlertResponder.Contracts;
using AlertResponder.Enrichment.Cluster;
using AlertResponder.Enrichment.Correlation;
using AlertResponder.Enrichment.Gathering;
using AlertResponder.Enrichment.Subjects;
using AlertResponder.Incidents;
using AlertResponder.Resilience.Failures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AlertResponder.Enrichment;

/// <summary>Takes an alert to its incident and, where that makes a new revision, to fresh evidence.</summary>
/// <remarks>State first, then emission: a redelivered alert finds its state and emits the same again.</remarks>
internal sealed partial class Enricher(
    IncidentsContext store,
    Correlator correlator,
    GuessedSubjects guesses,
    ClusterConnection cluster,
    IOptions<EnrichmentOptions> options,
    [FromKeyedServices(StoreTime.Key)] TimeProvider time,
    ILogger<Enricher> logger)
{
    /// <summary>For subject and evidence together; with the analysis' 30 s it keeps Slack's 60 s.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    // Of those that fire, and of those that are over.
    private const int MostAlerts = 100;

    public async Task<IReadOnlyList<Emission>> EnrichAsync(AlertReceived received, CancellationToken cancellationToken)
    {
        var alert = received.Alert;
        if (CorrelationRule.IsIgnored(alert, options.Value.IgnoredAlerts) && !await correlator.KnowsAsync(alert, cancellationToken))
        {
            await correlator.LeaveInboxAsync(alert, cancellationToken);
            EnrichmentMetrics.Ignored();
            Log.Ignored(logger, alert.Name());
            return [];
        }

        using var deadline = new CancellationTokenSource(Deadline, time);
        using var reads = new ClusterReads(cluster, time, deadline.Token, cancellationToken, of: alert.Cluster());
        var correlated = await correlator.CorrelateAsync(received, () => ResolveAsync(alert, reads), cancellationToken);
        EnrichmentMetrics.Correlated(correlated.Outcome);
        if (correlated.IncidentId is not { } incidentId)
        {
            Log.Remembered(logger, alert.Name(), alert.Fingerprint);
            return [];
        }

        using var scope = logger.BeginIncident(incidentId);
        Log.Correlated(logger, alert.Name(), alert.Fingerprint, alert.Status, correlated.Outcome, correlated.Revision);
        return
        [
            .. await ChangeAsync(correlated, incidentId, cancellationToken),
            .. await RevisionAsync(alert, incidentId, reads, cancellationToken),
        ];
    }

    // Within a read that failed there may have been the owner: what the cluster did not say is guessed from names.
    private static async Task<ResolvedSubject> ResolveAsync(Alert alert, ClusterReads reads)
    {
        var subject = await SubjectResolver.ResolveAsync(alert, reads);
        return new ResolvedSubject(subject, IsGuess: reads.ReadAgainAt is not null);
    }

    // What the message shows has changed, or had and nobody has drawn it yet.
    private async Task<IReadOnlyList<Emission>> ChangeAsync(Correlated correlated, Guid incidentId, CancellationToken cancellationToken)
    {
        var change = correlated.Outcome switch
        {
            CorrelationOutcome.Joined or CorrelationOutcome.Revised or CorrelationOutcome.AlertResolved => IncidentChange.Joined,
            CorrelationOutcome.IncidentResolved => IncidentChange.Resolved,
            CorrelationOutcome.Reopened => IncidentChange.Reopened,
            _ => (IncidentChange?)null,
        };
        if (change is null && correlated.Outcome == CorrelationOutcome.Repeat
            && await store.Incidents.Where(IncidentProgress.IsUndrawn).AnyAsync(i => i.Id == incidentId && i.AnalyzedRevision > 0, cancellationToken))
        {
            change = IncidentChange.Joined;
        }

        return change is { } happened
            ? [new Emission(MessageIds.For(incidentId, nameof(IncidentChanged), correlated.Version), new IncidentChanged(incidentId, correlated.Revision, happened))]
            : [];
    }

    private async Task<IReadOnlyList<Emission>> RevisionAsync(Alert alert, Guid incidentId, ClusterReads reads, CancellationToken cancellationToken)
    {
        // Only the alert that made the present revision gathers for it, or, where that is part of another incident by now, the one that made
        // the last before; 24 others of its storm do not.
        var incident = await store.Incidents
            .Where(i => i.Id == incidentId && i.AnalyzedRevision < i.Revision
                && store.Alerts.Any(a => a.IncidentId == i.Id && a.Fingerprint == alert.Fingerprint && a.StartsAt == alert.StartsAt
                    && !store.Alerts.Any(other => other.IncidentId == i.Id && other.Revision > a.Revision)))
            .WithoutJson().SingleOrDefaultAsync(cancellationToken);
        if (incident is null)
        {
            return [];
        }

        var context = incident.EnrichedRevision >= incident.Revision
            ? await RecordedAsync(incident, reads, cancellationToken)
            : await GatherAsync(incident, reads, unreadable: null, cancellationToken);
        return [new Emission(MessageIds.For(incidentId, nameof(ContextEnriched), context.Revision), context)];
    }

    /// <summary>
    /// Reads again what the cluster did not give when the incident was enriched. What can be read now makes a new revision, whose
    /// analysis replaces the one that had to do without. A subject that was guessed is resolved first.
    /// </summary>
    /// <returns>What to publish: the new revision's context, unless there is still nothing better.</returns>
    public async Task<IReadOnlyList<Emission>> ReadAgainAsync(Incident incident, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginIncident(incident.Id);
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var reads = new ClusterReads(cluster, time, deadline.Token, cancellationToken, fresh: true, incident.SubjectCluster);
        IReadOnlyList<Emission> changed = [];
        if (incident.SubjectIsGuess == true)
        {
            (var isCertain, changed) = await guesses.ResolveAsync(incident, reads, cancellationToken);
            if (!isCertain)
            {
                await OweAsync(incident, reads, cancellationToken);
                return changed;
            }

            incident = await store.Incidents.Where(i => i.Id == incident.Id).WithoutJson().SingleAsync(cancellationToken);
        }

        return await ReviseAsync(incident, reads, cancellationToken) is { } context
            ? [.. changed, new Emission(MessageIds.For(incident.Id, nameof(ContextEnriched), context.Revision), context)]
            : changed;
    }

    private async Task OweAsync(Incident incident, ClusterReads reads, CancellationToken cancellationToken)
    {
        if (reads.ReadAgainAt is { } again)
        {
            await store.Incidents.Where(i => i.Id == incident.Id).ExecuteUpdateAsync(set => set.SetProperty(i => i.EvidenceRetryAt, again), cancellationToken);
        }
    }

    /// <returns>The context of a new revision; null when there is nothing better than before.</returns>
    private async Task<ContextEnriched?> ReviseAsync(Incident incident, ClusterReads reads, CancellationToken cancellationToken)
    {
        var context = await ReadAsync(incident, reads, incident.Revision + 1, cancellationToken);
        if (reads.ReadAgainAt is not null)
        {
            await OweAsync(incident, reads, cancellationToken);
            return null;
        }

        return await TryReviseAsync(incident, context, readAgainAt: null, cancellationToken);
    }

    /// <summary>
    /// Sees whether the diagnosis is about what is over, after an alert of several has resolved. Then the cluster is read again, for a new
    /// revision that is about what still fires.
    /// </summary>
    /// <returns>The new revision's context; null when there is nothing to put right, or not yet.</returns>
    public async Task<ContextEnriched?> ReviewAsync(Incident incident, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginIncident(incident.Id);
        if (incident.AnalyzedRevision < incident.Revision)
        {
            var later = time.GetUtcNow() + CorrelationRule.ReviewAfter;
            await SetReviewAsync(incident, later, cancellationToken);
            return null;
        }

        var recorded = await store.Incidents.Where(i => i.Id == incident.Id).Select(i => new { i.ContextJson, i.AnalysisJson }).SingleAsync(cancellationToken);
        var rows = await store.ReadAlertsAsync(incident.Id, MostAlerts, MostAlerts, cancellationToken);
        var (about, analysis) = (StoredJson.TryRead<ContextEnriched>(recorded.ContextJson), StoredJson.TryRead<AnalysisCompleted>(recorded.AnalysisJson));
        if (about is null || analysis is null)
        {
            Log.Unreadable(logger, incident.Revision);
        }
        else if (StandingAlerts.IsAboutWhatIsOver(analysis, about, incident.Subject(), [.. rows.Select(row => row.ToAlert())]))
        {
            Log.AboutWhatIsOver(logger, incident.Revision);
        }
        else
        {
            await SetReviewAsync(incident, null, cancellationToken);
            return null;
        }

        using var deadline = new CancellationTokenSource(Deadline, time);
        using var reads = new ClusterReads(cluster, time, deadline.Token, cancellationToken, fresh: true, incident.SubjectCluster);
        var context = await ReadAsync(incident, reads, incident.Revision + 1, cancellationToken);
        var revised = await TryReviseAsync(incident, context, reads.ReadAgainAt, cancellationToken);
        await SetReviewAsync(incident, null, cancellationToken);
        return revised;
    }

    // Unless another alert has resolved meanwhile, which asks for a look of its own.
    private Task SetReviewAsync(Incident incident, DateTimeOffset? at, CancellationToken cancellationToken) =>
        store.Incidents.Where(i => i.Id == incident.Id && i.ReviewAt == incident.ReviewAt).ExecuteUpdateAsync(set => set.SetProperty(i => i.ReviewAt, at), cancellationToken);

    private async Task<ContextEnriched?> TryReviseAsync(Incident incident, ContextEnriched context, DateTimeOffset? readAgainAt, CancellationToken cancellationToken)
    {
        var json = StoredJson.Write(context);

        // Of the row as it is then: while the cluster was read the watchdog may have driven it.
        var driveAt = IncidentProgress.LookAgain(context.EnrichedAt);
        await using var transaction = await store.BeginExclusiveAsync(incident.SubjectKey, cancellationToken);
        var revised = await store.Incidents.Where(i => i.Id == incident.Id && i.Revision == incident.Revision).ExecuteUpdateAsync(
            set => set
                .SetProperty(i => i.ContextJson, json)
                .SetProperty(i => i.Revision, context.Revision)
                .SetProperty(i => i.EnrichedRevision, context.Revision)
                .SetProperty(i => i.EvidenceRetryAt, readAgainAt)
                .SetProperty(i => i.Version, i => i.Version + 1)
                .SetProperty(i => i.DriveAt, driveAt)
                .SetProperty(i => i.Drives, 0),
            cancellationToken);

        // The alert that made the revision makes the new one: it is the one that is driven again.
        await store.Alerts.Where(a => a.IncidentId == incident.Id && a.Revision == incident.Revision)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.Revision, context.Revision), cancellationToken);
        if (revised == 0)
        {
            return null;
        }

        await transaction.CommitAsync(cancellationToken);
        Log.Gathered(logger, context.Revision, context.Evidence.Count, context.Unread.Count);
        return context;
    }

    /// <param name="incident">The incident.</param>
    /// <param name="reads">The cluster.</param>
    /// <param name="unreadable">What is recorded of the revision and cannot be read; null when nothing is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    private async Task<ContextEnriched> GatherAsync(Incident incident, ClusterReads reads, string? unreadable, CancellationToken cancellationToken)
    {
        var context = await ReadAsync(incident, reads, incident.Revision, cancellationToken);
        var json = StoredJson.Write(context);

        // Of the row as it is then: while the cluster was read the watchdog may have driven it.
        var driveAt = IncidentProgress.LookAgain(context.EnrichedAt);

        // A guess is resolved as soon as the cluster answers, which it may do by now.
        var againAt = reads.ReadAgainAt ?? (incident.SubjectIsGuess == true ? context.EnrichedAt : null);
        var recorded = await store.Incidents
            .Where(i => i.Id == incident.Id && (i.EnrichedRevision < context.Revision || (i.EnrichedRevision == context.Revision && i.ContextJson == unreadable)))
            .ExecuteUpdateAsync(
            set => set
                .SetProperty(i => i.ContextJson, json)
                .SetProperty(i => i.EnrichedRevision, context.Revision)
                .SetProperty(i => i.EvidenceRetryAt, againAt)
                .SetProperty(i => i.DriveAt, driveAt)
                .SetProperty(i => i.Drives, 0),
            cancellationToken);
        if (recorded == 0)
        {
            // Another worker was first: what it recorded is what the message's citations are looked up in.
            return StoredJson.Read<ContextEnriched>((await ContextJsonAsync(incident.Id, cancellationToken))!);
        }

        Log.Gathered(logger, context.Revision, context.Evidence.Count, context.Unread.Count);
        return context;
    }

    // What cannot be read is as good as not gathered: a newer version may have written it, or a hand.
    private async Task<ContextEnriched> RecordedAsync(Incident incident, ClusterReads reads, CancellationToken cancellationToken)
    {
        var json = await ContextJsonAsync(incident.Id, cancellationToken);
        return StoredJson.TryRead<ContextEnriched>(json) ?? await GatherAsync(incident, reads, unreadable: json, cancellationToken);
    }

    private Task<string?> ContextJsonAsync(Guid incidentId, CancellationToken cancellationToken) =>
        store.Incidents.Where(i => i.Id == incidentId).Select(i => i.ContextJson).SingleAsync(cancellationToken);

    private async Task<ContextEnriched> ReadAsync(Incident incident, ClusterReads reads, int revision, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var rows = await store.ReadAlertsAsync(incident.Id, MostAlerts, MostAlerts, cancellationToken);
        var alerts = AlertBounds.Keep([.. rows.Select(row => row.ToAlert())]);
        var evidence = await new EvidenceGatherer(incident.Subject(), alerts.Standing(), reads).GatherAsync();
        UnreadSource[] leftOut = evidence.LeftOut > 0
            ? [new UnreadSource($"{evidence.LeftOut} further pieces of evidence", $"a message holds {EvidenceList.MaxBytes / 1024} KiB")]
            : [];
        var context = new ContextEnriched(
            incident.Id, revision, incident.Subject(), alerts, evidence.Items, [.. reads.Unread, .. leftOut], time.GetUtcNow(), reads.ConnectedInstead, reads.IsClusterAssumed);
        EnrichmentMetrics.Gathered(context, time.GetElapsedTime(start));
        foreach (var (what, error) in reads.Failures)
        {
            EnrichmentMetrics.Failed();
            Log.Failed(logger, what, new UnquotedException(error));
        }

        return context;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "Alert {Name} opens no incident by configuration")]
        public static partial void Ignored(ILogger logger, string name);

        [LoggerMessage(Level = LogLevel.Error, Message = "Reading failed and the evidence does without: {What}")]
        public static partial void Failed(ILogger logger, string what, Exception failure);

        [LoggerMessage(Level = LogLevel.Information, Message = "Alert {Name} ({Fingerprint}) was resolved before it was seen firing")]
        public static partial void Remembered(ILogger logger, string name, string fingerprint);

        [LoggerMessage(Level = LogLevel.Information, Message = "Alert {Name} ({Fingerprint}) {Status}: {Outcome}, revision {Revision}")]
        public static partial void Correlated(ILogger logger, string name, string fingerprint, AlertStatus status, CorrelationOutcome outcome, int revision);

        [LoggerMessage(Level = LogLevel.Information, Message = "Revision {Revision} is about what is over, while other alerts still fire: read again")]
        public static partial void AboutWhatIsOver(ILogger logger, int revision);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Revision {Revision} is recorded in a way that cannot be read: read again")]
        public static partial void Unreadable(ILogger logger, int revision);

        [LoggerMessage(Level = LogLevel.Information, Message = "Revision {Revision}: {Evidence} pieces of evidence, {Unread} sources unread")]
        public static partial void Gathered(ILogger logger, int revision, int evidence, int unread);
    }
}
