namespace k8s.Models;

/// <summary>A node.</summary>
public sealed record V1Node : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ObjectMeta Metadata { get; set; }
    public V1NodeSpec Spec { get; set; }
    public V1NodeStatus Status { get; set; }
}

/// <summary>One page of nodes.</summary>
public sealed record V1NodeList : IKubernetesObject<V1ListMeta>, IItems<V1Node>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ListMeta Metadata { get; set; }
    public required IList<V1Node> Items { get; set; }
}

/// <summary>What a node is to be.</summary>
public sealed record V1NodeSpec
{
    /// <summary>True when it is cordoned.</summary>
    public bool? Unschedulable { get; set; }
    public IList<V1Taint> Taints { get; set; }
    public string PodCIDR { get; set; }
    public string ProviderID { get; set; }
}

/// <summary>Keeps away pods that don't tolerate it.</summary>
public sealed record V1Taint
{
    public required string Key { get; set; }
    public string Value { get; set; }

    /// <summary><c>NoSchedule</c>, <c>PreferNoSchedule</c> or <c>NoExecute</c>.</summary>
    public required string Effect { get; set; }
    public DateTime? TimeAdded { get; set; }
}

/// <summary>How a node is.</summary>
public sealed record V1NodeStatus
{
    public IList<V1NodeCondition> Conditions { get; set; }

    /// <summary>All it has.</summary>
    public IDictionary<string, ResourceQuantity> Capacity { get; set; }

    /// <summary>What pods may have of it.</summary>
    public IDictionary<string, ResourceQuantity> Allocatable { get; set; }
    public V1NodeSystemInfo NodeInfo { get; set; }
    public IList<V1NodeAddress> Addresses { get; set; }
}

/// <summary><c>Ready</c>, or a pressure.</summary>
public sealed record V1NodeCondition
{
    public required string Type { get; set; }

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public required string Status { get; set; }
    public string Reason { get; set; }
    public string Message { get; set; }
    public DateTime? LastHeartbeatTime { get; set; }
    public DateTime? LastTransitionTime { get; set; }
}

/// <summary>One of its addresses.</summary>
public sealed record V1NodeAddress
{
    public required string Type { get; set; }
    public required string Address { get; set; }
}

/// <summary>What it runs on.</summary>
public sealed record V1NodeSystemInfo
{
    /// <summary>As Go names it: <c>amd64</c>, <c>arm64</c>, ...</summary>
    public required string Architecture { get; set; }
    public required string OperatingSystem { get; set; }
    public required string OsImage { get; set; }
    public required string KernelVersion { get; set; }
    public required string ContainerRuntimeVersion { get; set; }
    public required string KubeletVersion { get; set; }
    public required string KubeProxyVersion { get; set; }
    public required string MachineID { get; set; }
    public required string SystemUUID { get; set; }
    public required string BootID { get; set; }
}
