using k8s.Models;
using static k8s.RelativeUri;

namespace k8s;

/// <summary>The group <c>networking.k8s.io/v1</c>: network policies.</summary>
public interface INetworkingV1Operations
{
    internal AbstractKubernetes Client { get; }
}

/// <summary>
/// Reads of the group <c>networking.k8s.io/v1</c>. They throw <see cref="Autorest.HttpOperationException"/> when the server refuses;
/// lists are in pages, as those of <see cref="CoreV1OperationsExtensions"/>.
/// </summary>
public static class NetworkingV1OperationsExtensions
{
    private const string Group = "apis/networking.k8s.io/v1";

    public static Task<V1NetworkPolicy> ReadNamespacedNetworkPolicyAsync(
        this INetworkingV1Operations operations, string name, string namespaceParameter, CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1NetworkPolicy>(One(Group, namespaceParameter, "networkpolicies", name), cancellationToken);

    public static Task<V1NetworkPolicyList> ListNamespacedNetworkPolicyAsync(
        this INetworkingV1Operations operations,
        string namespaceParameter,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1NetworkPolicyList>(
            All(Group, namespaceParameter, "networkpolicies") + Page(continueParameter, fieldSelector, labelSelector, limit), cancellationToken);
}
