using AlertResponder.Contracts;

namespace AlertResponder.Enrichment.Correlation;

/// <summary>Decides what an alert means. Pure.</summary>
internal static class CorrelationRule
{
    /// <summary>Firing again within this time reopens the incident.</summary>
    public static readonly TimeSpan ReopenWindow = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How much later than its own resolution a firing may arrive and still be an old one. Alertmanager itself resolves an alert that
    /// Prometheus could not repeat; when it can again, the alert fires with the start that it had.
    /// </summary>
    public static readonly TimeSpan LateWindow = TimeSpan.FromMinutes(5);

    public static CorrelationOutcome Decide(AlertReceived received, CorrelationState state, DateTimeOffset now) => (state.Known, received.Alert.Status) switch
    {
        (AlertStatus.Firing, AlertStatus.Firing) => CorrelationOutcome.Repeat,
        (AlertStatus.Resolved, AlertStatus.Firing) when IsLate(received, state.KnownSince) => CorrelationOutcome.Late,
        (AlertStatus.Resolved, AlertStatus.Resolved) when !state.EndsOthers => CorrelationOutcome.Repeat,
        (null, AlertStatus.Resolved) when !state.EndsOthers => CorrelationOutcome.Remembered,
        (_, AlertStatus.Resolved) => state.OthersFiring > 0 ? CorrelationOutcome.AlertResolved : CorrelationOutcome.IncidentResolved,
        _ when state.OpenNames is { } names => IsNews(received.Alert, names) ? CorrelationOutcome.Revised : CorrelationOutcome.Joined,
        _ when state.ResolvedAt is { } resolvedAt && now - resolvedAt <= ReopenWindow => CorrelationOutcome.Reopened,
        _ => CorrelationOutcome.Opened,
    };

    /// <summary>Whether a firing is older than the resolution that is known of it.</summary>
    /// <param name="received">The firing.</param>
    /// <param name="resolvedSince">When the resolution arrived.</param>
    public static bool IsLate(AlertReceived received, DateTimeOffset? resolvedSince) => received.ReceivedAt - resolvedSince <= LateWindow;

    /// <summary>
    /// Whether a recorded alert of the same fingerprint is over because of this one: a label set fires once at a time. Where a resolution
    /// was lost, or highly available senders disagree about the start, nothing else would ever end it.
    /// </summary>
    public static bool Ends(AlertReceived received, DateTimeOffset otherStart) =>
        otherStart < (received.Alert.Status == AlertStatus.Firing ? received.Alert.StartsAt : received.Alert.EndsAt ?? received.ReceivedAt);

    /// <summary>Whether an alert never opens an incident: fired on purpose, or of severity <c>none</c>.</summary>
    public static bool IsIgnored(Alert alert, IEnumerable<string> ignoredNames) =>
        string.Equals(alert.Labels.GetValueOrDefault("severity")?.Trim(), "none", StringComparison.OrdinalIgnoreCase)
        || ignoredNames.Contains(alert.Name(), StringComparer.Ordinal);

    /// <summary>
    /// The alert with the start that is known of it: who told none has the time of receipt for one, which differs with every repeat. What
    /// fires under its fingerprint is it.
    /// </summary>
    /// <param name="received">The alert.</param>
    /// <param name="firing">The starts of what fires under its fingerprint.</param>
    public static AlertReceived WithKnownStart(AlertReceived received, IEnumerable<DateTimeOffset> firing) =>
        received.StartIsGuessed && firing.Order().Select(start => (DateTimeOffset?)start).LastOrDefault() is { } start
            ? received with { Alert = received.Alert with { StartsAt = start } }
            : received;

    // Worse than it was is news too: a volume that is nearly full is another matter than one that fills up.
    private static bool IsNews(Alert alert, IReadOnlyDictionary<string, Severity?> names) =>
        !names.TryGetValue(alert.Name(), out var worst) || Nullable.Compare(alert.Severity, worst) > 0;
}
