using System.Globalization;
using k8s.Authentication;
using k8s.Exceptions;

namespace k8s;

public sealed partial class KubernetesClientConfiguration
{
    /// <summary>Whether this runs in a pod with a service account.</summary>
    public static bool IsInCluster() => IsInCluster(Surroundings.Process);

    /// <summary>
    /// The configuration of a pod's service account: the API server from the environment; token, CA and namespace from the mounted files.
    /// The token is read again as it is replaced, the CA is not.
    /// </summary>
    /// <exception cref="KubeConfigException">This is not in a cluster, or the CA cannot be read.</exception>
    public static KubernetesClientConfiguration InClusterConfig() => InClusterConfig(Surroundings.Process);

    internal static bool IsInCluster(Surroundings surroundings) =>
        !string.IsNullOrEmpty(surroundings.Variable("KUBERNETES_SERVICE_HOST"))
        && !string.IsNullOrEmpty(surroundings.Variable("KUBERNETES_SERVICE_PORT"))
        && File.Exists(surroundings.ServiceAccount("token"))
        && File.Exists(surroundings.ServiceAccount("ca.crt"));

    internal static KubernetesClientConfiguration InClusterConfig(Surroundings surroundings)
    {
        if (!IsInCluster(surroundings))
        {
            throw new KubeConfigException(
                "Not in a cluster: KUBERNETES_SERVICE_HOST or KUBERNETES_SERVICE_PORT is not set, "
                + "or no service account is mounted (automountServiceAccountToken)");
        }

        var port = surroundings.Variable("KUBERNETES_SERVICE_PORT");
        if (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > ushort.MaxValue)
            throw new KubeConfigException($"KUBERNETES_SERVICE_PORT is {port}, not a port");

        var namespaceFile = surroundings.ServiceAccount("namespace");
        return new KubernetesClientConfiguration
        {
            Host = new UriBuilder("https", surroundings.Variable("KUBERNETES_SERVICE_HOST"), number).ToString(),
            TokenProvider = new TokenFileAuth(surroundings.ServiceAccount("token")),
            SslCaCerts = Certificates.Authorities(null, surroundings.ServiceAccount("ca.crt")),
            Namespace = File.Exists(namespaceFile) ? File.ReadAllText(namespaceFile) : null,
        };
    }

    /// <summary>What a process knows of where it runs: its environment, and where a service account would be mounted.</summary>
    internal sealed record Surroundings(Func<string, string> Variable, string ServiceAccountPath)
    {
        public static readonly Surroundings Process = new(Environment.GetEnvironmentVariable, "/var/run/secrets/kubernetes.io/serviceaccount");

        public string ServiceAccount(string file) => Path.Combine(ServiceAccountPath, file);

        public string DefaultKubeconfig => Path.Combine(
            Variable(OperatingSystem.IsWindows() ? "USERPROFILE" : "HOME") ?? "/", ".kube", "config");
    }
}
