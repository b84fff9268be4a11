namespace AlertResponder.Contracts;

/// <summary>The thing that is sick. One incident at most is open per subject.</summary>
/// <param name="Kind">
/// Kubernetes kind (<c>Deployment</c>, <c>CronJob</c>, <c>Node</c>), or one of ours: <see cref="ComponentKind"/>, <see cref="HostKind"/>, and
/// <see cref="AlertKind"/> when nothing better is known.
/// </param>
/// <param name="Namespace">Null for cluster-scoped kinds.</param>
/// <param name="Name">Object name; for kind <c>Alert</c> the alert name and its identifying labels.</param>
/// <param name="Cluster">The alert's label <c>cluster</c>; null without one. Equal objects of two clusters are two subjects.</param>
public sealed record Subject(string Kind, string? Namespace, string Name, string? Cluster = null)
{
    /// <summary>The kind for what no Kubernetes object could be found.</summary>
    public const string AlertKind = "Alert";

    /// <summary>The kind for a part of the cluster that is not one object of it: <c>kube-apiserver</c>, <c>etcd</c>, <c>kubelet</c>.</summary>
    public const string ComponentKind = "Component";

    /// <summary>The kind for a machine that is no node of the cluster; the name is its host name or address.</summary>
    public const string HostKind = "Host";

    /// <summary><c>CronJob cardboard/price-scraper</c>, <c>Node k3s-agent-2</c>, <c>Deployment shop/checkout in cluster eu-1</c>.</summary>
    public override string ToString()
    {
        var name = Namespace is null ? $"{Kind} {Name}" : $"{Kind} {Namespace}/{Name}";
        return Cluster is null ? name : $"{name} in cluster {Cluster}";
    }
}
