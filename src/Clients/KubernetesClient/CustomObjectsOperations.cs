using k8s.Models;
using static k8s.RelativeUri;

namespace k8s;

/// <summary>Objects of any group, such as <c>metrics.k8s.io</c>, <c>cert-manager.io</c> or <c>longhorn.io</c>.</summary>
public interface ICustomObjectsOperations
{
    internal AbstractKubernetes Client { get; }
}

/// <summary>
/// Calls of any group: as the caller's type, or as <c>object</c>, which is a <see cref="System.Text.Json.JsonElement"/>. They throw
/// <see cref="Autorest.HttpOperationException"/> when the server refuses: 404, without a status in the body, if there is no such group.
/// Lists are in pages, as those of <see cref="CoreV1OperationsExtensions"/>.
/// </summary>
public static class CustomObjectsOperationsExtensions
{
    public static Task<object> GetNamespacedCustomObjectAsync(
        this ICustomObjectsOperations operations,
        string group,
        string version,
        string namespaceParameter,
        string plural,
        string name,
        CancellationToken cancellationToken = default) =>
        operations.GetNamespacedCustomObjectAsync<object>(group, version, namespaceParameter, plural, name, cancellationToken);

    public static Task<T> GetNamespacedCustomObjectAsync<T>(
        this ICustomObjectsOperations operations,
        string group,
        string version,
        string namespaceParameter,
        string plural,
        string name,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<T>($"{Of(group, version, namespaceParameter, plural)}/{Segment(name)}", cancellationToken);

    public static Task<object> ListNamespacedCustomObjectAsync(
        this ICustomObjectsOperations operations,
        string group,
        string version,
        string namespaceParameter,
        string plural,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.ListNamespacedCustomObjectAsync<object>(
            group, version, namespaceParameter, plural, continueParameter, fieldSelector, labelSelector, limit, cancellationToken);

    public static Task<T> ListNamespacedCustomObjectAsync<T>(
        this ICustomObjectsOperations operations,
        string group,
        string version,
        string namespaceParameter,
        string plural,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<T>(
            Of(group, version, namespaceParameter, plural) + Page(continueParameter, fieldSelector, labelSelector, limit), cancellationToken);

    public static Task<T> CreateNamespacedCustomObjectAsync<T>(
        this ICustomObjectsOperations operations,
        object body,
        string group,
        string version,
        string namespaceParameter,
        string plural,
        string dryRun = null,
        string fieldManager = null,
        string fieldValidation = null,
        CancellationToken cancellationToken = default) =>
        operations.Client.CreateAsync<T>(Of(group, version, namespaceParameter, plural) + Change(dryRun, fieldManager, fieldValidation), body, cancellationToken);

    /// <param name="operations">The client.</param>
    /// <param name="body">A <see cref="V1Patch"/>: how it is to be understood is sent with it.</param>
    /// <param name="group">The API group; not the core group.</param>
    /// <param name="version">Of the group.</param>
    /// <param name="namespaceParameter">The object's.</param>
    /// <param name="plural">The kind, in the plural and lower case.</param>
    /// <param name="name">The object's.</param>
    /// <param name="dryRun"><c>All</c> to try it out.</param>
    /// <param name="fieldManager">Who owns the changed fields then.</param>
    /// <param name="fieldValidation">What becomes of unknown fields.</param>
    /// <param name="force">For an apply.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static Task<T> PatchNamespacedCustomObjectAsync<T>(
        this ICustomObjectsOperations operations,
        object body,
        string group,
        string version,
        string namespaceParameter,
        string plural,
        string name,
        string dryRun = null,
        string fieldManager = null,
        string fieldValidation = null,
        bool? force = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.SendAsync<T>(
            HttpMethod.Patch,
            $"{Of(group, version, namespaceParameter, plural)}/{Segment(name)}" + Change(dryRun, fieldManager, fieldValidation, force),
            body,
            cancellationToken);

    public static Task<object> GetClusterCustomObjectAsync(
        this ICustomObjectsOperations operations,
        string group,
        string version,
        string plural,
        string name,
        CancellationToken cancellationToken = default) =>
        operations.GetClusterCustomObjectAsync<object>(group, version, plural, name, cancellationToken);

    public static Task<T> GetClusterCustomObjectAsync<T>(
        this ICustomObjectsOperations operations,
        string group,
        string version,
        string plural,
        string name,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<T>($"{Of(group, version, plural)}/{Segment(name)}", cancellationToken);

    public static Task<object> ListClusterCustomObjectAsync(
        this ICustomObjectsOperations operations,
        string group,
        string version,
        string plural,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.ListClusterCustomObjectAsync<object>(
            group, version, plural, continueParameter, fieldSelector, labelSelector, limit, cancellationToken);

    public static Task<T> ListClusterCustomObjectAsync<T>(
        this ICustomObjectsOperations operations,
        string group,
        string version,
        string plural,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<T>(
            Of(group, version, plural) + Page(continueParameter, fieldSelector, labelSelector, limit), cancellationToken);

    private static string Of(string group, string version, string plural) => $"apis/{Segment(group)}/{Segment(version)}/{Segment(plural)}";

    private static string Of(string group, string version, string namespaceParameter, string plural) =>
        All($"apis/{Segment(group)}/{Segment(version)}", namespaceParameter, Segment(plural));
}
