using System.Text.Json.Serialization;

namespace k8s.Models;

/// <summary>What traffic pods may have.</summary>
public sealed record V1NetworkPolicy : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ObjectMeta Metadata { get; set; }
    public V1NetworkPolicySpec Spec { get; set; }
}

/// <summary>One page of network policies.</summary>
public sealed record V1NetworkPolicyList : IKubernetesObject<V1ListMeta>, IItems<V1NetworkPolicy>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ListMeta Metadata { get; set; }
    public required IList<V1NetworkPolicy> Items { get; set; }
}

/// <summary>Allows what a rule names; the rest of a direction in <see cref="PolicyTypes"/> is denied.</summary>
public sealed record V1NetworkPolicySpec
{
    /// <summary>The pods it is about; empty: all of the namespace.</summary>
    public required V1LabelSelector PodSelector { get; set; }

    /// <summary><c>Ingress</c>, <c>Egress</c>.</summary>
    public IList<string> PolicyTypes { get; set; }
    public IList<V1NetworkPolicyIngressRule> Ingress { get; set; }
    public IList<V1NetworkPolicyEgressRule> Egress { get; set; }
}

/// <summary>Who may call, and at which ports; null: all.</summary>
public sealed record V1NetworkPolicyIngressRule
{
    [JsonPropertyName("from")]
    public IList<V1NetworkPolicyPeer> FromProperty { get; set; }
    public IList<V1NetworkPolicyPort> Ports { get; set; }
}

/// <summary>Who may be called, and at which ports; null: all.</summary>
public sealed record V1NetworkPolicyEgressRule
{
    public IList<V1NetworkPolicyPeer> To { get; set; }
    public IList<V1NetworkPolicyPort> Ports { get; set; }
}

/// <summary>Pods by their labels and those of their namespace, or addresses.</summary>
public sealed record V1NetworkPolicyPeer
{
    public V1LabelSelector PodSelector { get; set; }
    public V1LabelSelector NamespaceSelector { get; set; }
    public V1IPBlock IpBlock { get; set; }
}

/// <summary>A range of addresses without some of its own ranges.</summary>
public sealed record V1IPBlock
{
    public required string Cidr { get; set; }
    public IList<string> Except { get; set; }
}

/// <summary>One port, or those up to <see cref="EndPort"/>.</summary>
public sealed record V1NetworkPolicyPort
{
    public string Protocol { get; set; }
    public IntOrString Port { get; set; }
    public int? EndPort { get; set; }
}
