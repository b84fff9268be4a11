namespace k8s.Models;

/// <summary>A ConfigMap.</summary>
public sealed record V1ConfigMap : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ObjectMeta Metadata { get; set; }
    public IDictionary<string, string> Data { get; set; }
    public IDictionary<string, byte[]> BinaryData { get; set; }
    public bool? Immutable { get; set; }
}

/// <summary>One page of ConfigMaps.</summary>
public sealed record V1ConfigMapList : IKubernetesObject<V1ListMeta>, IItems<V1ConfigMap>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ListMeta Metadata { get; set; }
    public required IList<V1ConfigMap> Items { get; set; }
}
