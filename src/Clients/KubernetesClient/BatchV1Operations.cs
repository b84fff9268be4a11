using k8s.Models;
using static k8s.RelativeUri;

namespace k8s;

/// <summary>The group <c>batch/v1</c>: Jobs and CronJobs.</summary>
public interface IBatchV1Operations
{
    internal AbstractKubernetes Client { get; }
}

/// <summary>
/// Calls of the group <c>batch/v1</c>. They throw <see cref="Autorest.HttpOperationException"/> when the server refuses; lists give one
/// page, the next with the <c>ContinueProperty</c> of its metadata (an expired one is refused with 410), all at once without a limit.
/// Changes are tried out with the <c>dryRun</c> of <c>All</c>: the answer is as if, and nothing is kept.
/// </summary>
public static class BatchV1OperationsExtensions
{
    private const string Group = "apis/batch/v1";

    public static Task<V1Job> ReadNamespacedJobAsync(
        this IBatchV1Operations operations, string name, string namespaceParameter, CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1Job>(One(Group, namespaceParameter, "jobs", name), cancellationToken);

    public static Task<V1JobList> ListNamespacedJobAsync(
        this IBatchV1Operations operations,
        string namespaceParameter,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1JobList>(
            All(Group, namespaceParameter, "jobs") + Page(continueParameter, fieldSelector, labelSelector, limit), cancellationToken);

    public static Task<V1Job> CreateNamespacedJobAsync(
        this IBatchV1Operations operations,
        V1Job body,
        string namespaceParameter,
        string dryRun = null,
        string fieldManager = null,
        string fieldValidation = null,
        CancellationToken cancellationToken = default) =>
        operations.Client.CreateAsync<V1Job>(
            All(Group, namespaceParameter, "jobs") + Change(dryRun, fieldManager, fieldValidation), body, cancellationToken);

    public static Task<V1Job> PatchNamespacedJobAsync(
        this IBatchV1Operations operations,
        V1Patch body,
        string name,
        string namespaceParameter,
        string dryRun = null,
        string fieldManager = null,
        string fieldValidation = null,
        bool? force = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.PatchAsync<V1Job>(
            One(Group, namespaceParameter, "jobs", name) + Change(dryRun, fieldManager, fieldValidation, force), body, cancellationToken);

    /// <summary>
    /// Deletes a Job: with its pods when the propagation policy is <c>Background</c> or <c>Foreground</c>, otherwise they stay. While it
    /// waits for its pods the answer is the Job: <see cref="V1Status.HasObject"/>. The server reads the options from the body, and only
    /// without one from the parameters, the dry run too.
    /// </summary>
    public static Task<V1Status> DeleteNamespacedJobAsync(
        this IBatchV1Operations operations,
        string name,
        string namespaceParameter,
        V1DeleteOptions body = null,
        string dryRun = null,
        int? gracePeriodSeconds = default,
        string propagationPolicy = null,
        CancellationToken cancellationToken = default) =>
        operations.Client.DeleteAsync<V1Status>(
            One(Group, namespaceParameter, "jobs", name) + Deletion(body, dryRun, gracePeriodSeconds, propagationPolicy),
            body,
            cancellationToken);

    public static Task<V1CronJob> ReadNamespacedCronJobAsync(
        this IBatchV1Operations operations, string name, string namespaceParameter, CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1CronJob>(One(Group, namespaceParameter, "cronjobs", name), cancellationToken);

    public static Task<V1CronJobList> ListNamespacedCronJobAsync(
        this IBatchV1Operations operations,
        string namespaceParameter,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1CronJobList>(
            All(Group, namespaceParameter, "cronjobs") + Page(continueParameter, fieldSelector, labelSelector, limit), cancellationToken);

    public static Task<V1CronJob> PatchNamespacedCronJobAsync(
        this IBatchV1Operations operations,
        V1Patch body,
        string name,
        string namespaceParameter,
        string dryRun = null,
        string fieldManager = null,
        string fieldValidation = null,
        bool? force = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.PatchAsync<V1CronJob>(
            One(Group, namespaceParameter, "cronjobs", name) + Change(dryRun, fieldManager, fieldValidation, force), body, cancellationToken);
}
