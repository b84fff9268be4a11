using k8s;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AlertResponder.Resilience;

/// <summary>Registers the cluster.</summary>
public static class KubernetesServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IKubernetes"/> where there is a cluster, once however many stages use it, and its <see cref="Upstream"/>. Here and not
    /// with the first call: the client blocks a thread while it reads the kubeconfig, and in a storm each caller would wait for it.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration"><c>KUBECONFIG</c>.</param>
    /// <returns>What is wrong with the kubeconfig and how to mend it; null when nothing is, also when there is no cluster.</returns>
    public static string? AddKubernetes(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddUpstream(UpstreamNames.Kubernetes);
        if (services.Any(service => service.ServiceType == typeof(IKubernetes)))
        {
            return null;
        }

        try
        {
            if (Connect(configuration) is { } api)
            {
                services.AddSingleton(_ => api);
            }

            return null;
        }
        catch (Exception e)
        {
            // The official client has an exception type for every way in which a file can be bad.
            return $"The kubeconfig cannot be used: {e.Message.TrimEnd('.')}. Set KUBECONFIG to one that `kubectl --kubeconfig` accepts.";
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
}
