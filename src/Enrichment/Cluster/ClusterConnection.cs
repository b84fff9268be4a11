using AlertResponder.Resilience;
using k8s;

namespace AlertResponder.Enrichment.Cluster;

/// <summary>The cluster's API, or its absence: the pipeline works without, with less to say.</summary>
internal sealed class ClusterConnection(IKubernetes? api, Upstream upstream)
{
    public IKubernetes? Api { get; } = api;

    public Upstream Upstream { get; } = upstream;

    /// <summary>What one incident has read, for the others of its storm.</summary>
    public SharedReads Shared { get; } = new(TimeSpan.FromSeconds(5));
}
