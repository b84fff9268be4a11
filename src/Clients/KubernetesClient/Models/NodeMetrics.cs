namespace k8s.Models;

/// <summary>What a node uses, of <c>metrics.k8s.io</c>; for <c>GetClusterCustomObjectAsync</c>.</summary>
public sealed record NodeMetrics
{
    public V1ObjectMeta Metadata { get; set; }

    /// <summary>The end of the time that was measured.</summary>
    public DateTime? Timestamp { get; set; }

    /// <summary>Its length, such as <c>15.2s</c>.</summary>
    public string Window { get; set; }

    /// <summary>Under <c>cpu</c> (cores) and <c>memory</c> (bytes).</summary>
    public IDictionary<string, ResourceQuantity> Usage { get; set; }
}

/// <summary>What nodes use; for <c>ListClusterCustomObjectAsync</c>.</summary>
public sealed record NodeMetricsList
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ObjectMeta Metadata { get; set; }
    public IEnumerable<NodeMetrics> Items { get; set; }
}
