namespace k8s.Models;

/// <summary>A namespace.</summary>
public sealed record V1Namespace : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ObjectMeta Metadata { get; set; }
    public V1NamespaceStatus Status { get; set; }
}

/// <summary>One page of namespaces.</summary>
public sealed record V1NamespaceList : IKubernetesObject<V1ListMeta>, IItems<V1Namespace>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ListMeta Metadata { get; set; }
    public required IList<V1Namespace> Items { get; set; }
}

/// <summary>How it is.</summary>
public sealed record V1NamespaceStatus
{
    /// <summary><c>Active</c> or <c>Terminating</c>.</summary>
    public string Phase { get; set; }
    public IList<V1NamespaceCondition> Conditions { get; set; }
}

/// <summary>What holds up its deletion.</summary>
public sealed record V1NamespaceCondition
{
    public required string Type { get; set; }
    public required string Status { get; set; }
    public string Reason { get; set; }
    public string Message { get; set; }
    public DateTime? LastTransitionTime { get; set; }
}
