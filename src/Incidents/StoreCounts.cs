using Microsoft.EntityFrameworkCore;

namespace AlertResponder.Incidents;

/// <summary>How much there is to do.</summary>
/// <param name="OpenIncidents">Incidents that are not resolved.</param>
/// <param name="UndrawnIncidents">Incidents whose message does not show their present state yet.</param>
/// <param name="Inbox">Accepted alerts that are not yet part of an incident (single process only).</param>
public sealed record StoreCounts(int OpenIncidents, int UndrawnIncidents, int Inbox)
{
    /// <summary>Counts, by indexes however many incidents there have been.</summary>
    public static async Task<StoreCounts> ReadAsync(IncidentsContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new StoreCounts(
            await context.Incidents.CountAsync(i => i.ResolvedAt == null, cancellationToken),
            await context.Incidents.CountAsync(IncidentProgress.IsUndrawn, cancellationToken),
            await context.Inbox.CountAsync(cancellationToken));
    }
}
