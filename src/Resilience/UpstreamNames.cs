namespace AlertResponder.Resilience;

/// <summary>The upstreams, as they appear in logs, health and <c>/status</c>; the keys of their <see cref="Upstream"/> services.</summary>
public static class UpstreamNames
{
    public const string Bedrock = "bedrock";
    public const string Kubernetes = "kubernetes";
    public const string Slack = "slack";
    public const string Alertmanager = "alertmanager";
}
