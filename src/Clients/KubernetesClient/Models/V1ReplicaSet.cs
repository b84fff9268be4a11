namespace k8s.Models;

/// <summary>A ReplicaSet.</summary>
public sealed record V1ReplicaSet : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ObjectMeta Metadata { get; set; }
    public V1ReplicaSetSpec Spec { get; set; }
    public V1ReplicaSetStatus Status { get; set; }
}

/// <summary>One page of ReplicaSets.</summary>
public sealed record V1ReplicaSetList : IKubernetesObject<V1ListMeta>, IItems<V1ReplicaSet>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ListMeta Metadata { get; set; }
    public required IList<V1ReplicaSet> Items { get; set; }
}

/// <summary>What it is to be.</summary>
public sealed record V1ReplicaSetSpec
{
    /// <summary>1 when null.</summary>
    public int? Replicas { get; set; }
    public required V1LabelSelector Selector { get; set; }
    public V1PodTemplateSpec Template { get; set; }
    public int? MinReadySeconds { get; set; }
}

/// <summary>How it is. Counts are null where they are 0.</summary>
public sealed record V1ReplicaSetStatus
{
    public required int Replicas { get; set; }
    public int? FullyLabeledReplicas { get; set; }
    public int? ReadyReplicas { get; set; }
    public int? AvailableReplicas { get; set; }
    public long? ObservedGeneration { get; set; }
    public IList<V1ReplicaSetCondition> Conditions { get; set; }
}

/// <summary><c>ReplicaFailure</c>, such as a quota's refusal.</summary>
public sealed record V1ReplicaSetCondition
{
    public required string Type { get; set; }
    public required string Status { get; set; }
    public string Reason { get; set; }
    public string Message { get; set; }
    public DateTime? LastTransitionTime { get; set; }
}
