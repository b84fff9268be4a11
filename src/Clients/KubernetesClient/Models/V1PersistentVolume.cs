using System.Text.Json.Serialization;

namespace k8s.Models;

/// <summary>Storage in the cluster.</summary>
public sealed record V1PersistentVolume : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ObjectMeta Metadata { get; set; }
    public V1PersistentVolumeSpec Spec { get; set; }
    public V1PersistentVolumeStatus Status { get; set; }
}

/// <summary>One page of volumes.</summary>
public sealed record V1PersistentVolumeList : IKubernetesObject<V1ListMeta>, IItems<V1PersistentVolume>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ListMeta Metadata { get; set; }
    public required IList<V1PersistentVolume> Items { get; set; }
}

/// <summary>What storage it is. Sources that are not here are left unread.</summary>
public sealed record V1PersistentVolumeSpec
{
    public IDictionary<string, ResourceQuantity> Capacity { get; set; }
    public IList<string> AccessModes { get; set; }

    /// <summary>The claim that has it.</summary>
    public V1ObjectReference ClaimRef { get; set; }

    /// <summary><c>Retain</c>, <c>Delete</c> or <c>Recycle</c>.</summary>
    public string PersistentVolumeReclaimPolicy { get; set; }
    public string StorageClassName { get; set; }
    public string VolumeMode { get; set; }

    /// <summary>The nodes that reach it; null: all.</summary>
    public V1VolumeNodeAffinity NodeAffinity { get; set; }
    public V1CSIPersistentVolumeSource Csi { get; set; }
    public V1LocalVolumeSource Local { get; set; }
    public V1HostPathVolumeSource HostPath { get; set; }
    public V1NFSVolumeSource Nfs { get; set; }
}

/// <summary>By labels of nodes.</summary>
public sealed record V1VolumeNodeAffinity
{
    public V1NodeSelector Required { get; set; }
}

/// <summary>A volume of a CSI driver, such as Longhorn.</summary>
public sealed record V1CSIPersistentVolumeSource
{
    public required string Driver { get; set; }

    /// <summary>The driver's name for it.</summary>
    public required string VolumeHandle { get; set; }
    public string FsType { get; set; }

    [JsonPropertyName("readOnly")]
    public bool? ReadOnlyProperty { get; set; }
    public IDictionary<string, string> VolumeAttributes { get; set; }
}

/// <summary>A disk of one node.</summary>
public sealed record V1LocalVolumeSource
{
    public required string Path { get; set; }
    public string FsType { get; set; }
}

/// <summary>How it is.</summary>
public sealed record V1PersistentVolumeStatus
{
    /// <summary><c>Pending</c>, <c>Available</c>, <c>Bound</c>, <c>Released</c> or <c>Failed</c>.</summary>
    public string Phase { get; set; }
    public string Reason { get; set; }
    public string Message { get; set; }
    public DateTime? LastPhaseTransitionTime { get; set; }
}
