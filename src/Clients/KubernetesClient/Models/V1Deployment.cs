namespace k8s.Models;

/// <summary>A Deployment.</summary>
public sealed record V1Deployment : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ObjectMeta Metadata { get; set; }
    public V1DeploymentSpec Spec { get; set; }
    public V1DeploymentStatus Status { get; set; }
}

/// <summary>One page of Deployments.</summary>
public sealed record V1DeploymentList : IKubernetesObject<V1ListMeta>, IItems<V1Deployment>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ListMeta Metadata { get; set; }
    public required IList<V1Deployment> Items { get; set; }
}

/// <summary>What it is to be.</summary>
public sealed record V1DeploymentSpec
{
    /// <summary>1 when null.</summary>
    public int? Replicas { get; set; }
    public required V1LabelSelector Selector { get; set; }
    public required V1PodTemplateSpec Template { get; set; }
    public V1DeploymentStrategy Strategy { get; set; }
    public bool? Paused { get; set; }
    public int? MinReadySeconds { get; set; }
    public int? ProgressDeadlineSeconds { get; set; }
    public int? RevisionHistoryLimit { get; set; }
}

/// <summary>How pods are replaced.</summary>
public sealed record V1DeploymentStrategy
{
    /// <summary><c>RollingUpdate</c> or <c>Recreate</c>.</summary>
    public string Type { get; set; }
    public V1RollingUpdateDeployment RollingUpdate { get; set; }
}

/// <summary>A number of pods, or a percentage.</summary>
public sealed record V1RollingUpdateDeployment
{
    public IntOrString MaxSurge { get; set; }
    public IntOrString MaxUnavailable { get; set; }
}

/// <summary>How it is. Counts are null where they are 0.</summary>
public sealed record V1DeploymentStatus
{
    public long? ObservedGeneration { get; set; }
    public int? Replicas { get; set; }
    public int? UpdatedReplicas { get; set; }
    public int? ReadyReplicas { get; set; }
    public int? AvailableReplicas { get; set; }
    public int? UnavailableReplicas { get; set; }
    public int? CollisionCount { get; set; }
    public IList<V1DeploymentCondition> Conditions { get; set; }
}

/// <summary><c>Available</c>, <c>Progressing</c> or <c>ReplicaFailure</c>.</summary>
public sealed record V1DeploymentCondition
{
    public required string Type { get; set; }
    public required string Status { get; set; }

    /// <summary>Such as <c>ProgressDeadlineExceeded</c>.</summary>
    public string Reason { get; set; }
    public string Message { get; set; }
    public DateTime? LastTransitionTime { get; set; }
    public DateTime? LastUpdateTime { get; set; }
}
