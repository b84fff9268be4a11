using AlertResponder.Contracts;

namespace AlertResponder.Enrichment.Comparison;

/// <summary>One of our alerts, as the store has it.</summary>
/// <param name="Status">Firing or resolved.</param>
/// <param name="EndsAt">When it ended.</param>
/// <param name="ReceivedAt">When that was received.</param>
/// <param name="ListedAt">When it was first found in the Alertmanager that is asked; null before.</param>
/// <param name="MissingSince">Since when it has not been found there, though it fires.</param>
/// <param name="Received">The message that brought it.</param>
internal sealed record KnownAlert(
    AlertStatus Status, DateTimeOffset? EndsAt, DateTimeOffset ReceivedAt, DateTimeOffset? ListedAt, DateTimeOffset? MissingSince, AlertReceived Received)
{
    public string Fingerprint => Received.Alert.Fingerprint;

    public DateTimeOffset StartsAt => Received.Alert.StartsAt;

    public AlertOrigin Origin => AlertOrigin.Of(Received);
}
