namespace k8s.Models;

/// <summary>A DaemonSet.</summary>
public sealed record V1DaemonSet : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ObjectMeta Metadata { get; set; }
    public V1DaemonSetSpec Spec { get; set; }
    public V1DaemonSetStatus Status { get; set; }
}

/// <summary>One page of DaemonSets.</summary>
public sealed record V1DaemonSetList : IKubernetesObject<V1ListMeta>, IItems<V1DaemonSet>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ListMeta Metadata { get; set; }
    public required IList<V1DaemonSet> Items { get; set; }
}

/// <summary>What it is to be.</summary>
public sealed record V1DaemonSetSpec
{
    public required V1LabelSelector Selector { get; set; }
    public required V1PodTemplateSpec Template { get; set; }
    public V1DaemonSetUpdateStrategy UpdateStrategy { get; set; }
    public int? MinReadySeconds { get; set; }
    public int? RevisionHistoryLimit { get; set; }
}

/// <summary>How pods are replaced.</summary>
public sealed record V1DaemonSetUpdateStrategy
{
    /// <summary><c>RollingUpdate</c> or <c>OnDelete</c>.</summary>
    public string Type { get; set; }
    public V1RollingUpdateDaemonSet RollingUpdate { get; set; }
}

/// <summary>A number of pods, or a percentage.</summary>
public sealed record V1RollingUpdateDaemonSet
{
    public IntOrString MaxSurge { get; set; }
    public IntOrString MaxUnavailable { get; set; }
}

/// <summary>How it is, in numbers of nodes.</summary>
public sealed record V1DaemonSetStatus
{
    public required int DesiredNumberScheduled { get; set; }
    public required int CurrentNumberScheduled { get; set; }
    public required int NumberMisscheduled { get; set; }
    public required int NumberReady { get; set; }
    public int? UpdatedNumberScheduled { get; set; }
    public int? NumberAvailable { get; set; }
    public int? NumberUnavailable { get; set; }
    public long? ObservedGeneration { get; set; }
    public int? CollisionCount { get; set; }
    public IList<V1DaemonSetCondition> Conditions { get; set; }
}

/// <summary>One condition of a DaemonSet.</summary>
public sealed record V1DaemonSetCondition
{
    public required string Type { get; set; }
    public required string Status { get; set; }
    public string Reason { get; set; }
    public string Message { get; set; }
    public DateTime? LastTransitionTime { get; set; }
}
