using AlertResponder.Contracts;

namespace AlertResponder.Enrichment.Gathering;

/// <summary>What the alerts say themselves.</summary>
internal static class AlertEvidence
{
    private static readonly string[] Annotations = ["summary", "message", "description"];

    /// <summary>One of each name: the other pods of a storm say the same.</summary>
    public static IEnumerable<Observation> Of(IEnumerable<Alert> alerts) => alerts.DistinctBy(alert => alert.Name()).Select(alert => new Observation(
        EvidenceKind.Alert,
        new ObjectReference("Alert", null, alert.Name()),
        $"{alert.Name()} {(alert.Status == AlertStatus.Firing ? "firing" : "resolved")}: {string.Join(" ", Annotations.Select(name => alert.Annotations.GetValueOrDefault(name)).OfType<string>())}",
        new Facts().Set(FactNames.Reason, alert.Labels.GetValueOrDefault("reason")),
        alert.StartsAt));
}
