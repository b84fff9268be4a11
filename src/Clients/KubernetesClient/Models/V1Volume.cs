using System.Text.Json;
using System.Text.Json.Serialization;

namespace k8s.Models;

/// <summary>A volume of a pod: a name and one source. Other sources are kept, but not shown.</summary>
public sealed record V1Volume
{
    public required string Name { get; set; }
    public V1PersistentVolumeClaimVolumeSource PersistentVolumeClaim { get; set; }
    public V1ConfigMapVolumeSource ConfigMap { get; set; }
    public V1SecretVolumeSource Secret { get; set; }
    public V1ProjectedVolumeSource Projected { get; set; }
    public V1EphemeralVolumeSource Ephemeral { get; set; }
    public V1EmptyDirVolumeSource EmptyDir { get; set; }
    public V1HostPathVolumeSource HostPath { get; set; }
    public V1CSIVolumeSource Csi { get; set; }
    public V1NFSVolumeSource Nfs { get; set; }

    [JsonInclude]
    [JsonExtensionData]
    internal IDictionary<string, JsonElement> Rest { get; set; }
}

/// <summary>A claim in the pod's namespace.</summary>
public sealed record V1PersistentVolumeClaimVolumeSource
{
    public required string ClaimName { get; set; }

    [JsonPropertyName("readOnly")]
    public bool? ReadOnlyProperty { get; set; }
}

/// <summary>The keys of a ConfigMap as files.</summary>
public sealed record V1ConfigMapVolumeSource
{
    public string Name { get; set; }
    public bool? Optional { get; set; }

    [JsonInclude]
    [JsonExtensionData]
    internal IDictionary<string, JsonElement> Rest { get; set; }
}

/// <summary>The keys of a Secret as files.</summary>
public sealed record V1SecretVolumeSource
{
    public string SecretName { get; set; }
    public bool? Optional { get; set; }

    [JsonInclude]
    [JsonExtensionData]
    internal IDictionary<string, JsonElement> Rest { get; set; }
}

/// <summary>Several sources in one directory.</summary>
public sealed record V1ProjectedVolumeSource
{
    public IList<V1VolumeProjection> Sources { get; set; }

    [JsonInclude]
    [JsonExtensionData]
    internal IDictionary<string, JsonElement> Rest { get; set; }
}

/// <summary>One source of a projected volume.</summary>
public sealed record V1VolumeProjection
{
    public V1ConfigMapProjection ConfigMap { get; set; }
    public V1SecretProjection Secret { get; set; }

    [JsonInclude]
    [JsonExtensionData]
    internal IDictionary<string, JsonElement> Rest { get; set; }
}

/// <summary>The keys of a ConfigMap as files.</summary>
public sealed record V1ConfigMapProjection
{
    public string Name { get; set; }
    public bool? Optional { get; set; }

    [JsonInclude]
    [JsonExtensionData]
    internal IDictionary<string, JsonElement> Rest { get; set; }
}

/// <summary>The keys of a Secret as files.</summary>
public sealed record V1SecretProjection
{
    public string Name { get; set; }
    public bool? Optional { get; set; }

    [JsonInclude]
    [JsonExtensionData]
    internal IDictionary<string, JsonElement> Rest { get; set; }
}

/// <summary>A claim that lives as long as the pod, named <c>pod-volume</c>.</summary>
public sealed record V1EphemeralVolumeSource
{
    public V1PersistentVolumeClaimTemplate VolumeClaimTemplate { get; set; }
}

/// <summary>The claim to make for an ephemeral volume.</summary>
public sealed record V1PersistentVolumeClaimTemplate
{
    public V1ObjectMeta Metadata { get; set; }
    public required V1PersistentVolumeClaimSpec Spec { get; set; }
}

/// <summary>An empty directory on the node.</summary>
public sealed record V1EmptyDirVolumeSource
{
    public string Medium { get; set; }
    public ResourceQuantity SizeLimit { get; set; }
}

/// <summary>A path of the node.</summary>
public sealed record V1HostPathVolumeSource
{
    public required string Path { get; set; }
    public string Type { get; set; }
}

/// <summary>A volume of a CSI driver.</summary>
public sealed record V1CSIVolumeSource
{
    public required string Driver { get; set; }

    [JsonPropertyName("readOnly")]
    public bool? ReadOnlyProperty { get; set; }

    [JsonInclude]
    [JsonExtensionData]
    internal IDictionary<string, JsonElement> Rest { get; set; }
}

/// <summary>An NFS export.</summary>
public sealed record V1NFSVolumeSource
{
    public required string Server { get; set; }
    public required string Path { get; set; }

    [JsonPropertyName("readOnly")]
    public bool? ReadOnlyProperty { get; set; }
}
