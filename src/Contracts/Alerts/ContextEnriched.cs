namespace AlertResponder.Contracts;

/// <summary>Evidence was gathered for a revision of an incident. Published by enrichment, consumed by analysis.</summary>
/// <param name="IncidentId">The incident.</param>
/// <param name="Revision">Counts from 1; a new alert name or materially new evidence makes a new one.</param>
/// <param name="Subject">What is sick.</param>
/// <param name="Alerts">The incident's alerts, oldest first, with their status: those that fire, then those that are over, as many as 64 KiB hold.</param>
/// <param name="Evidence">At most 64 KiB of text in all.</param>
/// <param name="Unread">What could not be read, and why.</param>
/// <param name="EnrichedAt">When reading ended, UTC.</param>
/// <param name="ConnectedCluster">
/// The name of the connected cluster where the subject is of another one: then nothing but the alerts is known. Else null.
/// </param>
/// <param name="IsClusterAssumed">Whether the subject names its cluster and nobody has said what the connected one is called: it is taken for it.</param>
public sealed record ContextEnriched(
    Guid IncidentId,
    int Revision,
    Subject Subject,
    IReadOnlyList<Alert> Alerts,
    IReadOnlyList<Evidence> Evidence,
    IReadOnlyList<UnreadSource> Unread,
    DateTimeOffset EnrichedAt,
    string? ConnectedCluster = null,
    bool IsClusterAssumed = false);
