using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Redaction;
using AlertResponder.Resilience.Alertmanager;

namespace AlertResponder.Enrichment.Comparison;

/// <summary>From an alert that Alertmanager lists to what its webhook would have brought: redacted and bounded here, as that is in the gateway.</summary>
internal static class ListedAlerts
{
    private const int MostLabels = 256;
    private const int MostLabelText = 32 * 1024;
    private const int MostAnnotations = 64;
    private const int LongestName = 256;
    private const int LongestAnnotation = 8 * 1024;
    private const int LongestUrl = 8 * 1024;

    /// <param name="listed">The alert.</param>
    /// <param name="like">A message that came from the same Alertmanager to the same receiver.</param>
    /// <param name="words">What the labels say about the severity.</param>
    /// <param name="askedAt">When it was listed.</param>
    /// <returns>Null for what is no alert, or larger than one may be.</returns>
    public static AlertReceived? ToReceived(ListedAlert listed, AlertReceived like, SeverityWords words, DateTimeOffset askedAt)
    {
        if (listed.Labels is not { Count: > 0 and <= MostLabels } labels
            || labels.Sum(label => label.Key.Length + label.Value.Length) > MostLabelText
            || listed.Fingerprint is not { Length: > 0 and <= 64 } || !listed.Fingerprint.All(char.IsAsciiLetterOrDigit)
            || listed.StartsAt < DateTimeOffset.UnixEpoch)
        {
            return null;
        }

        var alert = new Alert(
            listed.Fingerprint,
            AlertStatus.Firing,
            Redacted(labels),
            Redacted(Usable(listed.Annotations ?? new Dictionary<string, string>(StringComparer.Ordinal)).Take(MostAnnotations))
                .ToDictionary(annotation => annotation.Key, annotation => BoundedText.Cut(annotation.Value, LongestAnnotation), StringComparer.Ordinal),
            listed.StartsAt.ToUniversalTime().InMicroseconds(),
            EndsAt: null,
            listed.GeneratorUrl is { Length: > 0 and <= LongestUrl } url ? Redactor.Redact(Clean(url)) : null,
            words.Of(labels));
        return new AlertReceived(alert, like.GroupKey, like.Receiver, like.ExternalUrl, askedAt, Confirmed: true);
    }

    private static IEnumerable<KeyValuePair<string, string>> Usable(IReadOnlyDictionary<string, string> annotations)
    {
        foreach (var (name, value) in annotations)
        {
            if (name.Length <= LongestName && TemplateErrors.Without(value) is { } text)
            {
                yield return KeyValuePair.Create(name, text);
            }
        }
    }

    private static Dictionary<string, string> Redacted(IEnumerable<KeyValuePair<string, string>> texts)
    {
        Dictionary<string, string> redacted = new(StringComparer.Ordinal);
        foreach (var (name, value) in texts)
        {
            redacted[Redactor.Redact(Clean(name))] = Redactor.Redact(Clean(name), Clean(value));
        }

        return redacted;
    }

    // PostgreSQL cannot store U+0000.
    private static string Clean(string text) => text.Replace('\0', '\uFFFD');
}
