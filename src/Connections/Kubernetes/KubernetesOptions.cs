namespace AlertResponder.Connections.Kubernetes;

/// <summary>Section <c>Kubernetes</c>. How the cluster is reached the kubeconfig says.</summary>
public sealed class KubernetesOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Kubernetes";

    /// <summary>The value of the alerts' label <c>cluster</c> that the connected cluster has; null when nobody has said.</summary>
    public string? ClusterName { get; set; }
}
