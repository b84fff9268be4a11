namespace AlertResponder.Contracts;

/// <summary>The gateway took one alert out of a webhook. Published by the gateway, and by enrichment for what Alertmanager's API says and no webhook did; consumed by enrichment.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="GroupKey">Alertmanager's key of the group that the alert came in.</param>
/// <param name="Receiver">The Alertmanager receiver whose webhook this was.</param>
/// <param name="ExternalUrl">Alertmanager's own address as it states it; null when absent.</param>
/// <param name="ReceivedAt">When the webhook arrived, UTC.</param>
/// <param name="TruncatedAlerts">How many further alerts of the group Alertmanager left out of the webhook (<c>max_alerts</c>).</param>
/// <param name="Confirmed">Alertmanager's API has said so, at the time of <paramref name="ReceivedAt"/>, rather than a webhook.</param>
/// <param name="StartIsGuessed">Whether the sender told no start, so that the alert's is the time of receipt: while one of this fingerprint fires, it is that one's.</param>
public sealed record AlertReceived(
    Alert Alert,
    string GroupKey,
    string Receiver,
    string? ExternalUrl,
    DateTimeOffset ReceivedAt,
    int TruncatedAlerts = 0,
    bool Confirmed = false,
    bool StartIsGuessed = false);
