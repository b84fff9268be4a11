using AlertResponder.Contracts;
using AlertResponder.Incidents;

namespace AlertResponder.Enrichment.Correlation;

/// <summary>Decides what an alert means. Pure.</summary>
internal static class CorrelationRule
{
    /// <summary>Firing again within this time reopens the incident.</summary>
    public static readonly TimeSpan ReopenWindow = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How much later than its own resolution a firing may arrive and still be an old one, such as a highly available Alertmanager's that
    /// was held up on its way.
    /// </summary>
    public static readonly TimeSpan LateWindow = TimeSpan.FromMinutes(5);

    /// <summary>
    /// So long such a firing waits for the resolution that follows an old one. Without it the alert fires: Alertmanager itself resolves what
    /// Prometheus could not repeat, and when it can again, the alert has the start that it had.
    /// </summary>
    public static readonly TimeSpan LateWait = TimeSpan.FromMinutes(1);

    /// <summary>After so long Alertmanager is asked a first time, where it can be.</summary>
    public static readonly TimeSpan LateFirstLook = TimeSpan.FromSeconds(10);

    /// <summary>How long after one of several alerts has resolved it is seen what is left to tell: alerts resolve in flocks.</summary>
    public static readonly TimeSpan ReviewAfter = TimeSpan.FromSeconds(3);

    public static CorrelationOutcome Decide(AlertReceived received, CorrelationState state, DateTimeOffset now) => (state.Known, received.Alert.Status) switch
    {
        (AlertStatus.Firing, AlertStatus.Firing) => CorrelationOutcome.Repeat,
        (AlertStatus.Resolved, AlertStatus.Firing) when IsLate(received, state.KnownSince, state.LateSince) => CorrelationOutcome.Late,
        (AlertStatus.Firing, AlertStatus.Resolved) when IsOvertaken(received, state.KnownSince) => CorrelationOutcome.Repeat,
        (AlertStatus.Resolved, AlertStatus.Resolved) when !state.EndsOthers => CorrelationOutcome.Repeat,
        (null, AlertStatus.Resolved) when !state.EndsOthers => CorrelationOutcome.Remembered,
        (_, AlertStatus.Resolved) => state.OthersFiring > 0 ? CorrelationOutcome.AlertResolved : CorrelationOutcome.IncidentResolved,
        _ when state.OpenNames is { } names => IsNews(received.Alert, names) ? CorrelationOutcome.Revised : CorrelationOutcome.Joined,
        _ when state.ResolvedAt is { } resolvedAt && now - resolvedAt <= ReopenWindow => CorrelationOutcome.Reopened,
        _ => CorrelationOutcome.Opened,
    };

    /// <summary>Whether a firing may be older than the resolution that is known of it.</summary>
    /// <param name="received">The firing.</param>
    /// <param name="resolvedSince">When the resolution arrived.</param>
    /// <param name="lateSince">When a firing first arrived after it; null when this is the first.</param>
    public static bool IsLate(AlertReceived received, DateTimeOffset? resolvedSince, DateTimeOffset? lateSince) =>
        !IsAfter(received, resolvedSince)
        || !(received.Confirmed || received.ReceivedAt - resolvedSince > LateWindow || received.ReceivedAt - lateSince >= LateWait);

    /// <summary>Whether the message was received after what is known; what came at the same time is the same, delivered again.</summary>
    public static bool IsAfter(AlertReceived received, DateTimeOffset? knownSince) => received.ReceivedAt > knownSince;

    // What Alertmanager did not have any more it may have had again by the time that a webhook came.
    private static bool IsOvertaken(AlertReceived received, DateTimeOffset? firingSince) => received.Confirmed && !IsAfter(received, firingSince);

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

    /// <summary>Whether a firing alert is worth a fresh analysis: worse than it was is news too, as a volume that is nearly full is after one that fills up.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="names">The names of the incident's alerts, each with its worst severity.</param>
    public static bool IsNews(Alert alert, IReadOnlyDictionary<string, Severity?> names) => IsNews(IncidentAlert.NameOf(alert), alert.Severity, names);

    /// <summary>The same of what the store counts it under.</summary>
    public static bool IsNews(string name, Severity? severity, IReadOnlyDictionary<string, Severity?> names) =>
        !names.TryGetValue(name, out var worst) || Nullable.Compare(severity, worst) > 0;
}
