using System.Text.Json;
using System.Text.Json.Serialization;

namespace k8s.Models;

/// <summary>A pod.</summary>
public sealed record V1Pod : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ObjectMeta Metadata { get; set; }
    public V1PodSpec Spec { get; set; }
    public V1PodStatus Status { get; set; }
}

/// <summary>One page of pods.</summary>
public sealed record V1PodList : IKubernetesObject<V1ListMeta>, IItems<V1Pod>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ListMeta Metadata { get; set; }
    public required IList<V1Pod> Items { get; set; }
}

/// <summary>The pods that a workload makes.</summary>
public sealed record V1PodTemplateSpec : IMetadata<V1ObjectMeta>
{
    public V1ObjectMeta Metadata { get; set; }
    public V1PodSpec Spec { get; set; }
}

/// <summary>What a pod is to be.</summary>
public sealed record V1PodSpec
{
    public required IList<V1Container> Containers { get; set; }
    public IList<V1Container> InitContainers { get; set; }
    public IList<V1Volume> Volumes { get; set; }

    /// <summary>Null until it is scheduled.</summary>
    public string NodeName { get; set; }
    public IDictionary<string, string> NodeSelector { get; set; }
    public V1PodSecurityContext SecurityContext { get; set; }
    public V1Affinity Affinity { get; set; }
    public IList<V1Toleration> Tolerations { get; set; }
    public IList<V1TopologySpreadConstraint> TopologySpreadConstraints { get; set; }

    /// <summary><c>Always</c>, <c>OnFailure</c> or <c>Never</c>.</summary>
    public string RestartPolicy { get; set; }
    public string ServiceAccountName { get; set; }
    public IList<V1LocalObjectReference> ImagePullSecrets { get; set; }
    public string PriorityClassName { get; set; }
    public int? Priority { get; set; }
    public string SchedulerName { get; set; }
    public string RuntimeClassName { get; set; }
    public bool? HostNetwork { get; set; }
    public string DnsPolicy { get; set; }
    public long? ActiveDeadlineSeconds { get; set; }
    public long? TerminationGracePeriodSeconds { get; set; }
    public IDictionary<string, ResourceQuantity> Overhead { get; set; }

    // What is not named above. The official models know these fields too, so a template that is read from one object and written to
    // another keeps them; it is the same in what a pod template and a Job consist of.
    [JsonInclude]
    [JsonExtensionData]
    internal IDictionary<string, JsonElement> Rest { get; set; }
}

/// <summary>How a pod is.</summary>
public sealed record V1PodStatus
{
    /// <summary><c>Pending</c>, <c>Running</c>, <c>Succeeded</c>, <c>Failed</c> or <c>Unknown</c>.</summary>
    public string Phase { get; set; }

    /// <summary>Such as <c>Evicted</c>.</summary>
    public string Reason { get; set; }
    public string Message { get; set; }
    public IList<V1PodCondition> Conditions { get; set; }
    public IList<V1ContainerStatus> ContainerStatuses { get; set; }
    public IList<V1ContainerStatus> InitContainerStatuses { get; set; }
    public IList<V1ContainerStatus> EphemeralContainerStatuses { get; set; }

    /// <summary>When the kubelet took it, before images are pulled; UTC.</summary>
    public DateTime? StartTime { get; set; }
    public string QosClass { get; set; }
    public string NominatedNodeName { get; set; }
    public string HostIP { get; set; }
    public string PodIP { get; set; }
}

/// <summary>One condition of a pod.</summary>
public sealed record V1PodCondition
{
    public required string Type { get; set; }

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public required string Status { get; set; }
    public string Reason { get; set; }
    public string Message { get; set; }
    public DateTime? LastProbeTime { get; set; }
    public DateTime? LastTransitionTime { get; set; }
}
