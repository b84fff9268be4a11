using k8s;
using k8s.Exceptions;
using Microsoft.AspNetCore.Http;

namespace AlertResponder.Tests.Unit.Clients.Kubernetes.StandIn;

/// <summary>What is found where the process runs: KUBECONFIG, the home folder, a service account.</summary>
public sealed class SurroundingsTests : IDisposable
{
    private readonly KubeconfigFolder _folder = new();
    private readonly SelfMadeCertificates _certificates = new();
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);

    public SurroundingsTests() => _variables[OperatingSystem.IsWindows() ? "USERPROFILE" : "HOME"] = _folder.Path;

    private KubernetesClientConfiguration.Surroundings Surroundings =>
        new(name => _variables.GetValueOrDefault(name)!, Path.Combine(_folder.Path, "serviceaccount"));

    public void Dispose()
    {
        _folder.Dispose();
        _certificates.Dispose();
    }

    [Fact]
    public async Task InClusterConfig_Pod_ReadsWithItsServiceAccount()
    {
        await using var server = await ApiServer.StartAsync(
            context => context.Response.WriteAsync("null", context.RequestAborted), _certificates.Server(loopback: true));
        MountServiceAccount(server.Url.Host, server.Url.Port);

        KubernetesClientConfiguration.IsInCluster(Surroundings).ShouldBeTrue();
        var configuration = KubernetesClientConfiguration.InClusterConfig(Surroundings);
        configuration.Namespace.ShouldBe("monitoring");
        using var client = new k8s.Kubernetes(configuration);
        await client.CoreV1.ReadNodeAsync("a", cancellationToken: TestContext.Current.CancellationToken);

        server.Requests.ShouldHaveSingleItem().Headers["Authorization"].ShouldBe("Bearer mounted");
    }

    [Fact]
    public void InClusterConfig_IPv6Address_IsBracketed()
    {
        MountServiceAccount("fd00::1", 443);

        KubernetesClientConfiguration.InClusterConfig(Surroundings).Host.ShouldBe("https://[fd00::1]:443/");
    }

    [Fact]
    public void InClusterConfig_OutsideACluster_SaysWhatIsMissing()
    {
        KubernetesClientConfiguration.IsInCluster(Surroundings).ShouldBeFalse();
        Should.Throw<KubeConfigException>(() => KubernetesClientConfiguration.InClusterConfig(Surroundings))
            .Message.ShouldContain("KUBERNETES_SERVICE_HOST");
    }

    [Fact]
    public void IsInCluster_NoTokenMounted_IsFalse()
    {
        MountServiceAccount("10.0.0.1", 443);
        File.Delete(Surroundings.ServiceAccount("token"));

        KubernetesClientConfiguration.IsInCluster(Surroundings).ShouldBeFalse();
    }

    [Fact]
    public void InClusterConfig_PortThatIsNone_IsRefused()
    {
        MountServiceAccount("10.0.0.1", 443);
        _variables["KUBERNETES_SERVICE_PORT"] = "https";

        Should.Throw<KubeConfigException>(() => KubernetesClientConfiguration.InClusterConfig(Surroundings)).Message.ShouldContain("https");
    }

    [Fact]
    public void BuildDefaultConfig_KubeconfigHomeAndCluster_AreTriedInThisOrder()
    {
        KubernetesClientConfiguration.BuildDefaultConfig(Surroundings).Host.ShouldBe("http://localhost:8080");

        MountServiceAccount("10.0.0.1", 443);
        KubernetesClientConfiguration.BuildDefaultConfig(Surroundings).Host.ShouldBe("https://10.0.0.1:443/");

        _folder.Write(".kube/config", Kubeconfig("home"));
        KubernetesClientConfiguration.BuildDefaultConfig(Surroundings).Host.ShouldBe("http://home:1");

        _variables["KUBECONFIG"] = _folder.Write("named", Kubeconfig("named"));
        KubernetesClientConfiguration.BuildDefaultConfig(Surroundings).Host.ShouldBe("http://named:1");
    }

    [Fact]
    public void BuildDefaultConfig_SeveralKubeconfigs_AreMergedAndTheFirstWins()
    {
        var contexts = _folder.Write("contexts",
            """
            contexts: [{ name: a, context: { cluster: shared, user: u } }]
            clusters: [{ name: shared, cluster: { server: "http://first:1" } }]
            """);
        var users = _folder.Write("more/users",
            """
            current-context: a
            contexts: [{ name: a, context: { cluster: gone } }]
            clusters: [{ name: shared, cluster: { server: "http://second:2" } }]
            users: [{ name: u, user: { client-certificate: me.crt, client-key: me.key } }]
            """);
        _variables["KUBECONFIG"] = contexts + Path.PathSeparator + users;

        var configuration = KubernetesClientConfiguration.BuildDefaultConfig(Surroundings);

        (configuration.CurrentContext, configuration.Host).ShouldBe(("a", "http://first:1"));
        configuration.ClientKeyFilePath.ShouldBe(Path.Combine(_folder.Path, "me.key"));
    }

    [Fact]
    public void BuildDefaultConfig_OneOfSeveralIsMissing_IsRefused()
    {
        _variables["KUBECONFIG"] = _folder.Write("one", Kubeconfig("one")) + Path.PathSeparator + Path.Combine(_folder.Path, "none");

        Should.Throw<KubeConfigException>(() => KubernetesClientConfiguration.BuildDefaultConfig(Surroundings)).Message.ShouldContain("none");
    }

    [Fact]
    public void BuildDefaultConfig_EmptyPath_IsRefused()
    {
        _variables["KUBECONFIG"] = "";

        Should.Throw<KubeConfigException>(() => KubernetesClientConfiguration.BuildDefaultConfig(Surroundings)).Message.ShouldContain("KUBECONFIG");
    }

    [Fact]
    public void BuildDefaultConfig_KindsDiffer_IsRefused()
    {
        _variables["KUBECONFIG"] = _folder.Write("one", Kubeconfig("one")) + Path.PathSeparator + _folder.Write("two", "kind: Other");

        Should.Throw<KubeConfigException>(() => KubernetesClientConfiguration.BuildDefaultConfig(Surroundings)).Message.ShouldContain("kinds");
    }

    private static string Kubeconfig(string host) =>
        $$"""
        kind: Config
        current-context: a
        contexts: [{ name: a, context: { cluster: c } }]
        clusters: [{ name: c, cluster: { server: "http://{{host}}:1" } }]
        """;

    private void MountServiceAccount(string host, int port)
    {
        _variables["KUBERNETES_SERVICE_HOST"] = host;
        _variables["KUBERNETES_SERVICE_PORT"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        _folder.Write("serviceaccount/token", "mounted");
        _folder.Write("serviceaccount/ca.crt", _certificates.AuthorityPem);
        _folder.Write("serviceaccount/namespace", "monitoring");
    }
}
