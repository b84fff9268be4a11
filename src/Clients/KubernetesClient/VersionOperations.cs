using k8s.Models;

namespace k8s;

/// <summary>The version of the API server.</summary>
public interface IVersionOperations
{
    internal AbstractKubernetes Client { get; }
}

/// <summary>Reads the version of the API server.</summary>
public static class VersionOperationsExtensions
{
    /// <exception cref="Autorest.HttpOperationException">The server refuses.</exception>
    public static Task<VersionInfo> GetCodeAsync(this IVersionOperations operations, CancellationToken cancellationToken = default) =>
        operations.Client.GetAsync<VersionInfo>("version/", cancellationToken);
}
