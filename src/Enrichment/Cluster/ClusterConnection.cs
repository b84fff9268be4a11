using AlertResponder.Enrichment.Subjects;
using AlertResponder.Resilience;
using k8s;
using Microsoft.Extensions.Configuration;

namespace AlertResponder.Enrichment.Cluster;

/// <summary>The cluster's API, or its absence: the pipeline works without, with less to say.</summary>
internal sealed class ClusterConnection(IKubernetes? api, Upstream upstream, TimeProvider time) : IDisposable
{
    public IKubernetes? Api { get; } = api;

    public Upstream Upstream { get; } = upstream;

    /// <summary>What one incident has read, for the others of its storm.</summary>
    public SharedReads Shared { get; } = new(TimeSpan.FromSeconds(5));

    /// <summary>What pods and their ReplicaSets and Jobs belong to.</summary>
    public KnownOwners Owners { get; } = new(time);

    /// <summary>The API where there is one, and what is wrong with the kubeconfig and how to mend it; neither when there is no cluster.</summary>
    public static (IKubernetes? Api, string? Problem) TryConnect(IConfiguration configuration)
    {
        try
        {
            return (Connect(configuration), null);
        }
        catch (Exception e)
        {
            // The official client has an exception type for every way in which a file can be bad.
            return (null, $"The kubeconfig cannot be used: {e.Message.TrimEnd('.')}. Set KUBECONFIG to one that `kubectl --kubeconfig` accepts.");
        }
    }

    /// <summary>Standard order: KUBECONFIG, ~/.kube/config, the pod's service account.</summary>
    /// <exception cref="k8s.Exceptions.KubeConfigException">There is a kubeconfig and it cannot be used.</exception>
    private static IKubernetes? Connect(IConfiguration configuration)
    {
        // Through the configuration rather than the environment alone, so that a process can hold several clusters.
        if (configuration["KUBECONFIG"] is { Length: > 0 } path && !path.Contains(Path.PathSeparator, StringComparison.Ordinal))
        {
            return new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfigPath: path));
        }

        var home = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config");
        return configuration["KUBECONFIG"] is { Length: > 0 } || File.Exists(home) || KubernetesClientConfiguration.IsInCluster()
            ? new Kubernetes(KubernetesClientConfiguration.BuildDefaultConfig())
            : null;
    }

    public void Dispose() => Api?.Dispose();
}
