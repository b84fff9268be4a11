namespace AlertResponder.Connections.Alertmanager;

/// <summary>What Alertmanager had when it was asked.</summary>
/// <param name="Alerts">Those that have not ended.</param>
/// <param name="Since">When it was started; for some minutes after that Prometheus has not sent all of them again.</param>
/// <param name="TellsWhoIsMuted">False where time intervals may mute any of them, and it does not say which.</param>
public sealed record AlertListing(IReadOnlyList<ListedAlert> Alerts, DateTimeOffset Since, bool TellsWhoIsMuted)
{
    /// <summary>So long after its start nothing is concluded from what it has not.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromMinutes(5);
}
