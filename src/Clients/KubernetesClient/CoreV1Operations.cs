using k8s.Models;
using static k8s.RelativeUri;

namespace k8s;

/// <summary>The core group: pods, events, nodes, namespaces, claims.</summary>
public interface ICoreV1Operations
{
    internal AbstractKubernetes Client { get; }
}

/// <summary>
/// Calls of the core group. They throw <see cref="Autorest.HttpOperationException"/> when the server refuses; lists give one
/// page, the next with the <c>ContinueProperty</c> of its metadata (an expired one is refused with 410), all at once without a limit.
/// Changes are tried out with the <c>dryRun</c> of <c>All</c>: the answer is as if, and nothing is kept.
/// </summary>
public static class CoreV1OperationsExtensions
{
    private const string Group = "api/v1";

    public static Task<V1Pod> ReadNamespacedPodAsync(
        this ICoreV1Operations operations, string name, string namespaceParameter, CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1Pod>(One(Group, namespaceParameter, "pods", name), cancellationToken);

    public static Task<V1PodList> ListNamespacedPodAsync(
        this ICoreV1Operations operations,
        string namespaceParameter,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1PodList>(
            All(Group, namespaceParameter, "pods") + Page(continueParameter, fieldSelector, labelSelector, limit), cancellationToken);

    public static Task<V1PodList> ListPodForAllNamespacesAsync(
        this ICoreV1Operations operations,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1PodList>(
            $"{Group}/pods" + Page(continueParameter, fieldSelector, labelSelector, limit), cancellationToken);

    public static Task<V1Pod> PatchNamespacedPodAsync(
        this ICoreV1Operations operations,
        V1Patch body,
        string name,
        string namespaceParameter,
        string dryRun = null,
        string fieldManager = null,
        string fieldValidation = null,
        bool? force = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.PatchAsync<V1Pod>(
            One(Group, namespaceParameter, "pods", name) + Change(dryRun, fieldManager, fieldValidation, force), body, cancellationToken);

    /// <summary>
    /// Ends a pod, whatever its disruption budgets say; its controller makes another one. The server reads the options from the body, and
    /// only without one from the parameters, the dry run too.
    /// </summary>
    public static Task<V1Pod> DeleteNamespacedPodAsync(
        this ICoreV1Operations operations,
        string name,
        string namespaceParameter,
        V1DeleteOptions body = null,
        string dryRun = null,
        int? gracePeriodSeconds = default,
        string propagationPolicy = null,
        CancellationToken cancellationToken = default) =>
        operations.Client.DeleteAsync<V1Pod>(
            One(Group, namespaceParameter, "pods", name) + Deletion(body, dryRun, gracePeriodSeconds, propagationPolicy),
            body,
            cancellationToken);

    /// <summary>
    /// Ends a pod if its disruption budget allows it. If not it is a 429, whose status has the cause <c>DisruptionBudget</c>: a refusal, not
    /// a sign of load. The server answers with a status, of which an eviction shows nothing but the kind; so does it, with 201, when it
    /// does nothing because several budgets match the pod. Whether the pod goes is to be read from the pod.
    /// </summary>
    public static Task<V1Eviction> CreateNamespacedPodEvictionAsync(
        this ICoreV1Operations operations,
        V1Eviction body,
        string name,
        string namespaceParameter,
        string dryRun = null,
        string fieldManager = null,
        string fieldValidation = null,
        CancellationToken cancellationToken = default) =>
        operations.Client.CreateAsync<V1Eviction>(
            One(Group, namespaceParameter, "pods", name) + "/eviction" + Change(dryRun, fieldManager, fieldValidation), body, cancellationToken);

    /// <summary>A container's log as it comes in; the caller disposes the stream.</summary>
    /// <param name="operations">The client.</param>
    /// <param name="name">The pod.</param>
    /// <param name="namespaceParameter">Its namespace.</param>
    /// <param name="container">Needed when the pod has several.</param>
    /// <param name="limitBytes">Ends the log after so many bytes, be it within a line.</param>
    /// <param name="previous">The log of the container's last run.</param>
    /// <param name="tailLines">Only so many lines from the end.</param>
    /// <param name="timestamps">Puts the time before each line.</param>
    /// <param name="cancellationToken">Cancels the call, not the reading of the stream.</param>
    public static Task<Stream> ReadNamespacedPodLogAsync(
        this ICoreV1Operations operations,
        string name,
        string namespaceParameter,
        string container = null,
        int? limitBytes = default,
        bool? previous = default,
        int? tailLines = default,
        bool? timestamps = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetStreamAsync(
            One(Group, namespaceParameter, "pods", name) + "/log" + Query(
                ("container", container),
                ("limitBytes", limitBytes),
                ("previous", previous),
                ("tailLines", tailLines),
                ("timestamps", timestamps)),
            cancellationToken);

    public static Task<Corev1EventList> ListNamespacedEventAsync(
        this ICoreV1Operations operations,
        string namespaceParameter,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<Corev1EventList>(
            All(Group, namespaceParameter, "events") + Page(continueParameter, fieldSelector, labelSelector, limit), cancellationToken);

    public static Task<Corev1EventList> ListEventForAllNamespacesAsync(
        this ICoreV1Operations operations,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<Corev1EventList>(
            $"{Group}/events" + Page(continueParameter, fieldSelector, labelSelector, limit), cancellationToken);

    public static Task<V1Node> ReadNodeAsync(
        this ICoreV1Operations operations, string name, CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1Node>($"{Group}/nodes/{Segment(name)}", cancellationToken);

    public static Task<V1NodeList> ListNodeAsync(
        this ICoreV1Operations operations,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1NodeList>(
            $"{Group}/nodes" + Page(continueParameter, fieldSelector, labelSelector, limit), cancellationToken);

    public static Task<V1Node> PatchNodeAsync(
        this ICoreV1Operations operations,
        V1Patch body,
        string name,
        string dryRun = null,
        string fieldManager = null,
        string fieldValidation = null,
        bool? force = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.PatchAsync<V1Node>(
            $"{Group}/nodes/{Segment(name)}" + Change(dryRun, fieldManager, fieldValidation, force), body, cancellationToken);

    public static Task<V1Namespace> ReadNamespaceAsync(
        this ICoreV1Operations operations, string name, CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1Namespace>($"{Group}/namespaces/{Segment(name)}", cancellationToken);

    public static Task<V1NamespaceList> ListNamespaceAsync(
        this ICoreV1Operations operations,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1NamespaceList>(
            $"{Group}/namespaces" + Page(continueParameter, fieldSelector, labelSelector, limit), cancellationToken);

    public static Task<V1PersistentVolumeClaim> ReadNamespacedPersistentVolumeClaimAsync(
        this ICoreV1Operations operations, string name, string namespaceParameter, CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1PersistentVolumeClaim>(
            One(Group, namespaceParameter, "persistentvolumeclaims", name), cancellationToken);

    public static Task<V1PersistentVolumeClaimList> ListNamespacedPersistentVolumeClaimAsync(
        this ICoreV1Operations operations,
        string namespaceParameter,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1PersistentVolumeClaimList>(
            All(Group, namespaceParameter, "persistentvolumeclaims") + Page(continueParameter, fieldSelector, labelSelector, limit), cancellationToken);

    public static Task<V1PersistentVolumeClaimList> ListPersistentVolumeClaimForAllNamespacesAsync(
        this ICoreV1Operations operations,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1PersistentVolumeClaimList>(
            $"{Group}/persistentvolumeclaims" + Page(continueParameter, fieldSelector, labelSelector, limit), cancellationToken);

    public static Task<V1PersistentVolume> ReadPersistentVolumeAsync(
        this ICoreV1Operations operations, string name, CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1PersistentVolume>($"{Group}/persistentvolumes/{Segment(name)}", cancellationToken);

    public static Task<V1PersistentVolumeList> ListPersistentVolumeAsync(
        this ICoreV1Operations operations,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1PersistentVolumeList>(
            $"{Group}/persistentvolumes" + Page(continueParameter, fieldSelector, labelSelector, limit), cancellationToken);

    public static Task<V1Service> ReadNamespacedServiceAsync(
        this ICoreV1Operations operations, string name, string namespaceParameter, CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1Service>(One(Group, namespaceParameter, "services", name), cancellationToken);

    public static Task<V1ServiceList> ListNamespacedServiceAsync(
        this ICoreV1Operations operations,
        string namespaceParameter,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1ServiceList>(
            All(Group, namespaceParameter, "services") + Page(continueParameter, fieldSelector, labelSelector, limit), cancellationToken);

    public static Task<V1Endpoints> ReadNamespacedEndpointsAsync(
        this ICoreV1Operations operations, string name, string namespaceParameter, CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1Endpoints>(One(Group, namespaceParameter, "endpoints", name), cancellationToken);

    public static Task<V1EndpointsList> ListNamespacedEndpointsAsync(
        this ICoreV1Operations operations,
        string namespaceParameter,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1EndpointsList>(
            All(Group, namespaceParameter, "endpoints") + Page(continueParameter, fieldSelector, labelSelector, limit), cancellationToken);

    public static Task<V1ConfigMap> ReadNamespacedConfigMapAsync(
        this ICoreV1Operations operations, string name, string namespaceParameter, CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1ConfigMap>(One(Group, namespaceParameter, "configmaps", name), cancellationToken);

    public static Task<V1ConfigMapList> ListNamespacedConfigMapAsync(
        this ICoreV1Operations operations,
        string namespaceParameter,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1ConfigMapList>(
            All(Group, namespaceParameter, "configmaps") + Page(continueParameter, fieldSelector, labelSelector, limit), cancellationToken);

    public static Task<V1ResourceQuota> ReadNamespacedResourceQuotaAsync(
        this ICoreV1Operations operations, string name, string namespaceParameter, CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1ResourceQuota>(One(Group, namespaceParameter, "resourcequotas", name), cancellationToken);

    public static Task<V1ResourceQuotaList> ListNamespacedResourceQuotaAsync(
        this ICoreV1Operations operations,
        string namespaceParameter,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1ResourceQuotaList>(
            All(Group, namespaceParameter, "resourcequotas") + Page(continueParameter, fieldSelector, labelSelector, limit), cancellationToken);

    public static Task<V1ResourceQuotaList> ListResourceQuotaForAllNamespacesAsync(
        this ICoreV1Operations operations,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1ResourceQuotaList>(
            $"{Group}/resourcequotas" + Page(continueParameter, fieldSelector, labelSelector, limit), cancellationToken);
}
