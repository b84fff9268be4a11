using k8s.Models;

namespace k8s
{
    /// <summary>An object or a list as the API server has it. Within a list its objects leave both out.</summary>
    public interface IKubernetesObject
    {
        string ApiVersion { get; set; }
        string Kind { get; set; }
    }

    /// <summary>An object with metadata: <see cref="V1ObjectMeta"/>, or <see cref="V1ListMeta"/> of a list.</summary>
    public interface IKubernetesObject<TMetadata> : IKubernetesObject, IMetadata<TMetadata>
    {
    }
}

namespace k8s.Models
{
    /// <summary>Something with metadata.</summary>
    public interface IMetadata<T>
    {
        T Metadata { get; set; }
    }

    /// <summary>A list.</summary>
    public interface IItems<T>
    {
        IList<T> Items { get; set; }
    }
}
