using k8s.Models;
using static k8s.RelativeUri;

namespace k8s;

/// <summary>The core group: pods, events, nodes, namespaces, claims.</summary>
public interface ICoreV1Operations
{
    internal AbstractKubernetes Client { get; }
}

/// <summary>
/// Reads of the core group. They throw <see cref="Autorest.HttpOperationException"/> when the server refuses; lists give one
/// page, the next with the <c>ContinueProperty</c> of its metadata (an expired one is refused with 410), all at once without a limit.
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

    public static Task<V1Namespace> ReadNamespaceAsync(
        this ICoreV1Operations operations, string name, CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1Namespace>($"{Group}/namespaces/{Segment(name)}", cancellationToken);

    public static Task<V1PersistentVolumeClaim> ReadNamespacedPersistentVolumeClaimAsync(
        this ICoreV1Operations operations, string name, string namespaceParameter, CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1PersistentVolumeClaim>(One(Group, namespaceParameter, "persistentvolumeclaims", name), cancellationToken);
}
