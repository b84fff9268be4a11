using k8s.Models;
using static k8s.RelativeUri;

namespace k8s;

/// <summary>The group <c>storage.k8s.io/v1</c>: storage classes.</summary>
public interface IStorageV1Operations
{
    internal AbstractKubernetes Client { get; }
}

/// <summary>
/// Reads of the group <c>storage.k8s.io/v1</c>. They throw <see cref="Autorest.HttpOperationException"/> when the server refuses;
/// lists are in pages, as those of <see cref="CoreV1OperationsExtensions"/>.
/// </summary>
public static class StorageV1OperationsExtensions
{
    private const string Group = "apis/storage.k8s.io/v1";

    public static Task<V1StorageClass> ReadStorageClassAsync(
        this IStorageV1Operations operations, string name, CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1StorageClass>($"{Group}/storageclasses/{Segment(name)}", cancellationToken);

    public static Task<V1StorageClassList> ListStorageClassAsync(
        this IStorageV1Operations operations,
        string continueParameter = null,
        string fieldSelector = null,
        string labelSelector = null,
        int? limit = default,
        CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<V1StorageClassList>(
            $"{Group}/storageclasses" + Page(continueParameter, fieldSelector, labelSelector, limit), cancellationToken);
}
