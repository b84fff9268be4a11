namespace k8s.Models;

/// <summary>Asks for the end of the pod in its metadata, if disruption budgets allow it.</summary>
public sealed record V1Eviction : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ObjectMeta Metadata { get; set; }
    public V1DeleteOptions DeleteOptions { get; set; }
}
