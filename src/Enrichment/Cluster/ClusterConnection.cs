using AlertResponder.Enrichment.Subjects;
using AlertResponder.Resilience;
using k8s;

namespace AlertResponder.Enrichment.Cluster;

/// <summary>The cluster's API, or its absence: the pipeline works without, with less to say.</summary>
/// <param name="api">Null without a cluster.</param>
/// <param name="upstream">All calls go through it.</param>
/// <param name="time">The clock.</param>
/// <param name="name">What alerts with the label <c>cluster</c> call it; null when nobody has said.</param>
internal sealed class ClusterConnection(IKubernetes? api, Upstream upstream, TimeProvider time, string? name = null)
{
    public IKubernetes? Api { get; } = api;

    public Upstream Upstream { get; } = upstream;

    public string? Name { get; } = name;

    /// <summary>What one incident has read, for the others of its storm.</summary>
    public SharedReads Shared { get; } = new(TimeSpan.FromSeconds(5));

    /// <summary>What pods and their ReplicaSets and Jobs belong to.</summary>
    public KnownOwners Owners { get; } = new(time);
}
