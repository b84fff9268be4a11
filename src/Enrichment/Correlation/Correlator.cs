using AlertResponder.Contracts;
using AlertResponder.Incidents;
using Microsoft.EntityFrameworkCore;

namespace AlertResponder.Enrichment.Correlation;

/// <summary>Makes an alert part of an incident, in one transaction with its departure from the inbox.</summary>
internal sealed class Correlator(IncidentsContext store, TimeProvider time)
{
    /// <param name="received">The alert.</param>
    /// <param name="resolveSubject">Asks the cluster; called for new firing alerts only.</param>
    /// <param name="cancellationToken">Ends it; the transaction then has not happened.</param>
    public async Task<Correlated> CorrelateAsync(AlertReceived received, Func<Task<Subject>> resolveSubject, CancellationToken cancellationToken)
    {
        var alert = received.Alert;
        var subject = await SubjectAsync(alert, resolveSubject, cancellationToken);
        var key = subject is null ? $"alert/{alert.Fingerprint}" : SubjectKey.For(subject);

        await using var transaction = await store.BeginExclusiveAsync(key, cancellationToken);
        store.ChangeTracker.Clear();
        var known = await FindAsync(alert, cancellationToken);
        if (subject is null && known?.IncidentId is not null)
        {
            // Its firing was recorded between our look and our lock, which is not its incident's.
            await transaction.RollbackAsync(cancellationToken);
            await transaction.DisposeAsync();
            return await CorrelateAsync(received, resolveSubject, cancellationToken);
        }

        var incident = known is null
            ? subject is null ? null : await LatestAsync(key, cancellationToken)
            : await store.Incidents.SingleOrDefaultAsync(i => i.Id == known.IncidentId, cancellationToken);
        var outcome = CorrelationRule.Decide(alert, await StateAsync(known, incident, cancellationToken), time.GetUtcNow());
        incident = Apply(outcome, received, known, incident, subject);
        await store.SaveChangesAsync(cancellationToken);
        await LeaveInboxAsync(alert, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new Correlated(outcome, incident?.Id, incident?.Revision ?? 0, incident?.Version ?? 0);
    }

    /// <summary>Takes an alert that opens nothing out of the inbox.</summary>
    public Task LeaveInboxAsync(Alert alert, CancellationToken cancellationToken)
    {
        var messageId = MessageIds.For(alert);
        return store.Inbox.Where(entry => entry.MessageId == messageId).ExecuteDeleteAsync(cancellationToken);
    }

    // A known alert stays with its incident, whatever the cluster says by now.
    private async Task<Subject?> SubjectAsync(Alert alert, Func<Task<Subject>> resolveSubject, CancellationToken cancellationToken)
    {
        if (await FindAsync(alert, cancellationToken) is { } known)
        {
            var incident = await store.Incidents.AsNoTracking().SingleOrDefaultAsync(i => i.Id == known.IncidentId, cancellationToken);
            return incident?.Subject();
        }

        return alert.Status == AlertStatus.Resolved ? null : await resolveSubject();
    }

    private Task<IncidentAlert?> FindAsync(Alert alert, CancellationToken cancellationToken) =>
        store.Alerts.SingleOrDefaultAsync(a => a.Fingerprint == alert.Fingerprint && a.StartsAt == alert.StartsAt, cancellationToken);

    private async Task<Incident?> LatestAsync(string key, CancellationToken cancellationToken) =>
        await store.Incidents.SingleOrDefaultAsync(i => i.SubjectKey == key && i.ResolvedAt == null, cancellationToken)
        ?? await store.Incidents.Where(i => i.SubjectKey == key).OrderByDescending(i => i.ResolvedAt).FirstOrDefaultAsync(cancellationToken);

    private async Task<CorrelationState> StateAsync(IncidentAlert? known, Incident? incident, CancellationToken cancellationToken)
    {
        if (incident is null)
        {
            return new CorrelationState(known?.Status, OpenNames: null, ResolvedAt: null, OthersFiring: 0);
        }

        var names = await store.Alerts.Where(a => a.IncidentId == incident.Id).Select(a => a.Name).Distinct().ToListAsync(cancellationToken);
        var firing = await store.Alerts.CountAsync(a => a.IncidentId == incident.Id && a.Status == AlertStatus.Firing, cancellationToken);
        return new CorrelationState(
            known?.Status,
            incident.ResolvedAt is null ? names.ToHashSet(StringComparer.Ordinal) : null,
            incident.ResolvedAt,
            known?.Status == AlertStatus.Firing ? firing - 1 : firing);
    }

    private Incident? Apply(CorrelationOutcome outcome, AlertReceived received, IncidentAlert? known, Incident? incident, Subject? subject)
    {
        switch (outcome)
        {
            case CorrelationOutcome.Repeat or CorrelationOutcome.Late:
                known!.Repeats++;
                return incident;

            case CorrelationOutcome.Remembered:
                Record(received, incident: null, revision: 0);
                return null;

            case CorrelationOutcome.Opened:
                incident = Open(received, subject!);
                Record(received, incident, incident.Revision);
                return incident;

            case CorrelationOutcome.Joined:
                Record(received, incident, revision: 0);
                break;

            case CorrelationOutcome.Revised:
                incident!.Revision++;
                Record(received, incident, incident.Revision);
                break;

            case CorrelationOutcome.Reopened:
                incident!.ResolvedAt = null;
                incident.Reopened++;
                incident.Revision++;
                Record(received, incident, incident.Revision);
                break;

            case CorrelationOutcome.AlertResolved or CorrelationOutcome.IncidentResolved:
                known!.Status = AlertStatus.Resolved;
                known.EndsAt = received.Alert.EndsAt;
                known.ReceivedJson = StoredJson.Write(received);
                if (incident is not null && outcome == CorrelationOutcome.IncidentResolved)
                {
                    incident.ResolvedAt = time.GetUtcNow();
                }

                break;

            default:
                throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not an outcome.");
        }

        if (incident is not null)
        {
            incident.Version++;
            incident.DriveAt = time.GetUtcNow() + StallRule.StalledAfter;
            incident.Drives = 0;
        }

        return incident;
    }

    private Incident Open(AlertReceived received, Subject subject)
    {
        var now = time.GetUtcNow();
        var incident = new Incident
        {
            Id = Guid.CreateVersion7(now),
            SubjectKey = SubjectKey.For(subject),
            SubjectKind = subject.Kind,
            SubjectNamespace = subject.Namespace,
            SubjectName = subject.Name,
            OpenedAt = now,
            Revision = 1,
            Version = 1,
            ExternalUrl = received.ExternalUrl,
            DriveAt = now + StallRule.StalledAfter,
        };
        store.Incidents.Add(incident);
        return incident;
    }

    private void Record(AlertReceived received, Incident? incident, int revision) => store.Alerts.Add(new IncidentAlert
    {
        Fingerprint = received.Alert.Fingerprint,
        StartsAt = received.Alert.StartsAt,
        IncidentId = incident?.Id,
        Name = received.Alert.Name(),
        Status = received.Alert.Status,
        EndsAt = received.Alert.EndsAt,
        ReceivedAt = received.ReceivedAt,
        Revision = revision,
        ReceivedJson = StoredJson.Write(received),
    });
}
