namespace k8s.Models;

/// <summary>The pods behind the Service of the same name.</summary>
public sealed record V1Endpoints : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ObjectMeta Metadata { get; set; }

    /// <summary>Null or empty when no pod matches the Service.</summary>
    public IList<V1EndpointSubset> Subsets { get; set; }
}

/// <summary>One page of Endpoints.</summary>
public sealed record V1EndpointsList : IKubernetesObject<V1ListMeta>, IItems<V1Endpoints>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ListMeta Metadata { get; set; }
    public required IList<V1Endpoints> Items { get; set; }
}

/// <summary>Addresses that share ports.</summary>
public sealed record V1EndpointSubset
{
    /// <summary>Those that get traffic.</summary>
    public IList<V1EndpointAddress> Addresses { get; set; }
    public IList<V1EndpointAddress> NotReadyAddresses { get; set; }
    public IList<Corev1EndpointPort> Ports { get; set; }
}

/// <summary>One address.</summary>
public sealed record V1EndpointAddress
{
    public required string Ip { get; set; }
    public string Hostname { get; set; }
    public string NodeName { get; set; }

    /// <summary>The pod.</summary>
    public V1ObjectReference TargetRef { get; set; }
}

/// <summary>One port.</summary>
public sealed record Corev1EndpointPort
{
    public string Name { get; set; }
    public required int Port { get; set; }
    public string Protocol { get; set; }
}
