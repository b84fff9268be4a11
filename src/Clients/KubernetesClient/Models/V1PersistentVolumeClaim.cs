using System.Text.Json;
using System.Text.Json.Serialization;

namespace k8s.Models;

/// <summary>A claim for storage.</summary>
public sealed record V1PersistentVolumeClaim : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ObjectMeta Metadata { get; set; }
    public V1PersistentVolumeClaimSpec Spec { get; set; }
    public V1PersistentVolumeClaimStatus Status { get; set; }
}

/// <summary>One page of claims.</summary>
public sealed record V1PersistentVolumeClaimList : IKubernetesObject<V1ListMeta>, IItems<V1PersistentVolumeClaim>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ListMeta Metadata { get; set; }
    public required IList<V1PersistentVolumeClaim> Items { get; set; }
}

/// <summary>What storage it wants.</summary>
public sealed record V1PersistentVolumeClaimSpec
{
    public IList<string> AccessModes { get; set; }

    /// <summary>Null: the cluster's default class; empty: none.</summary>
    public string StorageClassName { get; set; }
    public string VolumeName { get; set; }
    public string VolumeMode { get; set; }
    public V1VolumeResourceRequirements Resources { get; set; }
    public V1LabelSelector Selector { get; set; }

    [JsonInclude]
    [JsonExtensionData]
    internal IDictionary<string, JsonElement> Rest { get; set; }
}

/// <summary>How much, under <c>storage</c>.</summary>
public sealed record V1VolumeResourceRequirements
{
    public IDictionary<string, ResourceQuantity> Requests { get; set; }
    public IDictionary<string, ResourceQuantity> Limits { get; set; }
}

/// <summary>What storage it has.</summary>
public sealed record V1PersistentVolumeClaimStatus
{
    /// <summary><c>Pending</c>, <c>Bound</c> or <c>Lost</c>.</summary>
    public string Phase { get; set; }
    public IList<string> AccessModes { get; set; }
    public IDictionary<string, ResourceQuantity> Capacity { get; set; }
    public IList<V1PersistentVolumeClaimCondition> Conditions { get; set; }
}

/// <summary>Such as a resize under way.</summary>
public sealed record V1PersistentVolumeClaimCondition
{
    public required string Type { get; set; }
    public required string Status { get; set; }
    public string Reason { get; set; }
    public string Message { get; set; }
    public DateTime? LastProbeTime { get; set; }
    public DateTime? LastTransitionTime { get; set; }
}
