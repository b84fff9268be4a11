using AlertResponder.Resilience;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using k8s;
using k8s.Exceptions;

namespace AlertResponder.Connections.Kubernetes;

/// <summary>Registers the cluster.</summary>
public static class KubernetesServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IKubernetes"/> where there is a cluster, once however many stages use it, and its <see cref="Upstream"/>. Here and not
    /// with the first call: the client blocks a thread while it reads the kubeconfig, and in a storm each caller would wait for it.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration"><c>KUBECONFIG</c>, and section <c>Kubernetes</c>.</param>
    /// <returns>What is wrong with the kubeconfig and how to mend it; null when nothing is, also when there is no cluster.</returns>
    public static string? AddKubernetes(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddUpstream(UpstreamNames.Kubernetes);
        services.AddClusterName(configuration);
        if (services.Any(service => service.ServiceType == typeof(IKubernetes)))
        {
            return null;
        }

        try
        {
            if (Connect(configuration["KUBECONFIG"]) is { } api)
            {
                services.AddSingleton<IKubernetes>(_ => api);
            }

            return null;
        }
        catch (KubeConfigException e)
        {
            return $"The kubeconfig cannot be used. {e.Message.TrimEnd('.')}.";
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The package has an exception type for every way in which a file can be bad.
            return $"The kubeconfig cannot be used: {e.Message.TrimEnd('.')}. Set KUBECONFIG to one that `kubectl --kubeconfig` accepts.";
        }
    }

    // Remediation:Cluster said the same before, to remediation alone.
    private static void AddClusterName(this IServiceCollection services, IConfiguration configuration)
    {
        if (services.Any(service => service.ServiceType == typeof(IConfigureOptions<KubernetesOptions>)))
        {
            return;
        }

        var before = configuration["Remediation:Cluster"];
        services.AddOptions<KubernetesOptions>()
            .Bind(configuration.GetSection(KubernetesOptions.Section))
            .PostConfigure(options => options.ClusterName = new[] { options.ClusterName, before }.FirstOrDefault(name => name is { Length: > 0 }))
            .Validate(
                options => before is not { Length: > 0 } || options.ClusterName == before,
                "Kubernetes:ClusterName and Remediation:Cluster name two clusters, and one is connected: remove Remediation:Cluster, whose place the other takes.")
            .ValidateOnStart();
    }

    /// <summary>Standard order: KUBECONFIG, ~/.kube/config, the pod's service account.</summary>
    /// <param name="named">
    /// A file or a list of them. Through the configuration rather than the environment alone, so that a process can hold several clusters.
    /// </param>
    /// <returns>Null when there is no cluster.</returns>
    /// <exception cref="KubeConfigException">There is a kubeconfig and it cannot be used.</exception>
    internal static GuardedKubernetes? Connect(string? named)
    {
        var home = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config");
        if (named is { Length: > 0 } || File.Exists(home))
        {
            var (access, handlers) = ClusterAccess.Of(Kubeconfig.Load(named is { Length: > 0 } ? named : home), TimeProvider.System);
            return new GuardedKubernetes(access, handlers);
        }

        return KubernetesClientConfiguration.IsInCluster() ? new GuardedKubernetes(KubernetesClientConfiguration.InClusterConfig()) : null;
    }
}
