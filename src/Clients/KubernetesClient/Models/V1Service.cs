namespace k8s.Models;

/// <summary>A Service.</summary>
public sealed record V1Service : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ObjectMeta Metadata { get; set; }
    public V1ServiceSpec Spec { get; set; }
    public V1ServiceStatus Status { get; set; }
}

/// <summary>One page of Services.</summary>
public sealed record V1ServiceList : IKubernetesObject<V1ListMeta>, IItems<V1Service>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ListMeta Metadata { get; set; }
    public required IList<V1Service> Items { get; set; }
}

/// <summary>Which pods it stands for, and how they are reached.</summary>
public sealed record V1ServiceSpec
{
    /// <summary><c>ClusterIP</c>, <c>NodePort</c>, <c>LoadBalancer</c> or <c>ExternalName</c>.</summary>
    public string Type { get; set; }

    /// <summary>Labels of the pods; null when its endpoints are managed by hand.</summary>
    public IDictionary<string, string> Selector { get; set; }
    public IList<V1ServicePort> Ports { get; set; }

    /// <summary><c>None</c> of a headless Service.</summary>
    public string ClusterIP { get; set; }
    public string ExternalName { get; set; }
    public bool? PublishNotReadyAddresses { get; set; }
}

/// <summary>One of its ports.</summary>
public sealed record V1ServicePort
{
    public string Name { get; set; }
    public string Protocol { get; set; }
    public required int Port { get; set; }

    /// <summary>The port of the pod, by number or name.</summary>
    public IntOrString TargetPort { get; set; }
    public int? NodePort { get; set; }
}

/// <summary>What the load balancer gave it.</summary>
public sealed record V1ServiceStatus
{
    public V1LoadBalancerStatus LoadBalancer { get; set; }
    public IList<V1Condition> Conditions { get; set; }
}

/// <summary>Empty while there is no load balancer.</summary>
public sealed record V1LoadBalancerStatus
{
    public IList<V1LoadBalancerIngress> Ingress { get; set; }
}

/// <summary>Where it is reached from outside.</summary>
public sealed record V1LoadBalancerIngress
{
    public string Ip { get; set; }
    public string Hostname { get; set; }
}
