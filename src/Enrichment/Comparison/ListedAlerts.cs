using AlertResponder.Connections.Alertmanager;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Redaction;

namespace AlertResponder.Enrichment.Comparison;

/// <summary>From an alert that Alertmanager lists to what the gateway would have made of its webhook.</summary>
internal static class ListedAlerts
{
    /// <param name="listed">The alert.</param>
    /// <param name="words">What the labels say about the severity.</param>
    /// <param name="texts">Cleans what others wrote in it.</param>
    /// <returns>Null for what is no alert, or larger than one may be.</returns>
    public static Alert? ToAlert(ListedAlert listed, SeverityWords words, AlertTexts texts) =>
        AlertTexts.Problem(listed.Labels) is not null || !AlertTexts.IsFingerprint(listed.Fingerprint) || listed.StartsAt < DateTimeOffset.UnixEpoch
            ? null
            : new Alert(
                listed.Fingerprint,
                AlertStatus.Firing,
                texts.Labels(listed.Labels!),
                texts.Annotations(listed.Annotations),
                listed.StartsAt.ToUniversalTime().InMicroseconds(),
                EndsAt: null,
                texts.Url(listed.GeneratorUrl),
                words.Of(listed.Labels!));
}
