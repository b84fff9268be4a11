using AlertResponder.Contracts;
using AlertResponder.Incidents;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AlertResponder.Enrichment.Correlation;

/// <summary>Makes an alert part of an incident, in one transaction with its departure from the inbox.</summary>
internal sealed class Correlator(IncidentsContext store, [FromKeyedServices(StoreTime.Key)] TimeProvider time)
{
    /// <param name="received">The alert.</param>
    /// <param name="resolveSubject">Asks the cluster; called for firing alerts only whose incident their own history does not tell.</param>
    /// <param name="cancellationToken">Ends it; the transaction then has not happened.</param>
    public async Task<Correlated> CorrelateAsync(AlertReceived received, Func<Task<ResolvedSubject>> resolveSubject, CancellationToken cancellationToken)
    {
        var subject = await SubjectAsync(received, resolveSubject, cancellationToken);
        var key = subject is null ? $"alert/{received.Alert.Fingerprint}" : SubjectKey.For(subject.Subject);

        await using var transaction = await store.BeginExclusiveAsync(key, cancellationToken);
        store.ChangeTracker.Clear();
        var rows = await RowsAsync(received.Alert, cancellationToken);
        if (subject is null && rows.Any(row => row.IncidentId is not null))
        {
            // Its firing was recorded between our look and our lock, which is not its incident's.
            await transaction.RollbackAsync(cancellationToken);
            await transaction.DisposeAsync();
            return await CorrelateAsync(received, resolveSubject, cancellationToken);
        }

        // As it came it stands in the inbox.
        var arrived = received.Alert;
        received = WithKnownStart(received, rows);
        var known = rows.SingleOrDefault(row => row.StartsAt == received.Alert.StartsAt);
        var ended = rows.Where(row => row != known && CorrelationRule.Ends(received, row.StartsAt)).ToList();
        var incident = await IncidentAsync(received, known, ended, key, subject?.IsGuess == true, cancellationToken);
        if (incident is not null)
        {
            store.Attach(incident);
        }

        ended.RemoveAll(row => row.IncidentId != incident?.Id);
        var outcome = CorrelationRule.Decide(received, await StateAsync(known, ended, incident, cancellationToken), time.GetUtcNow());
        incident = Apply(outcome, received, known, ended, incident, subject);
        await store.SaveChangesAsync(cancellationToken);
        await LeaveInboxAsync(arrived, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Traces.Link(incident?.Traceparent);
        return new Correlated(outcome, incident?.Id, incident?.Revision ?? 0, incident?.Version ?? 0);
    }

    /// <summary>Whether the alert is part of an incident.</summary>
    public Task<bool> KnowsAsync(Alert alert, CancellationToken cancellationToken) =>
        store.Alerts.AnyAsync(a => a.Fingerprint == alert.Fingerprint && a.StartsAt == alert.StartsAt && a.IncidentId != null, cancellationToken);

    /// <summary>Takes an alert that opens nothing out of the inbox.</summary>
    public Task LeaveInboxAsync(Alert alert, CancellationToken cancellationToken)
    {
        var messageId = MessageIds.For(alert);
        return store.Inbox.Where(entry => entry.MessageId == messageId).ExecuteDeleteAsync(cancellationToken);
    }

    // A label set stays with its incident, whatever the cluster says of it by now: its pod may be gone, or the API server.
    private async Task<ResolvedSubject?> SubjectAsync(AlertReceived received, Func<Task<ResolvedSubject>> resolveSubject, CancellationToken cancellationToken)
    {
        var rows = await RowsAsync(received.Alert, cancellationToken);
        received = WithKnownStart(received, rows);
        var alert = received.Alert;
        var known = rows.SingleOrDefault(row => row.StartsAt == alert.StartsAt);
        if ((known?.IncidentId ?? rows.Where(row => row.IncidentId is not null).MaxBy(row => row.StartsAt)?.IncidentId) is { } incidentId)
        {
            return Of(await store.Incidents.Where(i => i.Id == incidentId).WithoutJson().SingleAsync(cancellationToken));
        }

        if (alert.Status == AlertStatus.Resolved || (known is not null && CorrelationRule.IsLate(received, known.ReceivedAt, known.LateSince)))
        {
            return null;
        }

        return await RecentSubjectAsync(alert, cancellationToken) ?? await resolveSubject();
    }

    private async Task<ResolvedSubject?> RecentSubjectAsync(Alert alert, CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow() - CorrelationRule.ReopenWindow;
        var last = store.Alerts.Where(a => a.Fingerprint == alert.Fingerprint && a.IncidentId != null)
            .OrderByDescending(a => a.StartsAt).Select(a => a.IncidentId!.Value).Take(1);
        var incident = await store.Incidents.Where(i => last.Contains(i.Id) && (i.ResolvedAt == null || i.ResolvedAt >= since))
            .WithoutJson().SingleOrDefaultAsync(cancellationToken);
        return incident is null ? null : Of(incident);
    }

    private static ResolvedSubject Of(Incident incident) => new(incident.Subject(), incident.SubjectIsGuess == true);

    // The alert itself, and whatever else fires under its fingerprint.
    private Task<List<IncidentAlert>> RowsAsync(Alert alert, CancellationToken cancellationToken) => store.Alerts
        .Where(a => a.Fingerprint == alert.Fingerprint && (a.StartsAt == alert.StartsAt || a.Status == AlertStatus.Firing)).ToListAsync(cancellationToken);

    private async Task<Incident?> IncidentAsync(
        AlertReceived received, IncidentAlert? known, List<IncidentAlert> ended, string key, bool isGuess, CancellationToken cancellationToken)
    {
        if (received.Alert.Status == AlertStatus.Firing
            && (known is null || (known.Status == AlertStatus.Resolved && !CorrelationRule.IsLate(received, known.ReceivedAt, known.LateSince))))
        {
            return await LatestAsync(key, isGuess, cancellationToken);
        }

        var id = known?.Status == AlertStatus.Firing ? known.IncidentId : ended.MaxBy(row => row.StartsAt)?.IncidentId ?? known?.IncidentId;
        return id is null ? null : await store.Incidents.Where(i => i.Id == id).WithoutJson().SingleAsync(cancellationToken);
    }

    private static AlertReceived WithKnownStart(AlertReceived received, IEnumerable<IncidentAlert> rows) =>
        CorrelationRule.WithKnownStart(received, rows.Where(row => row.Status == AlertStatus.Firing).Select(row => row.StartsAt));

    // A guess that was found to be wrong is as wrong the next time. Whatever truly is that subject has an incident of its own.
    private async Task<Incident?> LatestAsync(string key, bool isGuess, CancellationToken cancellationToken)
    {
        var latest = await store.Incidents.Where(i => i.SubjectKey == key && i.ResolvedAt == null).WithoutJson().SingleOrDefaultAsync(cancellationToken)
            ?? await store.Incidents.Where(i => i.SubjectKey == key && (isGuess || i.ContinuedIn == null))
                .OrderByDescending(i => i.ResolvedAt).WithoutJson().FirstOrDefaultAsync(cancellationToken);
        return latest?.ContinuedIn is { } next ? await store.Incidents.Where(i => i.Id == next).WithoutJson().SingleOrDefaultAsync(cancellationToken) : latest;
    }

    private async Task<CorrelationState> StateAsync(
        IncidentAlert? known, List<IncidentAlert> ended, Incident? incident, CancellationToken cancellationToken)
    {
        if (incident is null)
        {
            return new CorrelationState(known?.Status, known?.ReceivedAt, known?.LateSince, OpenNames: null, ResolvedAt: null, OthersFiring: 0, EndsOthers: false);
        }

        var alerts = store.Alerts.Where(a => a.IncidentId == incident.Id);
        var firing = await alerts.CountAsync(a => a.Status == AlertStatus.Firing, cancellationToken);
        var itself = known?.Status == AlertStatus.Firing && known.IncidentId == incident.Id ? 1 : 0;
        return new CorrelationState(
            known?.Status,
            known?.ReceivedAt,
            known?.LateSince,
            incident.ResolvedAt is null ? await store.AlertNamesAsync(incident.Id, cancellationToken) : null,
            incident.ResolvedAt,
            firing - itself - ended.Count,
            ended.Count > 0);
    }

    private Incident? Apply(
        CorrelationOutcome outcome, AlertReceived received, IncidentAlert? known, List<IncidentAlert> ended, Incident? incident, ResolvedSubject? subject)
    {
        if (outcome is not (CorrelationOutcome.Repeat or CorrelationOutcome.Late))
        {
            foreach (var row in ended)
            {
                row.Status = AlertStatus.Resolved;
                row.EndsAt = received.Alert.Status == AlertStatus.Firing ? received.Alert.StartsAt : received.Alert.EndsAt;
                row.ReceivedAt = received.ReceivedAt;
            }
        }

        switch (outcome)
        {
            case CorrelationOutcome.Repeat or CorrelationOutcome.Late:
                CountAgain(known!, received, outcome);
                return incident;

            case CorrelationOutcome.Remembered:
                Record(received, known, incident: null, revision: 0);
                return null;

            case CorrelationOutcome.Opened:
                incident = Open(received, subject!);
                Record(received, known, incident, incident.Revision);
                return incident;

            case CorrelationOutcome.Joined:
                // It may have made a revision of this incident before it resolved.
                Record(received, known, incident, known is not null && known.IncidentId == incident!.Id ? known.Revision : 0);
                break;

            case CorrelationOutcome.Revised:
                incident!.Revision++;
                incident.Traceparent = Traces.Current;
                Record(received, known, incident, incident.Revision);
                break;

            case CorrelationOutcome.Reopened:
                incident!.ResolvedAt = null;
                incident.Reopened++;
                incident.Revision++;
                incident.Traceparent = Traces.Current;
                Record(received, known, incident, incident.Revision);
                break;

            case CorrelationOutcome.AlertResolved or CorrelationOutcome.IncidentResolved:
                Record(received, known, known is null ? null : incident, known?.Revision ?? 0);
                if (outcome == CorrelationOutcome.IncidentResolved)
                {
                    incident!.ResolvedAt = time.GetUtcNow();
                }
                else
                {
                    incident!.ReviewAt = time.GetUtcNow() + CorrelationRule.ReviewAfter;
                }

                break;

            default:
                throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not an outcome.");
        }

        incident!.Version++;
        incident.DriveAt = IncidentProgress.LookAgain(incident, time.GetUtcNow());
        incident.Drives = 0;
        return incident;
    }

    private void CountAgain(IncidentAlert known, AlertReceived received, CorrelationOutcome outcome)
    {
        known.Repeats++;
        if (!CorrelationRule.IsAfter(received, known.ReceivedAt))
        {
            return;
        }

        if (outcome == CorrelationOutcome.Late)
        {
            // Whether it is an old one the next minute tells, also after a restart.
            known.LateSince ??= received.ReceivedAt;
            known.LateLookAt ??= time.GetUtcNow() + CorrelationRule.LateFirstLook;
        }
        else if (known.Status == AlertStatus.Firing)
        {
            known.MissingSince = null;
            if (known.ListedAt is not null)
            {
                // What a comparison concludes that asked before is overtaken.
                known.ReceivedAt = received.ReceivedAt;
            }
        }
        else
        {
            known.ReceivedAt = received.ReceivedAt;
            known.EndsAt = known.EndsAt > received.Alert.EndsAt ? known.EndsAt : received.Alert.EndsAt ?? known.EndsAt;
            if (known.LateSince <= received.ReceivedAt)
            {
                (known.LateSince, known.LateLookAt) = (null, null);
            }
        }
    }

    private Incident Open(AlertReceived received, ResolvedSubject resolved)
    {
        var now = time.GetUtcNow();
        var subject = resolved.Subject;
        var incident = new Incident
        {
            Id = Guid.CreateVersion7(now),
            SubjectKey = SubjectKey.For(subject),
            SubjectKind = subject.Kind,
            SubjectNamespace = subject.Namespace,
            SubjectName = subject.Name,
            SubjectCluster = subject.Cluster,
            SubjectIsGuess = resolved.IsGuess ? true : null,
            OpenedAt = now,
            Revision = 1,
            Version = 1,
            ExternalUrl = received.ExternalUrl,
            DriveAt = now + IncidentProgress.AloneAfter,
            Traceparent = Traces.Current,
        };
        store.Incidents.Add(incident);
        return incident;
    }

    private void Record(AlertReceived received, IncidentAlert? known, Incident? incident, int revision)
    {
        var row = known ?? store.Alerts.Add(new IncidentAlert
        {
            Fingerprint = received.Alert.Fingerprint,
            StartsAt = received.Alert.StartsAt,
            Name = IncidentAlert.NameOf(received.Alert),
            Severity = received.Alert.Severity,
        }).Entity;
        row.IncidentId = incident?.Id;
        row.Status = received.Alert.Status;
        row.EndsAt = received.Alert.EndsAt;
        row.ReceivedAt = received.ReceivedAt;
        (row.LateSince, row.LateLookAt, row.MissingSince) = (null, null, null);
        row.Revision = revision;
        row.BroughtBy(received);
    }
}
