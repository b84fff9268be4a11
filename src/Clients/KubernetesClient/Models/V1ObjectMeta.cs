using System.Text.Json.Serialization;

namespace k8s.Models;

/// <summary>What every object carries: its name, labels, owners and ages. Times are UTC.</summary>
public sealed record V1ObjectMeta
{
    public string Name { get; set; }

    /// <summary>Null for cluster-scoped kinds.</summary>
    [JsonPropertyName("namespace")]
    public string NamespaceProperty { get; set; }
    public string GenerateName { get; set; }
    public string Uid { get; set; }
    public string ResourceVersion { get; set; }

    /// <summary>Counts changes of the spec.</summary>
    public long? Generation { get; set; }
    public DateTime? CreationTimestamp { get; set; }

    /// <summary>Set while the object waits to be gone.</summary>
    public DateTime? DeletionTimestamp { get; set; }
    public long? DeletionGracePeriodSeconds { get; set; }
    public IDictionary<string, string> Labels { get; set; }
    public IDictionary<string, string> Annotations { get; set; }
    public IList<string> Finalizers { get; set; }
    public IList<V1OwnerReference> OwnerReferences { get; set; }

    /// <summary>Who set which fields.</summary>
    public IList<V1ManagedFieldsEntry> ManagedFields { get; set; }
}

/// <summary>The fields that one manager has set in one way.</summary>
public sealed record V1ManagedFieldsEntry
{
    /// <summary>The <c>fieldManager</c> of its requests.</summary>
    public string Manager { get; set; }

    /// <summary><c>Apply</c> or <c>Update</c>.</summary>
    public string Operation { get; set; }
    public string ApiVersion { get; set; }
    public string Subresource { get; set; }
    public DateTime? Time { get; set; }
    public string FieldsType { get; set; }

    /// <summary>A <see cref="System.Text.Json.JsonElement"/>: a tree of the fields' names.</summary>
    public object FieldsV1 { get; set; }
}

/// <summary>An object that owns this one; at most one of an object's owners is its controller.</summary>
public sealed record V1OwnerReference
{
    public required string ApiVersion { get; set; }
    public required string Kind { get; set; }
    public required string Name { get; set; }
    public required string Uid { get; set; }
    public bool? Controller { get; set; }
    public bool? BlockOwnerDeletion { get; set; }
}

/// <summary>What a list carries.</summary>
public sealed record V1ListMeta
{
    public string ResourceVersion { get; set; }

    /// <summary>Hand it back to get the next page; null or empty on the last one.</summary>
    [JsonPropertyName("continue")]
    public string ContinueProperty { get; set; }

    /// <summary>How many are left after this page, where the server knows.</summary>
    public long? RemainingItemCount { get; set; }
}

/// <summary>Names another object, or a part of it.</summary>
public sealed record V1ObjectReference
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public string Name { get; set; }

    [JsonPropertyName("namespace")]
    public string NamespaceProperty { get; set; }
    public string Uid { get; set; }
    public string ResourceVersion { get; set; }

    /// <summary>Such as <c>spec.containers{web}</c>.</summary>
    public string FieldPath { get; set; }
}

/// <summary>Names an object in the same namespace.</summary>
public sealed record V1LocalObjectReference
{
    public string Name { get; set; }
}

/// <summary>Which labels match: all of both lists.</summary>
public sealed record V1LabelSelector
{
    public IDictionary<string, string> MatchLabels { get; set; }
    public IList<V1LabelSelectorRequirement> MatchExpressions { get; set; }
}

/// <summary>One condition on a label.</summary>
public sealed record V1LabelSelectorRequirement
{
    public required string Key { get; set; }

    /// <summary><c>In</c>, <c>NotIn</c>, <c>Exists</c> or <c>DoesNotExist</c>.</summary>
    [JsonPropertyName("operator")]
    public required string OperatorProperty { get; set; }
    public IList<string> Values { get; set; }
}
