using System.Text.Json.Serialization.Metadata;
using k8s;
using k8s.Models;

namespace AlertResponder.Connections.Kubernetes;

/// <summary>
/// What an object has to have for us to read it: an answer without is no answer, and not an object with nulls that fails later, elsewhere. The
/// package requires nothing any more.
/// </summary>
internal static class RequiredFields
{
    private static readonly Dictionary<Type, string[]> Fields = new()
    {
        [typeof(Corev1Event)] = ["metadata", "involvedObject"],
        [typeof(V1OwnerReference)] = ["kind", "name", "uid"],
        [typeof(V1PodSpec)] = ["containers"],
        [typeof(V1Container)] = ["name"],
        [typeof(V1ContainerStatus)] = ["name", "image", "imageID", "ready", "restartCount"],
        [typeof(V1ContainerStateTerminated)] = ["exitCode"],
        [typeof(V1Taint)] = ["key", "effect"],
        [typeof(V1PodCondition)] = ["type", "status"],
        [typeof(V1NodeCondition)] = ["type", "status"],
        [typeof(V1DeploymentCondition)] = ["type", "status"],
        [typeof(V1JobCondition)] = ["type", "status"],
        [typeof(V1Condition)] = ["type", "status"],
        [typeof(V1DeploymentSpec)] = ["selector", "template"],
        [typeof(V1StatefulSetSpec)] = ["selector", "template"],
        [typeof(V1DaemonSetSpec)] = ["selector", "template"],
        [typeof(V1ReplicaSetSpec)] = ["selector"],
        [typeof(V1JobSpec)] = ["template"],
        [typeof(V1CronJobSpec)] = ["schedule", "jobTemplate"],
        [typeof(V1SubjectAccessReviewStatus)] = ["allowed"],
    };

    /// <summary>A modifier of the client's JSON contracts.</summary>
    public static void Require(JsonTypeInfo info)
    {
        // Reviews and evictions are answered with what was asked; of objects and lists metadata and items are what there is.
        var isKept = typeof(IKubernetesObject<V1ObjectMeta>).IsAssignableFrom(info.Type) && info.Type.GetProperty("Status") is not null
            && !info.Type.Name.EndsWith("Review", StringComparison.Ordinal);
        var fields = Fields.GetValueOrDefault(info.Type) ?? (isKept ? ["metadata"] : typeof(IKubernetesObject<V1ListMeta>).IsAssignableFrom(info.Type) && info.Type != typeof(V1Status) ? ["items"] : []);
        foreach (var property in info.Properties.Where(property => fields.Contains(property.Name, StringComparer.Ordinal)))
        {
            property.IsRequired = true;
        }
    }
}
