namespace AlertResponder.Simulators.Cluster.Api;

/// <summary>One kind of object, as discovery names it.</summary>
/// <param name="Group">Empty for the core group.</param>
/// <param name="Version">Of the group.</param>
/// <param name="Plural">The name in paths.</param>
/// <param name="Kind">The name in objects.</param>
/// <param name="Namespaced">False for cluster-scoped kinds.</param>
/// <param name="ShortNames">What kubectl also takes.</param>
internal sealed record ResourceType(string Group, string Version, string Plural, string Kind, bool Namespaced, params string[] ShortNames)
{
    public bool BuiltIn { get; init; } = true;

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary><c>pods</c>, <c>cronjobs.batch</c>.</summary>
    public string QualifiedPlural => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary><c>Pod</c>, <c>CronJob.batch</c>.</summary>
    public string QualifiedKind => Group.Length == 0 ? Kind : $"{Kind}.{Group}";

    /// <summary>Whether objects count the changes of their spec.</summary>
    public bool HasGeneration => Group is "apps" or "batch" or "policy" or "networking.k8s.io" or "apiextensions.k8s.io" || !BuiltIn;

    /// <summary>Asked, not kept: access reviews.</summary>
    public bool IsReview => Group == "authorization.k8s.io";

    /// <summary>Where an object holds the spec of the pods that it makes, or is; null for other kinds.</summary>
    public string[]? PodSpec => Kind switch
    {
        "Pod" => ["spec"],
        "CronJob" => ["spec", "jobTemplate", "spec", "template", "spec"],
        "Deployment" or "ReplicaSet" or "StatefulSet" or "DaemonSet" or "Job" or "ReplicationController" => ["spec", "template", "spec"],
        _ => null,
    };

    public bool HasStatus => PodSpec is not null || Kind is "Node" or "Namespace" or "PersistentVolumeClaim" or "PodDisruptionBudget" || !BuiltIn;

    public bool Scales => Kind is "Deployment" or "ReplicaSet" or "StatefulSet";
}

/// <summary>The kinds that this cluster knows: Kubernetes' own that matter here, and those of the manifests.</summary>
internal sealed class ResourceCatalog
{
    private readonly List<ResourceType> _types =
    [
        new("", "v1", "configmaps", "ConfigMap", true, "cm"),
        new("", "v1", "endpoints", "Endpoints", true, "ep"),
        new("", "v1", "events", "Event", true, "ev"),
        new("", "v1", "limitranges", "LimitRange", true, "limits"),
        new("", "v1", "namespaces", "Namespace", false, "ns"),
        new("", "v1", "nodes", "Node", false, "no"),
        new("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", true, "pvc"),
        new("", "v1", "persistentvolumes", "PersistentVolume", false, "pv"),
        new("", "v1", "pods", "Pod", true, "po"),
        new("", "v1", "replicationcontrollers", "ReplicationController", true, "rc"),
        new("", "v1", "resourcequotas", "ResourceQuota", true, "quota"),
        new("", "v1", "secrets", "Secret", true),
        new("", "v1", "serviceaccounts", "ServiceAccount", true, "sa"),
        new("", "v1", "services", "Service", true, "svc"),
        new("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", false, "crd", "crds"),
        new("apps", "v1", "controllerrevisions", "ControllerRevision", true),
        new("apps", "v1", "daemonsets", "DaemonSet", true, "ds"),
        new("apps", "v1", "deployments", "Deployment", true, "deploy"),
        new("apps", "v1", "replicasets", "ReplicaSet", true, "rs"),
        new("apps", "v1", "statefulsets", "StatefulSet", true, "sts"),
        new("authorization.k8s.io", "v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview", false),
        new("authorization.k8s.io", "v1", "subjectaccessreviews", "SubjectAccessReview", false),
        new("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", true, "hpa"),
        new("batch", "v1", "cronjobs", "CronJob", true, "cj"),
        new("batch", "v1", "jobs", "Job", true),
        new("coordination.k8s.io", "v1", "leases", "Lease", true),
        new("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true),
        new("networking.k8s.io", "v1", "ingresses", "Ingress", true, "ing"),
        new("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", true, "netpol"),
        new("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", true, "pdb"),
        new("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", false),
        new("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", false),
        new("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", true),
        new("rbac.authorization.k8s.io", "v1", "roles", "Role", true),
        new("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", false, "pc"),
        new("storage.k8s.io", "v1", "storageclasses", "StorageClass", false, "sc"),
        new("storage.k8s.io", "v1", "volumeattachments", "VolumeAttachment", false),
    ];

    // Of the metrics server, which a cluster need not have: there as soon as there are objects of them.
    private static readonly ResourceType[] Metrics =
    [
        new("metrics.k8s.io", "v1beta1", "nodes", "NodeMetrics", false),
        new("metrics.k8s.io", "v1beta1", "pods", "PodMetrics", true),
    ];

    public IReadOnlyList<ResourceType> Types => _types;

    public ResourceType? Find(string group, string version, string plural) =>
        _types.Find(type => type.Group == group && type.Version == version && type.Plural == plural);

    public ResourceType? FindKind(string kind) => _types.Find(type => type.Kind == kind);

    public ResourceType? FindKind(string apiVersion, string kind) =>
        _types.Find(type => type.ApiVersion == apiVersion && type.Kind == kind);

    /// <summary>Whether Kubernetes itself owns the group: asking it for a version or kind that it lacks is a caller's mistake.</summary>
    public bool IsBuiltInGroup(string group) =>
        !group.Contains('.', StringComparison.Ordinal) || _types.Exists(type => type.BuiltIn && type.Group == group);

    public void Add(ResourceType type)
    {
        if (Find(type.Group, type.Version, type.Plural) is null)
            _types.Add(type with { BuiltIn = false });
    }

    /// <summary>A kind that comes without its definition.</summary>
    public static ResourceType Undefined(string group, string version, string kind, bool namespaced) =>
        Array.Find(Metrics, type => type.Group == group && type.Version == version && type.Kind == kind)
        ?? new ResourceType(group, version, GuessPlural(kind), kind, namespaced);

    /// <summary>For a kind that comes without its definition: the plural by the rules of English, as kubectl guesses it.</summary>
    private static string GuessPlural(string kind)
    {
        var singular = kind.ToLowerInvariant();
        return singular switch
        {
            [.., 's'] or [.., 'x'] or [.., 'c', 'h'] or [.., 's', 'h'] => singular + "es",
            [.., 'y'] => singular[..^1] + "ies",
            _ => singular + "s",
        };
    }
}
