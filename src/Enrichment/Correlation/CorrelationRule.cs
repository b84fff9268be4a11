using AlertResponder.Contracts;

namespace AlertResponder.Enrichment.Correlation;

/// <summary>Decides what an alert means. Pure.</summary>
internal static class CorrelationRule
{
    /// <summary>Firing again within this time reopens the incident.</summary>
    public static readonly TimeSpan ReopenWindow = TimeSpan.FromMinutes(15);

    public static CorrelationOutcome Decide(Alert alert, CorrelationState state, DateTimeOffset now) => (state.Known, alert.Status) switch
    {
        (AlertStatus.Firing, AlertStatus.Firing) or (AlertStatus.Resolved, AlertStatus.Resolved) => CorrelationOutcome.Repeat,
        (AlertStatus.Resolved, AlertStatus.Firing) => CorrelationOutcome.Late,
        (AlertStatus.Firing, AlertStatus.Resolved) => state.OthersFiring > 0 ? CorrelationOutcome.AlertResolved : CorrelationOutcome.IncidentResolved,
        (null, AlertStatus.Resolved) => CorrelationOutcome.Remembered,
        _ when state.OpenNames is { } names => names.Contains(alert.Name()) ? CorrelationOutcome.Joined : CorrelationOutcome.Revised,
        _ when state.ResolvedAt is { } resolvedAt && now - resolvedAt <= ReopenWindow => CorrelationOutcome.Reopened,
        _ => CorrelationOutcome.Opened,
    };

    /// <summary>Whether an alert never opens an incident: fired on purpose, or of severity <c>none</c>.</summary>
    public static bool IsIgnored(Alert alert, IEnumerable<string> ignoredNames) =>
        string.Equals(alert.Labels.GetValueOrDefault("severity"), "none", StringComparison.OrdinalIgnoreCase)
        || ignoredNames.Contains(alert.Name(), StringComparer.Ordinal);
}
