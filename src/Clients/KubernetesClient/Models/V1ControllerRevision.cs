namespace k8s.Models;

/// <summary>A state of a StatefulSet or DaemonSet that was rolled out once.</summary>
public sealed record V1ControllerRevision : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ObjectMeta Metadata { get; set; }

    /// <summary>A <see cref="System.Text.Json.JsonElement"/>: a patch with the pod template under <c>spec.template</c>.</summary>
    public object Data { get; set; }

    /// <summary>Counts up.</summary>
    public required long Revision { get; set; }
}

/// <summary>One page of revisions.</summary>
public sealed record V1ControllerRevisionList : IKubernetesObject<V1ListMeta>, IItems<V1ControllerRevision>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ListMeta Metadata { get; set; }
    public required IList<V1ControllerRevision> Items { get; set; }
}
