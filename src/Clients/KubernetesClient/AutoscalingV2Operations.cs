using k8s.Models;
using static k8s.RelativeUri;

namespace k8s;

/// <summary>The group <c>autoscaling/v2</c>: autoscalers of workloads.</summary>
public interface IAutoscalingV2Operations
{
    internal AbstractKubernetes Client { get; }
}

/// <summary>
/// Reads of the group <c>autoscaling/v2</c>. They throw <see cref="Autorest.HttpOperationException"/> when the server refuses;
/// lists are in pages, as those of <see cref="CoreV1OperationsExtensions"/>.
/// </summary>
public static class AutoscalingV2OperationsExtensions
{
    private const string Group = "apis/autoscaling/v2";

    public static Task<V2HorizontalPodAutoscaler> ReadNamespacedHorizontalPodAutoscalerAsync(
        this IAutoscalingV2Operations operations, string name, string namespaceParameter, CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V2HorizontalPodAutoscaler>(
            One(Group, namespaceParameter, "horizontalpodautoscalers", name), cancellationToken);

    public static Task<V2HorizontalPodAutoscalerList> ListNamespacedHorizontalPodAutoscalerAsync(
        this IAutoscalingV2Operations operations,
        string namespaceParameter,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V2HorizontalPodAutoscalerList>(
            All(Group, namespaceParameter, "horizontalpodautoscalers") + Page(continueParameter, fieldSelector, labelSelector, limit), cancellationToken);
}
