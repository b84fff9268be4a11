using AlertResponder.Contracts;

namespace AlertResponder.Remediation.Cluster;

/// <summary>A kind of object, and where the API has it.</summary>
internal sealed record ObjectType(string Kind, string Group, string Version, string Plural, bool Namespaced = true)
{
    private static readonly Dictionary<string, ObjectType> ByKind = new ObjectType[]
    {
        new("Pod", "", "v1", "pods"),
        new("Node", "", "v1", "nodes", Namespaced: false),
        new("PersistentVolumeClaim", "", "v1", "persistentvolumeclaims"),
        new("Deployment", "apps", "v1", "deployments"),
        new("StatefulSet", "apps", "v1", "statefulsets"),
        new("DaemonSet", "apps", "v1", "daemonsets"),
        new("ReplicaSet", "apps", "v1", "replicasets"),
        new("ControllerRevision", "apps", "v1", "controllerrevisions"),
        new("Job", "batch", "v1", "jobs"),
        new("CronJob", "batch", "v1", "cronjobs"),
        new("HorizontalPodAutoscaler", "autoscaling", "v2", "horizontalpodautoscalers"),
        new("PodDisruptionBudget", "policy", "v1", "poddisruptionbudgets"),
        new("Certificate", "cert-manager.io", "v1", "certificates"),
    }.ToDictionary(type => type.Kind, StringComparer.Ordinal);

    /// <exception cref="KeyNotFoundException">It is no kind of the catalogue.</exception>
    public static ObjectType Of(string kind) => ByKind[kind];

    public static ObjectType Of(ObjectReference target) => Of(target.Kind);

    public ActionPermission May(string verb) => new(Group, Plural, verb, !Namespaced);
}
