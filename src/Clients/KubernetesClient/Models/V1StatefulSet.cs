namespace k8s.Models;

/// <summary>A StatefulSet.</summary>
public sealed record V1StatefulSet : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ObjectMeta Metadata { get; set; }
    public V1StatefulSetSpec Spec { get; set; }
    public V1StatefulSetStatus Status { get; set; }
}

/// <summary>One page of StatefulSets.</summary>
public sealed record V1StatefulSetList : IKubernetesObject<V1ListMeta>, IItems<V1StatefulSet>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ListMeta Metadata { get; set; }
    public required IList<V1StatefulSet> Items { get; set; }
}

/// <summary>What it is to be.</summary>
public sealed record V1StatefulSetSpec
{
    /// <summary>1 when null.</summary>
    public int? Replicas { get; set; }
    public required V1LabelSelector Selector { get; set; }
    public required V1PodTemplateSpec Template { get; set; }
    public string ServiceName { get; set; }
    public IList<V1PersistentVolumeClaim> VolumeClaimTemplates { get; set; }
    public string PodManagementPolicy { get; set; }
    public V1StatefulSetUpdateStrategy UpdateStrategy { get; set; }
    public int? MinReadySeconds { get; set; }
    public int? RevisionHistoryLimit { get; set; }
}

/// <summary>How pods are replaced.</summary>
public sealed record V1StatefulSetUpdateStrategy
{
    /// <summary><c>RollingUpdate</c> or <c>OnDelete</c>.</summary>
    public string Type { get; set; }
    public V1RollingUpdateStatefulSetStrategy RollingUpdate { get; set; }
}

/// <summary>Which pods are replaced, and how many at a time.</summary>
public sealed record V1RollingUpdateStatefulSetStrategy
{
    public int? Partition { get; set; }
    public IntOrString MaxUnavailable { get; set; }
}

/// <summary>How it is. Counts are null where they are 0.</summary>
public sealed record V1StatefulSetStatus
{
    public required int Replicas { get; set; }
    public int? ReadyReplicas { get; set; }
    public int? CurrentReplicas { get; set; }
    public int? UpdatedReplicas { get; set; }
    public int? AvailableReplicas { get; set; }
    public string CurrentRevision { get; set; }
    public string UpdateRevision { get; set; }
    public long? ObservedGeneration { get; set; }
    public int? CollisionCount { get; set; }
    public IList<V1StatefulSetCondition> Conditions { get; set; }
}

/// <summary>One condition of a StatefulSet.</summary>
public sealed record V1StatefulSetCondition
{
    public required string Type { get; set; }
    public required string Status { get; set; }
    public string Reason { get; set; }
    public string Message { get; set; }
    public DateTime? LastTransitionTime { get; set; }
}
