using k8s.Models;
using static k8s.RelativeUri;

namespace k8s;

/// <summary>The group <c>apps/v1</c>: Deployments, ReplicaSets, StatefulSets, DaemonSets.</summary>
public interface IAppsV1Operations
{
    internal AbstractKubernetes Client { get; }
}

/// <summary>
/// Calls of the group <c>apps/v1</c>. They throw <see cref="Autorest.HttpOperationException"/> when the server refuses; lists give one
/// page, the next with the <c>ContinueProperty</c> of its metadata (an expired one is refused with 410), all at once without a limit.
/// Changes are tried out with the <c>dryRun</c> of <c>All</c>: the answer is as if, and nothing is kept.
/// </summary>
public static class AppsV1OperationsExtensions
{
    private const string Group = "apis/apps/v1";

    public static Task<V1Deployment> ReadNamespacedDeploymentAsync(
        this IAppsV1Operations operations, string name, string namespaceParameter, CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1Deployment>(One(Group, namespaceParameter, "deployments", name), cancellationToken);

    public static Task<V1DeploymentList> ListNamespacedDeploymentAsync(
        this IAppsV1Operations operations,
        string namespaceParameter,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1DeploymentList>(
            All(Group, namespaceParameter, "deployments") + Page(continueParameter, fieldSelector, labelSelector, limit), cancellationToken);

    public static Task<V1Deployment> PatchNamespacedDeploymentAsync(
        this IAppsV1Operations operations,
        V1Patch body,
        string name,
        string namespaceParameter,
        string dryRun = null,
        string fieldManager = null,
        string fieldValidation = null,
        bool? force = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.PatchAsync<V1Deployment>(
            One(Group, namespaceParameter, "deployments", name) + Change(dryRun, fieldManager, fieldValidation, force), body, cancellationToken);

    public static Task<V1Scale> ReadNamespacedDeploymentScaleAsync(
        this IAppsV1Operations operations, string name, string namespaceParameter, CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1Scale>(One(Group, namespaceParameter, "deployments", name) + "/scale", cancellationToken);

    public static Task<V1Scale> PatchNamespacedDeploymentScaleAsync(
        this IAppsV1Operations operations,
        V1Patch body,
        string name,
        string namespaceParameter,
        string dryRun = null,
        string fieldManager = null,
        string fieldValidation = null,
        bool? force = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.PatchAsync<V1Scale>(
            One(Group, namespaceParameter, "deployments", name) + "/scale" + Change(dryRun, fieldManager, fieldValidation, force), body, cancellationToken);

    public static Task<V1ReplicaSet> ReadNamespacedReplicaSetAsync(
        this IAppsV1Operations operations, string name, string namespaceParameter, CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1ReplicaSet>(One(Group, namespaceParameter, "replicasets", name), cancellationToken);

    public static Task<V1ReplicaSetList> ListNamespacedReplicaSetAsync(
        this IAppsV1Operations operations,
        string namespaceParameter,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1ReplicaSetList>(
            All(Group, namespaceParameter, "replicasets") + Page(continueParameter, fieldSelector, labelSelector, limit), cancellationToken);

    public static Task<V1StatefulSet> ReadNamespacedStatefulSetAsync(
        this IAppsV1Operations operations, string name, string namespaceParameter, CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1StatefulSet>(One(Group, namespaceParameter, "statefulsets", name), cancellationToken);

    public static Task<V1StatefulSetList> ListNamespacedStatefulSetAsync(
        this IAppsV1Operations operations,
        string namespaceParameter,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1StatefulSetList>(
            All(Group, namespaceParameter, "statefulsets") + Page(continueParameter, fieldSelector, labelSelector, limit), cancellationToken);

    public static Task<V1StatefulSet> PatchNamespacedStatefulSetAsync(
        this IAppsV1Operations operations,
        V1Patch body,
        string name,
        string namespaceParameter,
        string dryRun = null,
        string fieldManager = null,
        string fieldValidation = null,
        bool? force = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.PatchAsync<V1StatefulSet>(
            One(Group, namespaceParameter, "statefulsets", name) + Change(dryRun, fieldManager, fieldValidation, force), body, cancellationToken);

    public static Task<V1Scale> ReadNamespacedStatefulSetScaleAsync(
        this IAppsV1Operations operations, string name, string namespaceParameter, CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1Scale>(One(Group, namespaceParameter, "statefulsets", name) + "/scale", cancellationToken);

    public static Task<V1Scale> PatchNamespacedStatefulSetScaleAsync(
        this IAppsV1Operations operations,
        V1Patch body,
        string name,
        string namespaceParameter,
        string dryRun = null,
        string fieldManager = null,
        string fieldValidation = null,
        bool? force = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.PatchAsync<V1Scale>(
            One(Group, namespaceParameter, "statefulsets", name) + "/scale" + Change(dryRun, fieldManager, fieldValidation, force), body, cancellationToken);

    public static Task<V1DaemonSet> ReadNamespacedDaemonSetAsync(
        this IAppsV1Operations operations, string name, string namespaceParameter, CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1DaemonSet>(One(Group, namespaceParameter, "daemonsets", name), cancellationToken);

    public static Task<V1DaemonSetList> ListNamespacedDaemonSetAsync(
        this IAppsV1Operations operations,
        string namespaceParameter,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1DaemonSetList>(
            All(Group, namespaceParameter, "daemonsets") + Page(continueParameter, fieldSelector, labelSelector, limit), cancellationToken);

    public static Task<V1DaemonSet> PatchNamespacedDaemonSetAsync(
        this IAppsV1Operations operations,
        V1Patch body,
        string name,
        string namespaceParameter,
        string dryRun = null,
        string fieldManager = null,
        string fieldValidation = null,
        bool? force = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.PatchAsync<V1DaemonSet>(
            One(Group, namespaceParameter, "daemonsets", name) + Change(dryRun, fieldManager, fieldValidation, force), body, cancellationToken);

    public static Task<V1ControllerRevisionList> ListNamespacedControllerRevisionAsync(
        this IAppsV1Operations operations,
        string namespaceParameter,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1ControllerRevisionList>(
            All(Group, namespaceParameter, "controllerrevisions") + Page(continueParameter, fieldSelector, labelSelector, limit), cancellationToken);
}
