using k8s.Models;
using static k8s.RelativeUri;

namespace k8s;

/// <summary>The group <c>policy/v1</c>: disruption budgets.</summary>
public interface IPolicyV1Operations
{
    internal AbstractKubernetes Client { get; }
}

/// <summary>
/// Reads of the group <c>policy/v1</c>. They throw <see cref="Autorest.HttpOperationException"/> when the server refuses;
/// lists are in pages, as those of <see cref="CoreV1OperationsExtensions"/>.
/// </summary>
public static class PolicyV1OperationsExtensions
{
    private const string Group = "apis/policy/v1";

    public static Task<V1PodDisruptionBudget> ReadNamespacedPodDisruptionBudgetAsync(
        this IPolicyV1Operations operations, string name, string namespaceParameter, CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1PodDisruptionBudget>(One(Group, namespaceParameter, "poddisruptionbudgets", name), cancellationToken);

    public static Task<V1PodDisruptionBudgetList> ListNamespacedPodDisruptionBudgetAsync(
        this IPolicyV1Operations operations,
        string namespaceParameter,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1PodDisruptionBudgetList>(
            All(Group, namespaceParameter, "poddisruptionbudgets") + Page(continueParameter, fieldSelector, labelSelector, limit), cancellationToken);
}
