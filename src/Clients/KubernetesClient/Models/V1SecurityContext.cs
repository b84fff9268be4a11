using System.Text.Json;
using System.Text.Json.Serialization;

namespace k8s.Models;

/// <summary>Who a container's processes are; what it leaves open, the pod says.</summary>
public sealed record V1SecurityContext
{
    public long? RunAsUser { get; set; }

    [JsonInclude]
    [JsonExtensionData]
    internal IDictionary<string, JsonElement> Rest { get; set; }
}

/// <summary>Who the processes of all containers are.</summary>
public sealed record V1PodSecurityContext
{
    public long? RunAsUser { get; set; }

    /// <summary>The group that owns the pod's volumes.</summary>
    public long? FsGroup { get; set; }

    [JsonInclude]
    [JsonExtensionData]
    internal IDictionary<string, JsonElement> Rest { get; set; }
}
