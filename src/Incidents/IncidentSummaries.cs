using AlertResponder.Contracts;
using Microsoft.EntityFrameworkCore;

namespace AlertResponder.Incidents;

/// <summary>A line about an incident, for lists.</summary>
/// <param name="Id">The incident.</param>
/// <param name="Subject">What is sick.</param>
/// <param name="OpenedAt">When the first alert arrived, UTC.</param>
/// <param name="ResolvedAt">When the last alert resolved; null while open.</param>
/// <param name="Revision">Present revision, from 1.</param>
/// <param name="Reopened">How often it fired again within the reopen window (flapping).</param>
/// <param name="Severity">As diagnosed; null before.</param>
/// <param name="Cause">As diagnosed, one line of foreign text; null before.</param>
public sealed record IncidentSummary(
    Guid Id,
    Subject Subject,
    DateTimeOffset OpenedAt,
    DateTimeOffset? ResolvedAt,
    int Revision,
    int Reopened,
    Severity? Severity,
    string? Cause);

/// <summary>Reads lists of incidents, by indexes however many there are.</summary>
public static class IncidentSummaries
{
    /// <summary>The newest incidents that are open, newest first.</summary>
    public static Task<IReadOnlyList<IncidentSummary>> ReadNewestOpenAsync(this IncidentsContext context, int atMost, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ReadAsync(context.Incidents.Where(i => i.ResolvedAt == null), atMost, cancellationToken);
    }

    /// <summary>The newest incidents, open or not, newest first.</summary>
    public static Task<IReadOnlyList<IncidentSummary>> ReadNewestAsync(this IncidentsContext context, int atMost, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ReadAsync(context.Incidents, atMost, cancellationToken);
    }

    private static async Task<IReadOnlyList<IncidentSummary>> ReadAsync(IQueryable<Incident> incidents, int atMost, CancellationToken cancellationToken)
    {
        var rows = await incidents.OrderByDescending(i => i.OpenedAt).Take(atMost)
            .Select(i => new { i.Id, i.SubjectKind, i.SubjectNamespace, i.SubjectName, i.OpenedAt, i.ResolvedAt, i.Revision, i.Reopened, i.AnalysisJson })
            .ToListAsync(cancellationToken);
        return
        [
            .. rows.Select(row =>
            {
                var diagnosis = StoredJson.TryRead<AnalysisCompleted>(row.AnalysisJson)?.Diagnosis;
                return new IncidentSummary(
                    row.Id, new Subject(row.SubjectKind, row.SubjectNamespace, row.SubjectName), row.OpenedAt, row.ResolvedAt, row.Revision, row.Reopened, diagnosis?.Severity, diagnosis?.Cause);
            }),
        ];
    }
}
