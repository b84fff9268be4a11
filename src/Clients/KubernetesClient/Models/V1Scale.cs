namespace k8s.Models;

/// <summary>The scale of a workload, without the rest of it.</summary>
public sealed record V1Scale : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ObjectMeta Metadata { get; set; }
    public V1ScaleSpec Spec { get; set; }
    public V1ScaleStatus Status { get; set; }
}

/// <summary>What it is to be.</summary>
public sealed record V1ScaleSpec
{
    public int? Replicas { get; set; }
}

/// <summary>How it is.</summary>
public sealed record V1ScaleStatus
{
    public required int Replicas { get; set; }

    /// <summary>Of the pods, as text.</summary>
    public string Selector { get; set; }
}
