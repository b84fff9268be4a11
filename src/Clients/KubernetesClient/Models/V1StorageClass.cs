namespace k8s.Models;

/// <summary>How volumes are made.</summary>
public sealed record V1StorageClass : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ObjectMeta Metadata { get; set; }
    public required string Provisioner { get; set; }
    public IDictionary<string, string> Parameters { get; set; }
    public string ReclaimPolicy { get; set; }

    /// <summary><c>Immediate</c> or <c>WaitForFirstConsumer</c>.</summary>
    public string VolumeBindingMode { get; set; }
    public bool? AllowVolumeExpansion { get; set; }
    public IList<string> MountOptions { get; set; }
}

/// <summary>One page of storage classes.</summary>
public sealed record V1StorageClassList : IKubernetesObject<V1ListMeta>, IItems<V1StorageClass>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ListMeta Metadata { get; set; }
    public required IList<V1StorageClass> Items { get; set; }
}
