using AlertResponder.Contracts;
using Microsoft.EntityFrameworkCore;

namespace AlertResponder.Incidents;

/// <summary>Reads what the message is drawn from.</summary>
public static class IncidentSnapshots
{
    private const int MostRemediations = 100;
    private const int MostFiring = 200;
    private const int MostResolved = 100;

    // Of nearly every incident: it takes one query then instead of three.
    private const int Few = 50;

    /// <summary>The incident as it is now; null when there is none by this id.</summary>
    public static async Task<IncidentSnapshot?> ReadSnapshotAsync(this IncidentsContext context, Guid incidentId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);

        // The incident first: what the other reads add to this version can only be newer, and brings a redraw of its own.
        var incident = await context.Incidents.AsNoTracking().SingleOrDefaultAsync(i => i.Id == incidentId, cancellationToken);
        if (incident is null)
        {
            return null;
        }

        var few = await context.FewAlertsAsync(incidentId, cancellationToken);
        var alerts = few ?? await context.NewestAlertsAsync(incidentId, MostFiring, MostResolved, cancellationToken);
        var counts = few is not null
            ? [.. few.GroupBy(a => (a.Name, a.Status)).Select(same => new Tally(same.Key.Name, same.Key.Status, same.Count(), same.Min(a => a.StartsAt)))]
            : await context.Alerts.Where(a => a.IncidentId == incidentId).GroupBy(a => new { a.Name, a.Status })
                .Select(same => new Tally(same.Key.Name, same.Key.Status, same.Count(), same.Min(a => a.StartsAt))).ToListAsync(cancellationToken);
        var remediations = await context.Remediations.Where(r => r.IncidentId == incidentId && r.Reply == null && r.ForRequesterOnly != true)
            .OrderByDescending(r => r.CompletedAt).Take(MostRemediations).Select(r => r.Json).ToListAsync(cancellationToken);
        var isOpen = incident.ResolvedAt is null;
        var proposals = await context.Proposals.AsNoTracking()
            .Where(p => p.IncidentId == incidentId && (p.RequestedBy != null || (isOpen && p.State == ProposalState.Offered)))
            .ToListAsync(cancellationToken);
        var read = alerts.Select(alert => StoredJson.TryRead<AlertReceived>(alert.ReceivedJson)).ToList();
        var received = alerts.Zip(read, (alert, message) => message ?? FromRow(alert)).ToList();
        var recordedContext = StoredJson.TryRead<ContextEnriched>(incident.ContextJson);
        var recordedAnalysis = StoredJson.TryRead<AnalysisCompleted>(incident.AnalysisJson);
        var completed = remediations.AsEnumerable().Reverse().Select(StoredJson.TryRead<RemediationCompleted>).ToList();
        var offered = proposals.OrderBy(p => p.Revision).ThenBy(p => p.CreatedAt).ThenBy(p => p.Position).Select(TryToSnapshot).ToList();
        return new IncidentSnapshot(
            incident.Id,
            incident.Subject(),
            incident.Revision,
            incident.Version,
            incident.OpenedAt,
            incident.ResolvedAt,
            incident.Reopened,
            incident.ExternalUrl,
            [.. alerts.Zip(received, (alert, message) => new IncidentAlertSnapshot(alert.ToAlert(message), alert.Repeats, message.Confirmed))],
            recordedContext,
            recordedAnalysis,
            [.. completed.OfType<RemediationCompleted>()],
            TruncatedAlerts(received))
        {
            ContinuedIn = incident.ContinuedIn is { } next
                ? (await context.Incidents.Where(i => i.Id == next).WithoutJson().SingleOrDefaultAsync(cancellationToken))?.Subject()
                : null,
            AlertCounts =
            [
                .. counts.GroupBy(count => count.Name, StringComparer.Ordinal)
                    .OrderBy(same => same.Min(count => count.Since)).ThenBy(same => same.Key, StringComparer.Ordinal)
                    .Select(same => new AlertCount(
                        same.Key,
                        same.Where(count => count.Status == AlertStatus.Firing).Sum(count => count.Count),
                        same.Where(count => count.Status == AlertStatus.Resolved).Sum(count => count.Count))),
            ],
            MessageNumber = incident.MessageNumber ?? 0,
            Continued = incident is { ContinuedFrom: { } channel, ContinuedBecause: { } reason } ? new ContinuedMessage(channel, reason) : null,
            Proposals = [.. offered.OfType<ProposalSnapshot>()],
            IsIncomplete = (recordedContext is null && incident.ContextJson is not null)
                || (recordedAnalysis is null && incident.AnalysisJson is not null)
                || read.Contains(null)
                || completed.Contains(null)
                || offered.Contains(null),
        };
    }

    /// <summary>What the incident owes.</summary>
    public static async Task<NextStep> ReadNextStepAsync(
        this IncidentsContext context, Guid incidentId, DateTimeOffset now, bool proposes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var incident = await context.Incidents.Where(i => i.Id == incidentId).WithoutJson().SingleOrDefaultAsync(cancellationToken);
        var verifyAt = await context.Proposals.Where(p => p.IncidentId == incidentId && p.RequestedBy != null).MinAsync(p => p.DueAt, cancellationToken);
        return incident is null ? new NextStep(IncidentStep.Nothing) : IncidentProgress.Next(incident, now, verifyAt, proposes);
    }

    /// <summary>An incident's alerts, oldest first: of those that fire and of those that are over the newest, an incident can have thousands of either.</summary>
    public static async Task<IReadOnlyList<IncidentAlert>> ReadAlertsAsync(
        this IncidentsContext context, Guid incidentId, int mostFiring, int mostResolved, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Few <= Math.Min(mostFiring, mostResolved) && await context.FewAlertsAsync(incidentId, cancellationToken) is { } few
            ? few
            : await context.NewestAlertsAsync(incidentId, mostFiring, mostResolved, cancellationToken);
    }

    /// <summary>The incident's subject.</summary>
    public static Subject Subject(this Incident incident)
    {
        ArgumentNullException.ThrowIfNull(incident);
        return new Subject(incident.SubjectKind, incident.SubjectNamespace, incident.SubjectName, incident.SubjectCluster);
    }

    /// <summary>The proposal as people see it.</summary>
    public static ProposalSnapshot ToSnapshot(this Proposal proposal)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        return new ProposalSnapshot(
            proposal.Id,
            proposal.Revision,
            StoredJson.Read<SuggestedAction>(proposal.ActionJson),
            proposal.Title,
            proposal.Risk,
            proposal.Diff,
            proposal.ShortDiff,
            proposal.Caution,
            proposal.State,
            proposal.Progress,
            proposal.UndoJson is not null
                && proposal.State is ProposalState.Applied or ProposalState.RollingOut or ProposalState.Verified or ProposalState.Ineffective,
            proposal.RequestedBy,
            proposal.ApprovedBy,
            proposal.UndoneBy,
            proposal.ExpiresAt,
            proposal.RequestedAt,
            proposal.AppliedAt,
            proposal.EndedAt);
    }

    private static ProposalSnapshot? TryToSnapshot(Proposal proposal) =>
        StoredJson.TryRead<SuggestedAction>(proposal.ActionJson) is null ? null : proposal.ToSnapshot();

    // What the row itself says of an alert whose message cannot be read.
    private static AlertReceived FromRow(IncidentAlert alert) => new(
        new Alert(
            alert.Fingerprint,
            alert.Status,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["alertname"] = alert.Name },
            new Dictionary<string, string>(StringComparer.Ordinal),
            alert.StartsAt,
            alert.EndsAt,
            GeneratorUrl: null,
            alert.Severity),
        GroupKey: "",
        Receiver: "",
        ExternalUrl: null,
        alert.ReceivedAt);

    /// <summary>The alert in its present state.</summary>
    public static Alert ToAlert(this IncidentAlert alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return alert.ToAlert(StoredJson.TryRead<AlertReceived>(alert.ReceivedJson) ?? FromRow(alert));
    }

    private static Alert ToAlert(this IncidentAlert alert, AlertReceived received) => received.Alert with { Status = alert.Status, EndsAt = alert.EndsAt };

    /// <returns>All of the incident's alerts, oldest first, in one query; null when there are too many for that, or none.</returns>
    private static async Task<IReadOnlyList<IncidentAlert>?> FewAlertsAsync(this IncidentsContext context, Guid incidentId, CancellationToken cancellationToken)
    {
        // They are counted in the same query, as far as that matters and in the index alone: of too many no row is read.
        var few = await context.Alerts.AsNoTracking()
            .Where(a => a.IncidentId == incidentId && !context.Alerts.Where(other => other.IncidentId == incidentId).OrderBy(other => other.IncidentId).Skip(Few).Any())
            .ToListAsync(cancellationToken);
        return few.Count > 0 ? OldestFirst(few) : null;
    }

    private static async Task<IReadOnlyList<IncidentAlert>> NewestAlertsAsync(
        this IncidentsContext context, Guid incidentId, int mostFiring, int mostResolved, CancellationToken cancellationToken)
    {
        var firing = await NewestAsync(AlertStatus.Firing, mostFiring);
        var resolved = await NewestAsync(AlertStatus.Resolved, mostResolved);
        return OldestFirst(firing.Concat(resolved));

        Task<List<IncidentAlert>> NewestAsync(AlertStatus status, int most) => context.Alerts.AsNoTracking()
            .Where(a => a.IncidentId == incidentId && a.Status == status)
            .OrderByDescending(a => a.StartsAt).ThenByDescending(a => a.Fingerprint).Take(most).ToListAsync(cancellationToken);
    }

    private static IReadOnlyList<IncidentAlert> OldestFirst(IEnumerable<IncidentAlert> alerts) =>
        [.. alerts.OrderBy(a => a.StartsAt).ThenBy(a => a.Fingerprint, StringComparer.Ordinal)];

    // Every alert of a group says it of the whole group, and the newest knows best.
    private static long TruncatedAlerts(IEnumerable<AlertReceived> received) => received
        .GroupBy(message => message.GroupKey, StringComparer.Ordinal)
        .Sum(group => (long)group.MaxBy(message => message.ReceivedAt)!.TruncatedAlerts);

    private sealed record Tally(string Name, AlertStatus Status, int Count, DateTimeOffset Since);
}
