using AlertResponder.Contracts;
using k8s;
using k8s.Models;

namespace AlertResponder.Enrichment.Cluster;

/// <summary>Each thing that evidence is made of, under the one name by which reads of it are shared.</summary>
internal static class ObjectReads
{
    // A page: what a namespace has more of is not gone through for one incident.
    private const int MostListed = 250;
    private const int MostNodes = 500;

    public static Task<ClusterRead<V1Pod>> PodAsync(this ClusterReads reads, string @namespace, string name) =>
        reads.ReadAsync($"Pod {@namespace}/{name}", (api, token) => api.CoreV1.ReadNamespacedPodAsync(name, @namespace, cancellationToken: token));

    public static async Task<IReadOnlyList<V1Pod>> PodsAsync(this ClusterReads reads, string @namespace, string selector) =>
        Items((await reads.ReadAsync($"pods of {@namespace} with {selector}", (api, token) =>
            api.CoreV1.ListNamespacedPodAsync(@namespace, labelSelector: selector, limit: MostListed, cancellationToken: token))).Value);

    public static async Task<IReadOnlyList<V1Pod>> AllPodsAsync(this ClusterReads reads, string @namespace) =>
        Items((await reads.ReadAsync($"pods of {@namespace}", (api, token) =>
            api.CoreV1.ListNamespacedPodAsync(@namespace, limit: MostListed, cancellationToken: token))).Value);

    public static Task<ClusterRead<string>> LogAsync(this ClusterReads reads, ObjectReference container, bool previous) =>
        reads.ReadLogAsync($"{(previous ? "previous log" : "log")} of {container}", (api, token) => api.CoreV1.ReadNamespacedPodLogAsync(
            container.Name,
            container.Namespace,
            container: container.Container,
            limitBytes: LogTail.LimitBytes,
            previous: previous,
            tailLines: LogTail.Lines,
            cancellationToken: token));

    /// <summary>The events about an object; those of cluster-scoped objects are in the namespace <c>default</c>.</summary>
    public static async Task<IReadOnlyList<Corev1Event>> EventsAsync(this ClusterReads reads, ObjectReference about) =>
        Items((await reads.ReadAsync($"events of {about}", (api, token) => api.CoreV1.ListNamespacedEventAsync(
            about.Namespace ?? "default",
            fieldSelector: $"involvedObject.kind={about.Kind},involvedObject.name={about.Name}",
            limit: MostListed,
            cancellationToken: token))).Value);

    public static async Task<IReadOnlyList<Corev1Event>> WarningsAsync(this ClusterReads reads, string @namespace) =>
        Items((await reads.ReadAsync($"events of {@namespace}", (api, token) =>
            api.CoreV1.ListNamespacedEventAsync(@namespace, fieldSelector: "type=Warning", limit: MostListed, cancellationToken: token))).Value);

    public static async Task<V1Node?> NodeAsync(this ClusterReads reads, string name) =>
        (await reads.ReadAsync($"Node {name}", (api, token) => api.CoreV1.ReadNodeAsync(name, cancellationToken: token))).Value;

    public static async Task<IReadOnlyList<V1Node>> NodesAsync(this ClusterReads reads) =>
        Items((await reads.ReadAsync("nodes", (api, token) => api.CoreV1.ListNodeAsync(limit: MostNodes, cancellationToken: token))).Value);

    /// <summary>The pods on a node, of all namespaces.</summary>
    public static async Task<IReadOnlyList<V1Pod>> PodsOnAsync(this ClusterReads reads, string node) =>
        Items((await reads.ReadAsync($"pods on Node {node}", (api, token) =>
            api.CoreV1.ListPodForAllNamespacesAsync(fieldSelector: $"spec.nodeName={node}", limit: MostListed, cancellationToken: token))).Value);

    public static async Task<V1Namespace?> NamespaceAsync(this ClusterReads reads, string name) =>
        (await reads.ReadAsync($"Namespace {name}", (api, token) => api.CoreV1.ReadNamespaceAsync(name, cancellationToken: token))).Value;

    public static Task<ClusterRead<V1Deployment>> DeploymentAsync(this ClusterReads reads, string @namespace, string name) =>
        reads.ReadAsync($"Deployment {@namespace}/{name}", (api, token) =>
            api.AppsV1.ReadNamespacedDeploymentAsync(name, @namespace, cancellationToken: token));

    public static Task<ClusterRead<V1StatefulSet>> StatefulSetAsync(this ClusterReads reads, string @namespace, string name) =>
        reads.ReadAsync($"StatefulSet {@namespace}/{name}", (api, token) =>
            api.AppsV1.ReadNamespacedStatefulSetAsync(name, @namespace, cancellationToken: token));

    public static Task<ClusterRead<V1DaemonSet>> DaemonSetAsync(this ClusterReads reads, string @namespace, string name) =>
        reads.ReadAsync($"DaemonSet {@namespace}/{name}", (api, token) =>
            api.AppsV1.ReadNamespacedDaemonSetAsync(name, @namespace, cancellationToken: token));

    public static Task<ClusterRead<V1ReplicaSet>> ReplicaSetAsync(this ClusterReads reads, string @namespace, string name) =>
        reads.ReadAsync($"ReplicaSet {@namespace}/{name}", (api, token) =>
            api.AppsV1.ReadNamespacedReplicaSetAsync(name, @namespace, cancellationToken: token));

    public static Task<ClusterRead<V1Job>> JobAsync(this ClusterReads reads, string @namespace, string name) =>
        reads.ReadAsync($"Job {@namespace}/{name}", (api, token) =>
            api.BatchV1.ReadNamespacedJobAsync(name, @namespace, cancellationToken: token));

    public static Task<ClusterRead<V1CronJob>> CronJobAsync(this ClusterReads reads, string @namespace, string name) =>
        reads.ReadAsync($"CronJob {@namespace}/{name}", (api, token) =>
            api.BatchV1.ReadNamespacedCronJobAsync(name, @namespace, cancellationToken: token));

    public static async Task<IReadOnlyList<V1Job>> JobsAsync(this ClusterReads reads, string @namespace) =>
        Items((await reads.ReadAsync($"Jobs of {@namespace}", (api, token) =>
            api.BatchV1.ListNamespacedJobAsync(@namespace, limit: MostListed, cancellationToken: token))).Value);

    public static async Task<IReadOnlyList<V1ReplicaSet>> ReplicaSetsAsync(this ClusterReads reads, string @namespace, string selector) =>
        Items((await reads.ReadAsync($"ReplicaSets of {@namespace} with {selector}", (api, token) =>
            api.AppsV1.ListNamespacedReplicaSetAsync(@namespace, labelSelector: selector, limit: MostListed, cancellationToken: token))).Value);

    public static async Task<IReadOnlyList<V1ControllerRevision>> ControllerRevisionsAsync(this ClusterReads reads, string @namespace, string selector) =>
        Items((await reads.ReadAsync($"ControllerRevisions of {@namespace} with {selector}", (api, token) =>
            api.AppsV1.ListNamespacedControllerRevisionAsync(@namespace, labelSelector: selector, limit: MostListed, cancellationToken: token))).Value);

    public static Task<ClusterRead<V1PersistentVolumeClaim>> ClaimAsync(this ClusterReads reads, string @namespace, string name) =>
        reads.ReadAsync($"PersistentVolumeClaim {@namespace}/{name}", (api, token) =>
            api.CoreV1.ReadNamespacedPersistentVolumeClaimAsync(name, @namespace, cancellationToken: token));

    public static Task<ClusterRead<V1PersistentVolume>> VolumeAsync(this ClusterReads reads, string name) =>
        reads.ReadAsync($"PersistentVolume {name}", (api, token) => api.CoreV1.ReadPersistentVolumeAsync(name, cancellationToken: token));

    public static Task<ClusterRead<V1StorageClass>> StorageClassAsync(this ClusterReads reads, string name) =>
        reads.ReadAsync($"StorageClass {name}", (api, token) => api.StorageV1.ReadStorageClassAsync(name, cancellationToken: token));

    public static async Task<IReadOnlyList<V1ResourceQuota>> QuotasAsync(this ClusterReads reads, string @namespace) =>
        Items((await reads.ReadAsync($"ResourceQuotas of {@namespace}", (api, token) =>
            api.CoreV1.ListNamespacedResourceQuotaAsync(@namespace, limit: MostListed, cancellationToken: token))).Value);

    public static async Task<IReadOnlyList<V1ResourceQuota>> AllQuotasAsync(this ClusterReads reads) =>
        Items((await reads.ReadAsync("ResourceQuotas", (api, token) => api.CoreV1.ListResourceQuotaForAllNamespacesAsync(limit: MostListed, cancellationToken: token))).Value);

    public static async Task<IReadOnlyList<V2HorizontalPodAutoscaler>> AutoscalersAsync(this ClusterReads reads, string @namespace) =>
        Items((await reads.ReadAsync($"HorizontalPodAutoscalers of {@namespace}", (api, token) =>
            api.AutoscalingV2.ListNamespacedHorizontalPodAutoscalerAsync(@namespace, limit: MostListed, cancellationToken: token))).Value);

    public static async Task<IReadOnlyList<V1PodDisruptionBudget>> DisruptionBudgetsAsync(this ClusterReads reads, string @namespace) =>
        Items((await reads.ReadAsync($"PodDisruptionBudgets of {@namespace}", (api, token) =>
            api.PolicyV1.ListNamespacedPodDisruptionBudgetAsync(@namespace, limit: MostListed, cancellationToken: token))).Value);

    public static async Task<IReadOnlyList<V1NetworkPolicy>> NetworkPoliciesAsync(this ClusterReads reads, string @namespace) =>
        Items((await reads.ReadAsync($"NetworkPolicies of {@namespace}", (api, token) =>
            api.NetworkingV1.ListNamespacedNetworkPolicyAsync(@namespace, limit: MostListed, cancellationToken: token))).Value);

    public static async Task<IReadOnlyList<V1Service>> ServicesAsync(this ClusterReads reads, string @namespace) =>
        Items((await reads.ReadAsync($"Services of {@namespace}", (api, token) =>
            api.CoreV1.ListNamespacedServiceAsync(@namespace, limit: MostListed, cancellationToken: token))).Value);

    public static Task<ClusterRead<V1Service>> ServiceAsync(this ClusterReads reads, string @namespace, string name) =>
        reads.ReadAsync($"Service {@namespace}/{name}", (api, token) => api.CoreV1.ReadNamespacedServiceAsync(name, @namespace, cancellationToken: token));

    public static Task<ClusterRead<V1Endpoints>> EndpointsAsync(this ClusterReads reads, string @namespace, string name) =>
        reads.ReadAsync($"Endpoints {@namespace}/{name}", (api, token) => api.CoreV1.ReadNamespacedEndpointsAsync(name, @namespace, cancellationToken: token));

    public static Task<PodMetrics?> PodUsageAsync(this ClusterReads reads, string @namespace, string name) =>
        reads.ReadAggregatedAsync($"usage of Pod {@namespace}/{name}", (api, token) =>
            api.CustomObjects.GetNamespacedCustomObjectAsync<PodMetrics>("metrics.k8s.io", "v1beta1", @namespace, "pods", name, cancellationToken: token));

    public static Task<NodeMetrics?> NodeUsageAsync(this ClusterReads reads, string name) =>
        reads.ReadAggregatedAsync($"usage of Node {name}", (api, token) =>
            api.CustomObjects.GetClusterCustomObjectAsync<NodeMetrics>("metrics.k8s.io", "v1beta1", "nodes", name, cancellationToken: token));

    /// <summary>An object of an operator's own kind; null, and no failure, when that kind is not installed.</summary>
    public static async Task<T?> CustomAsync<T>(this ClusterReads reads, string group, string version, string @namespace, string plural, string name)
        where T : class => (await reads.ReadAsync($"{plural}.{group} {@namespace}/{name}", (api, token) =>
            api.CustomObjects.GetNamespacedCustomObjectAsync<T>(group, version, @namespace, plural, name, cancellationToken: token))).Value;

    /// <summary>The objects of an operator's own kind; none, and no failure, when that kind is not installed.</summary>
    public static async Task<IReadOnlyList<T>> CustomsAsync<T>(
        this ClusterReads reads, string group, string version, string @namespace, string plural, string? selector = null)
        where T : class => (await reads.ReadAsync($"{plural}.{group} of {@namespace}{(selector is null ? "" : $" with {selector}")}", (api, token) =>
            api.CustomObjects.ListNamespacedCustomObjectAsync<CustomList<T>>(
                group, version, @namespace, plural, labelSelector: selector, limit: MostListed, cancellationToken: token))).Value?.Items ?? [];

    public static async Task<T?> ClusterCustomAsync<T>(this ClusterReads reads, string group, string version, string plural, string name)
        where T : class => (await reads.ReadAsync($"{plural}.{group} {name}", (api, token) =>
            api.CustomObjects.GetClusterCustomObjectAsync<T>(group, version, plural, name, cancellationToken: token))).Value;

    private static IReadOnlyList<T> Items<T>(IItems<T>? page) => page?.Items is { } items ? [.. items] : [];

    private sealed record CustomList<T>(IReadOnlyList<T>? Items);
}
