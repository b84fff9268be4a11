namespace k8s.Models;

/// <summary>Limits of a namespace.</summary>
public sealed record V1ResourceQuota : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ObjectMeta Metadata { get; set; }
    public V1ResourceQuotaSpec Spec { get; set; }
    public V1ResourceQuotaStatus Status { get; set; }
}

/// <summary>One page of quotas.</summary>
public sealed record V1ResourceQuotaList : IKubernetesObject<V1ListMeta>, IItems<V1ResourceQuota>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ListMeta Metadata { get; set; }
    public required IList<V1ResourceQuota> Items { get; set; }
}

/// <summary>What the namespace may have.</summary>
public sealed record V1ResourceQuotaSpec
{
    /// <summary>By resource, such as <c>limits.memory</c> or <c>pods</c>.</summary>
    public IDictionary<string, ResourceQuantity> Hard { get; set; }
    public IList<string> Scopes { get; set; }
}

/// <summary>What it may have, and has.</summary>
public sealed record V1ResourceQuotaStatus
{
    public IDictionary<string, ResourceQuantity> Hard { get; set; }
    public IDictionary<string, ResourceQuantity> Used { get; set; }
}
