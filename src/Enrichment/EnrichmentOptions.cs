namespace AlertResponder.Enrichment;

/// <summary>Section <c>Enrichment</c>.</summary>
public sealed class EnrichmentOptions
{
    /// <summary>Alert names that never open an incident, besides alerts with severity <c>none</c>.</summary>
    public IList<string> IgnoredAlerts { get; } = [];

    /// <summary>What is ignored when nothing is configured: alerts that kube-prometheus-stack fires on purpose.</summary>
    public static readonly IReadOnlyList<string> DefaultIgnoredAlerts = ["Watchdog", "InfoInhibitor"];
}
