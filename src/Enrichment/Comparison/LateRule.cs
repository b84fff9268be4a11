using AlertResponder.Connections.Alertmanager;
using AlertResponder.Enrichment.Correlation;

namespace AlertResponder.Enrichment.Comparison;

/// <summary>Decides what a firing is that came after its own resolution. Pure.</summary>
internal static class LateRule
{
    /// <param name="fingerprint">The alert.</param>
    /// <param name="lateSince">When it came.</param>
    /// <param name="resolvedAt">When it had ended.</param>
    /// <param name="wasListed">Whether the Alertmanager that is asked has had it: another one's silence about it says nothing.</param>
    /// <param name="listing">What that has; null when it cannot be asked.</param>
    /// <param name="now">When it was asked.</param>
    public static LateVerdict Judge(
        string fingerprint, DateTimeOffset lateSince, DateTimeOffset resolvedAt, bool wasListed, AlertListing? listing, DateTimeOffset now)
    {
        if (listing?.Alerts.FirstOrDefault(alert => alert.Fingerprint == fingerprint) is { } listed && ComparisonRule.FiresAgain(listed, resolvedAt))
        {
            return LateVerdict.Fires;
        }

        if (now - lateSince < CorrelationRule.LateWait)
        {
            return LateVerdict.Wait;
        }

        return wasListed && listing is not null && now - listing.Since >= AlertListing.Settled ? LateVerdict.Old : LateVerdict.Fires;
    }
}
