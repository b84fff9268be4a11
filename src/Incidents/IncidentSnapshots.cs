using AlertResponder.Contracts;
using Microsoft.EntityFrameworkCore;

namespace AlertResponder.Incidents;

/// <summary>Reads what the message is drawn from.</summary>
public static class IncidentSnapshots
{
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

        var alerts = await context.Alerts.AsNoTracking().Where(a => a.IncidentId == incidentId)
            .OrderBy(a => a.StartsAt).ThenBy(a => a.Fingerprint).ToListAsync(cancellationToken);
        var remediations = await context.Remediations.AsNoTracking().Where(r => r.IncidentId == incidentId)
            .OrderBy(r => r.CompletedAt).ToListAsync(cancellationToken);
        var received = alerts.ConvertAll(alert => StoredJson.Read<AlertReceived>(alert.ReceivedJson));
        return new IncidentSnapshot(
            incident.Id,
            incident.Subject(),
            incident.Revision,
            incident.Version,
            incident.OpenedAt,
            incident.ResolvedAt,
            incident.Reopened,
            incident.ExternalUrl,
            [.. alerts.Zip(received, (alert, message) => new IncidentAlertSnapshot(alert.ToAlert(message), alert.Repeats))],
            incident.ContextJson is { } contextJson ? StoredJson.Read<ContextEnriched>(contextJson) : null,
            incident.AnalysisJson is { } analysisJson ? StoredJson.Read<AnalysisCompleted>(analysisJson) : null,
            [.. remediations.Select(entry => StoredJson.Read<RemediationCompleted>(entry.Json))],
            TruncatedAlerts(received));
    }

    /// <summary>The incident's subject.</summary>
    public static Subject Subject(this Incident incident)
    {
        ArgumentNullException.ThrowIfNull(incident);
        return new Subject(incident.SubjectKind, incident.SubjectNamespace, incident.SubjectName, incident.SubjectCluster);
    }

    /// <summary>The alert in its present state.</summary>
    public static Alert ToAlert(this IncidentAlert alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return alert.ToAlert(StoredJson.Read<AlertReceived>(alert.ReceivedJson));
    }

    private static Alert ToAlert(this IncidentAlert alert, AlertReceived received) => received.Alert with { Status = alert.Status, EndsAt = alert.EndsAt };

    // Every alert of a group says it of the whole group, and the newest knows best.
    private static long TruncatedAlerts(IEnumerable<AlertReceived> received) => received
        .GroupBy(message => message.GroupKey, StringComparer.Ordinal)
        .Sum(group => (long)group.MaxBy(message => message.ReceivedAt)!.TruncatedAlerts);
}
