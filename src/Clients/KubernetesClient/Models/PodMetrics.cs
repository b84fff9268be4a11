namespace k8s.Models;

/// <summary>What a pod uses, of <c>metrics.k8s.io</c>; for <c>GetNamespacedCustomObjectAsync</c>.</summary>
public sealed record PodMetrics
{
    public V1ObjectMeta Metadata { get; set; }

    /// <summary>The end of the time that was measured.</summary>
    public DateTime? Timestamp { get; set; }

    /// <summary>Its length, such as <c>15.2s</c>.</summary>
    public string Window { get; set; }
    public List<ContainerMetrics> Containers { get; set; }
}

/// <summary>What pods use; for <c>ListNamespacedCustomObjectAsync</c>.</summary>
public sealed record PodMetricsList
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ObjectMeta Metadata { get; set; }
    public IEnumerable<PodMetrics> Items { get; set; }
}

/// <summary>What a container uses.</summary>
public sealed record ContainerMetrics
{
    public string Name { get; set; }

    /// <summary>Under <c>cpu</c> (cores) and <c>memory</c> (bytes).</summary>
    public IDictionary<string, ResourceQuantity> Usage { get; set; }
}
