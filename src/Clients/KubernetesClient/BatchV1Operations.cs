using k8s.Models;
using static k8s.RelativeUri;

namespace k8s;

/// <summary>The group <c>batch/v1</c>: Jobs and CronJobs.</summary>
public interface IBatchV1Operations
{
    internal AbstractKubernetes Client { get; }
}

/// <summary>
/// Reads of the group <c>batch/v1</c>. They throw <see cref="Autorest.HttpOperationException"/> when the server refuses; lists give one
/// page, the next with the <c>ContinueProperty</c> of its metadata (an expired one is refused with 410), all at once without a limit.
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
}
