namespace AlertResponder.Resilience;

/// <summary>The upstreams, as they appear in logs, health and <c>/status</c>; the keys of their <see cref="Upstream"/> services.</summary>
public static class UpstreamNames
{
    public const string Bedrock = "bedrock";
    public const string Kubernetes = "kubernetes";
    public const string Slack = "slack";
    public const string Alertmanager = "alertmanager";

    /// <summary>Alertmanagers as they are asked for all their alerts, at whatever addresses webhooks state: what fails there must not keep silences from being made.</summary>
    public const string AlertmanagerListings = "alertmanager-listings";
}
