using AlertResponder.Contracts;
using AlertResponder.Incidents;
using Microsoft.EntityFrameworkCore;

namespace AlertResponder.Enrichment.Correlation;

/// <summary>What an incident's alerts are called.</summary>
internal static class AlertNames
{
    /// <summary>The names, each with its worst severity (null: none of ours).</summary>
    public static async Task<IReadOnlyDictionary<string, Severity?>> AlertNamesAsync(this IncidentsContext store, Guid incidentId, CancellationToken cancellationToken)
    {
        var names = await store.Alerts.Where(a => a.IncidentId == incidentId).Select(a => new { a.Name, a.Severity }).Distinct().ToListAsync(cancellationToken);
        return names.GroupBy(a => a.Name, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Max(a => a.Severity), StringComparer.Ordinal);
    }
}
