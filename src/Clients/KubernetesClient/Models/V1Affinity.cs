using System.Text.Json;
using System.Text.Json.Serialization;

namespace k8s.Models;

/// <summary>Where a pod may or would rather run.</summary>
public sealed record V1Affinity
{
    public V1NodeAffinity NodeAffinity { get; set; }
    public V1PodAffinity PodAffinity { get; set; }
    public V1PodAntiAffinity PodAntiAffinity { get; set; }
}

/// <summary>By labels of nodes.</summary>
public sealed record V1NodeAffinity
{
    public V1NodeSelector RequiredDuringSchedulingIgnoredDuringExecution { get; set; }
    public IList<V1PreferredSchedulingTerm> PreferredDuringSchedulingIgnoredDuringExecution { get; set; }
}

/// <summary>Any of the terms.</summary>
public sealed record V1NodeSelector
{
    public required IList<V1NodeSelectorTerm> NodeSelectorTerms { get; set; }
}

/// <summary>All of the requirements.</summary>
public sealed record V1NodeSelectorTerm
{
    public IList<V1NodeSelectorRequirement> MatchExpressions { get; set; }
    public IList<V1NodeSelectorRequirement> MatchFields { get; set; }
}

/// <summary>One condition on a node's label or field.</summary>
public sealed record V1NodeSelectorRequirement
{
    public required string Key { get; set; }

    /// <summary><c>In</c>, <c>NotIn</c>, <c>Exists</c>, <c>DoesNotExist</c>, <c>Gt</c> or <c>Lt</c>.</summary>
    [JsonPropertyName("operator")]
    public required string OperatorProperty { get; set; }
    public IList<string> Values { get; set; }
}

/// <summary>A preference, weight 1 to 100.</summary>
public sealed record V1PreferredSchedulingTerm
{
    public required int Weight { get; set; }
    public required V1NodeSelectorTerm Preference { get; set; }
}

/// <summary>Near other pods.</summary>
public sealed record V1PodAffinity
{
    public IList<V1PodAffinityTerm> RequiredDuringSchedulingIgnoredDuringExecution { get; set; }
    public IList<V1WeightedPodAffinityTerm> PreferredDuringSchedulingIgnoredDuringExecution { get; set; }
}

/// <summary>Away from other pods.</summary>
public sealed record V1PodAntiAffinity
{
    public IList<V1PodAffinityTerm> RequiredDuringSchedulingIgnoredDuringExecution { get; set; }
    public IList<V1WeightedPodAffinityTerm> PreferredDuringSchedulingIgnoredDuringExecution { get; set; }
}

/// <summary>Which pods, and how near.</summary>
public sealed record V1PodAffinityTerm
{
    /// <summary>The node label within whose values «near» is measured.</summary>
    public required string TopologyKey { get; set; }
    public V1LabelSelector LabelSelector { get; set; }
    public IList<string> Namespaces { get; set; }
    public V1LabelSelector NamespaceSelector { get; set; }

    [JsonInclude]
    [JsonExtensionData]
    internal IDictionary<string, JsonElement> Rest { get; set; }
}

/// <summary>A preference, weight 1 to 100.</summary>
public sealed record V1WeightedPodAffinityTerm
{
    public required int Weight { get; set; }
    public required V1PodAffinityTerm PodAffinityTerm { get; set; }
}

/// <summary>A taint that the pod bears. No key with <c>Exists</c> bears them all; no effect, all effects.</summary>
public sealed record V1Toleration
{
    public string Key { get; set; }

    /// <summary><c>Exists</c> or <c>Equal</c>, the default.</summary>
    [JsonPropertyName("operator")]
    public string OperatorProperty { get; set; }
    public string Value { get; set; }
    public string Effect { get; set; }
    public long? TolerationSeconds { get; set; }
}

/// <summary>How evenly pods spread over nodes.</summary>
public sealed record V1TopologySpreadConstraint
{
    public required int MaxSkew { get; set; }
    public required string TopologyKey { get; set; }
    public required string WhenUnsatisfiable { get; set; }
    public V1LabelSelector LabelSelector { get; set; }

    [JsonInclude]
    [JsonExtensionData]
    internal IDictionary<string, JsonElement> Rest { get; set; }
}
