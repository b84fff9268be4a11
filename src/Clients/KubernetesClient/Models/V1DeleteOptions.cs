namespace k8s.Models;

/// <summary>How an object is deleted.</summary>
public sealed record V1DeleteOptions : IKubernetesObject
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }

    /// <summary>Otherwise refused with 409.</summary>
    public V1Preconditions Preconditions { get; set; }

    /// <summary><c>Foreground</c> (what it owns goes first), <c>Background</c> or <c>Orphan</c>.</summary>
    public string PropagationPolicy { get; set; }

    /// <summary>0: at once, without waiting for the kubelet.</summary>
    public long? GracePeriodSeconds { get; set; }

    /// <summary><c>All</c>: everything but the deletion.</summary>
    public IList<string> DryRun { get; set; }
}

/// <summary>What must still be so.</summary>
public sealed record V1Preconditions
{
    public string Uid { get; set; }
    public string ResourceVersion { get; set; }
}
