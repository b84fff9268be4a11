using AlertResponder.Connections.Kubernetes;
using AlertResponder.Resilience;
using k8s;

namespace AlertResponder.Tests.Unit.Clients.Kubernetes;

/// <summary>The client as the pipeline builds it.</summary>
internal static class BuiltClient
{
    /// <summary>Of a server without credentials.</summary>
    public static GuardedKubernetes At(Uri server) => new(new KubernetesClientConfiguration { Host = server.ToString() });

    /// <summary>Of a kubeconfig, or several of them as in KUBECONFIG.</summary>
    public static GuardedKubernetes Of(string kubeconfig) => KubernetesServiceCollectionExtensions.Connect(kubeconfig)!;
}
