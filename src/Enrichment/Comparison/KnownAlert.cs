using AlertResponder.Contracts;

namespace AlertResponder.Enrichment.Comparison;

/// <summary>One of our alerts, as the store has it, without the message that brought it.</summary>
/// <param name="Fingerprint">The hash of its labels.</param>
/// <param name="StartsAt">When it began to fire.</param>
/// <param name="Status">Firing or resolved.</param>
/// <param name="EndsAt">When it ended.</param>
/// <param name="ReceivedAt">When that was received.</param>
/// <param name="ListedAt">When it was first found in the Alertmanager that is asked; null before.</param>
/// <param name="MissingSince">Since when it has not been found there, though it fires.</param>
/// <param name="Receiver">Whose webhook brought it.</param>
/// <param name="Origin">Whose it is.</param>
internal sealed record KnownAlert(
    string Fingerprint,
    DateTimeOffset StartsAt,
    AlertStatus Status,
    DateTimeOffset? EndsAt,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? ListedAt,
    DateTimeOffset? MissingSince,
    string Receiver,
    AlertOrigin Origin);
