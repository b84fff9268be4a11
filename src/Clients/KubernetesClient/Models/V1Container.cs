using System.Text.Json;
using System.Text.Json.Serialization;

namespace k8s.Models;

/// <summary>A container of a pod.</summary>
public sealed record V1Container
{
    public required string Name { get; set; }
    public string Image { get; set; }
    public string ImagePullPolicy { get; set; }

    /// <summary>Replaces the image's entry point.</summary>
    public IList<string> Command { get; set; }
    public IList<string> Args { get; set; }
    public V1SecurityContext SecurityContext { get; set; }
    public string WorkingDir { get; set; }
    public IList<V1EnvVar> Env { get; set; }
    public IList<V1EnvFromSource> EnvFrom { get; set; }
    public IList<V1ContainerPort> Ports { get; set; }
    public V1ResourceRequirements Resources { get; set; }
    public V1Probe LivenessProbe { get; set; }
    public V1Probe ReadinessProbe { get; set; }
    public V1Probe StartupProbe { get; set; }
    public IList<V1VolumeMount> VolumeMounts { get; set; }

    /// <summary><c>Always</c> makes an init container a sidecar.</summary>
    public string RestartPolicy { get; set; }

    [JsonInclude]
    [JsonExtensionData]
    internal IDictionary<string, JsonElement> Rest { get; set; }
}

/// <summary>By resource name (<c>cpu</c>, <c>memory</c>, ...): at least, and at most.</summary>
public sealed record V1ResourceRequirements
{
    public IDictionary<string, ResourceQuantity> Requests { get; set; }
    public IDictionary<string, ResourceQuantity> Limits { get; set; }

    [JsonInclude]
    [JsonExtensionData]
    internal IDictionary<string, JsonElement> Rest { get; set; }
}

/// <summary>A port that a container listens on.</summary>
public sealed record V1ContainerPort
{
    public required int ContainerPort { get; set; }
    public string Name { get; set; }
    public string Protocol { get; set; }
    public int? HostPort { get; set; }

    [JsonInclude]
    [JsonExtensionData]
    internal IDictionary<string, JsonElement> Rest { get; set; }
}

/// <summary>Where a volume appears in a container.</summary>
public sealed record V1VolumeMount
{
    public required string Name { get; set; }
    public required string MountPath { get; set; }
    public string SubPath { get; set; }

    [JsonPropertyName("readOnly")]
    public bool? ReadOnlyProperty { get; set; }

    [JsonInclude]
    [JsonExtensionData]
    internal IDictionary<string, JsonElement> Rest { get; set; }
}

/// <summary>One environment variable.</summary>
public sealed record V1EnvVar
{
    public required string Name { get; set; }

    /// <summary>May hold a secret: never shown.</summary>
    public string Value { get; set; }
    public V1EnvVarSource ValueFrom { get; set; }
}

/// <summary>Where a variable's value comes from: one of these.</summary>
public sealed record V1EnvVarSource
{
    public V1ConfigMapKeySelector ConfigMapKeyRef { get; set; }
    public V1SecretKeySelector SecretKeyRef { get; set; }
    public V1ObjectFieldSelector FieldRef { get; set; }

    [JsonInclude]
    [JsonExtensionData]
    internal IDictionary<string, JsonElement> Rest { get; set; }
}

/// <summary>A key of a ConfigMap.</summary>
public sealed record V1ConfigMapKeySelector
{
    public required string Key { get; set; }
    public string Name { get; set; }
    public bool? Optional { get; set; }
}

/// <summary>A key of a Secret.</summary>
public sealed record V1SecretKeySelector
{
    public required string Key { get; set; }
    public string Name { get; set; }
    public bool? Optional { get; set; }
}

/// <summary>A field of the pod itself.</summary>
public sealed record V1ObjectFieldSelector
{
    public required string FieldPath { get; set; }
    public string ApiVersion { get; set; }
}

/// <summary>All keys of a ConfigMap or Secret as variables.</summary>
public sealed record V1EnvFromSource
{
    public string Prefix { get; set; }
    public V1ConfigMapEnvSource ConfigMapRef { get; set; }
    public V1SecretEnvSource SecretRef { get; set; }
}

/// <summary>A ConfigMap by name.</summary>
public sealed record V1ConfigMapEnvSource
{
    public string Name { get; set; }
    public bool? Optional { get; set; }
}

/// <summary>A Secret by name.</summary>
public sealed record V1SecretEnvSource
{
    public string Name { get; set; }
    public bool? Optional { get; set; }
}
