using k8s;
using k8s.Exceptions;
using Microsoft.AspNetCore.Http;

namespace AlertResponder.Tests.Unit.Clients.Kubernetes;

public sealed class KubeconfigTests : IDisposable
{
    private const string Cluster = "server: http://127.0.0.1:6443";

    private readonly KubeconfigFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Build_Token_IsTheContextsUserAtItsCluster()
    {
        var configuration = Build(Cluster, "token: t0ken");

        configuration.Host.ShouldBe("http://127.0.0.1:6443");
        configuration.CurrentContext.ShouldBe("test");
        configuration.Namespace.ShouldBe("shop");
        configuration.AccessToken.ShouldBe("t0ken");
    }

    [Fact]
    public void Build_OtherContext_IsThatOne()
    {
        var path = _folder.Write("config",
            """
            current-context: one
            contexts:
            - { name: one, context: { cluster: c1, user: u1 } }
            - { name: two, context: { cluster: c2 } }
            clusters:
            - { name: c1, cluster: { server: "http://one:1" } }
            - { name: c2, cluster: { server: "http://two:2" } }
            users:
            - { name: u1, user: { token: t } }
            preferences: { colors: true }
            extensions: []
            """);

        KubernetesClientConfiguration.BuildConfigFromConfigFile(path).Host.ShouldBe("http://one:1");
        var other = KubernetesClientConfiguration.BuildConfigFromConfigFile(path, currentContext: "TWO");
        (other.CurrentContext, other.Host, other.AccessToken).ShouldBe(("two", "http://two:2", null));
        KubernetesClientConfiguration.BuildConfigFromConfigFile(path, masterUrl: "http://three:3").Host.ShouldBe("http://three:3");
    }

    [Fact]
    public void Build_RelativePaths_AreRelativeToTheFileOrNot()
    {
        var path = _folder.WriteKubeconfig(Cluster, "client-certificate: pki/me.crt\nclient-key: /pki/me.key");

        var relative = KubernetesClientConfiguration.BuildConfigFromConfigFile(path);
        relative.ClientCertificateFilePath.ShouldBe(Path.Combine(_folder.Path, "pki/me.crt"));
        relative.ClientKeyFilePath.ShouldBe("/pki/me.key");
        KubernetesClientConfiguration.BuildConfigFromConfigFile(path, useRelativePaths: false).ClientCertificateFilePath.ShouldBe("pki/me.crt");
    }

    [Theory]
    [InlineData("https://0.0.0.0:6443", "https://127.0.0.1:6443/")]
    [InlineData("https://[::]:6443", "https://[::1]:6443/")]
    public void Build_ServerOnAnyAddress_IsLoopback(string server, string host) => Build($"server: '{server}'", "token: t").Host.ShouldBe(host);

    [Fact]
    public async Task Build_UserNameAndPassword_AreSentAsBasic()
    {
        await using var server = await StartAsync();

        await ReadAsync(Build($"server: {server.Url}", "username: me\npassword: sécret"));

        server.Requests.ShouldHaveSingleItem().Headers["Authorization"].ShouldBe("Basic bWU6c8OpY3JldA==");
    }

    [Fact]
    public async Task Build_NoUser_SendsNoCredential()
    {
        await using var server = await StartAsync();
        var path = _folder.Write("config",
            $$"""
            current-context: one
            contexts: [{ name: one, context: { cluster: c } }]
            clusters: [{ name: c, cluster: { server: "{{server.Url}}" } }]
            """);

        await ReadAsync(KubernetesClientConfiguration.BuildConfigFromConfigFile(path));

        server.Requests.ShouldHaveSingleItem().Headers.ShouldNotContainKey("Authorization");
    }

    [Theory]
    [InlineData("current-context: gone", "gone")]
    [InlineData("current-context: no-cluster\ncontexts: [{ name: no-cluster, context: { user: u } }]", "no-cluster")]
    [InlineData("current-context: a\ncontexts: [{ name: a, context: { cluster: gone } }]", "luster")]
    [InlineData("current-context: a\ncontexts: [{ name: a, context: { cluster: c } }]\nclusters: [{ name: c, cluster: { } }]", "erver")]
    [InlineData("current-context: a\ncontexts: [{ name: a, context: { cluster: c } }]\nclusters: [{ name: c, cluster: { server: here } }]", "here")]
    [InlineData("current-context: a\ncontexts: [{ name: a, context: { cluster: c, user: gone } }]\nclusters: [{ name: c, cluster: { server: 'http://x' } }]", "ser")]
    [InlineData("contexts: []", "server")]
    public void Build_IncompleteKubeconfig_SaysWhatIsMissing(string kubeconfig, string named)
    {
        var refusal = Should.Throw<KubeConfigException>(
            () => KubernetesClientConfiguration.BuildConfigFromConfigFile(_folder.Write("config", kubeconfig)));

        refusal.Message.ShouldContain(named);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("username: me")]
    [InlineData("client-certificate: only.crt")]
    [InlineData("exec: { apiVersion: client.authentication.k8s.io/v1 }")]
    [InlineData("exec: { command: 'true' }")]
    public void Build_UnusableUser_IsRefused(string user) => Should.Throw<KubeConfigException>(() => Build(Cluster, user));

    [Fact]
    public void Build_NoFile_IsRefused() => Should.Throw<KubeConfigException>(
        () => KubernetesClientConfiguration.BuildConfigFromConfigFile(Path.Combine(_folder.Path, "none", "config"))).Message.ShouldContain("none");

    [Fact]
    public async Task Build_Plugin_TokenIsSent()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The plug-in is a shell script");
        await using var server = await StartAsync();
        var plugin = _folder.WriteScript("plugin",
            """
            printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s-%s"}}' "$1" "$SUFFIX"
            """);

        await ReadAsync(Build(
            $"server: {server.Url}",
            $"exec:\n  apiVersion: client.authentication.k8s.io/v1\n  command: {plugin}\n  args: [get-token]\n  env: [{{ name: SUFFIX, value: '42' }}]\n  interactiveMode: Never"));

        server.Requests.ShouldHaveSingleItem().Headers["Authorization"].ShouldBe("Bearer get-token-42");
    }

    [Theory]
    [InlineData("exit 1")]
    [InlineData("echo token")]
    [InlineData("true")]
    [InlineData("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{}}'")]
    [InlineData("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\"}'")]
    [InlineData("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1beta1\",\"status\":{\"token\":\"t\"}}'")]
    public void Build_PluginWithoutCredential_IsRefused(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The plug-in is a shell script");
        var plugin = _folder.WriteScript("plugin", script);

        Should.Throw<KubeConfigException>(() => Build(Cluster, $"exec: {{ apiVersion: client.authentication.k8s.io/v1, command: {plugin} }}"));
    }

    [Fact]
    public void Build_PluginThatIsNotThere_IsRefused() => Should.Throw<KubeConfigException>(
        () => Build(Cluster, $"exec: {{ apiVersion: client.authentication.k8s.io/v1, command: {_folder.Path}/none }}"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Client_NoHost_IsRefused(string? host) =>
        Should.Throw<KubeConfigException>(() => new k8s.Kubernetes(new KubernetesClientConfiguration { Host = host }));

    [Fact]
    public void Client_NoConfiguration_IsRefused() => Should.Throw<KubeConfigException>(() => new k8s.Kubernetes(null));

    private KubernetesClientConfiguration Build(string cluster, string user) =>
        KubernetesClientConfiguration.BuildConfigFromConfigFile(_folder.WriteKubeconfig(cluster, user));

    private static Task<ApiServer> StartAsync() => ApiServer.StartAsync(context => context.Response.WriteAsync("null", context.RequestAborted));

    private static async Task ReadAsync(KubernetesClientConfiguration configuration)
    {
        using var client = new k8s.Kubernetes(configuration);
        await client.CoreV1.ReadNodeAsync("a", cancellationToken: TestContext.Current.CancellationToken);
    }
}
