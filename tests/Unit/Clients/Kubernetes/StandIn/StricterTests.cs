using System.Security.Authentication;
using System.Text.Json;
using k8s;
using k8s.Exceptions;
using k8s.Models;
using Microsoft.AspNetCore.Http;

namespace AlertResponder.Tests.Unit.Clients.Kubernetes.StandIn;

/// <summary>Where the stand-in refuses what the official package lets through, or says it more clearly.</summary>
public sealed class StricterTests : IDisposable
{
    private readonly KubeconfigFolder _folder = new();
    private readonly SelfMadeCertificates _certificates = new();

    public void Dispose()
    {
        _folder.Dispose();
        _certificates.Dispose();
    }

    [Fact]
    public async Task Read_NoName_IsRefused()
    {
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = "http://localhost:1" });

        await Should.ThrowAsync<ArgumentNullException>(
            () => client.CoreV1.ReadNamespacedPodAsync(null, "ns", cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Write_NoBody_IsRefused()
    {
        using IKubernetes client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = "http://localhost:1" });

        await Should.ThrowAsync<ArgumentNullException>(
            () => client.CoreV1.PatchNodeAsync(null, "a", cancellationToken: TestContext.Current.CancellationToken));
        await Should.ThrowAsync<ArgumentNullException>(
            () => client.BatchV1.CreateNamespacedJobAsync(null, "ns", cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Build_TokenFile_ItsTokenIsSent()
    {
        await using var server = await ApiServer.StartAsync(context => context.Response.WriteAsync("null", context.RequestAborted));
        _folder.Write("token", "t0ken-of-the-file\n");
        using var client = new k8s.Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(
            _folder.WriteKubeconfig($"server: {server.Url}", "token: ignored\ntokenFile: token")));

        await client.CoreV1.ReadNodeAsync("a", cancellationToken: TestContext.Current.CancellationToken);

        server.Requests.ShouldHaveSingleItem().Headers["Authorization"].ShouldBe("Bearer t0ken-of-the-file");
    }

    [Fact]
    public void Build_TokenFileThatIsNotThere_IsNamed() =>
        Should.Throw<KubeConfigException>(() => KubernetesClientConfiguration.BuildConfigFromConfigFile(
            _folder.WriteKubeconfig("server: https://127.0.0.1:1", "tokenFile: /nowhere/token"))).Message.ShouldContain("/nowhere/token");

    // As version 20 of the package does; version 21 has no required members.
    [Fact]
    public void Deserialize_RequiredFieldMissing_IsAJsonException() =>
        Should.Throw<JsonException>(() => KubernetesJson.Deserialize<V1PodStatus>("""{"containerStatuses":[{"name":"web"}]}"""));

    [Theory]
    [InlineData("../secrets/db")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("a/log")]
    [InlineData("%2e%2e")]
    [InlineData("")]
    public async Task Read_NameThatIsNone_IsRefusedBeforeItIsSent(string name)
    {
        await using var server = await ApiServer.StartAsync(context => context.Response.WriteAsync("null", context.RequestAborted));
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = server.Url.ToString() });

        await Should.ThrowAsync<ArgumentException>(
            () => client.CoreV1.ReadNamespacedPodAsync(name, "ns", cancellationToken: TestContext.Current.CancellationToken));
        await Should.ThrowAsync<ArgumentException>(
            () => client.CoreV1.ReadNamespacedPodAsync("a", name, cancellationToken: TestContext.Current.CancellationToken));
        server.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("../v1", "v1", "certificates")]
    [InlineData("cert-manager.io", "..", "certificates")]
    [InlineData("cert-manager.io", "v1", "namespaces/kube-system/secrets")]
    [InlineData("", "v1", "certificates")]
    public async Task ListCustomObject_GroupThatIsNone_IsRefusedBeforeItIsSent(string group, string version, string plural)
    {
        await using var server = await ApiServer.StartAsync(context => context.Response.WriteAsync("null", context.RequestAborted));
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = server.Url.ToString() });

        await Should.ThrowAsync<ArgumentException>(() => client.CustomObjects.ListNamespacedCustomObjectAsync(
            group, version, "ns", plural, cancellationToken: TestContext.Current.CancellationToken));
        await Should.ThrowAsync<ArgumentException>(() => client.CustomObjects.GetClusterCustomObjectAsync(
            group, version, plural, "a", cancellationToken: TestContext.Current.CancellationToken));
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Delete_DryRunBesideABody_IsRefusedBeforeItIsSent()
    {
        await using var server = await ApiServer.StartAsync(context => context.Response.WriteAsync("null", context.RequestAborted));
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = server.Url.ToString() });
        var options = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = "u" } };

        (await Should.ThrowAsync<ArgumentException>(() => client.CoreV1.DeleteNamespacedPodAsync(
            "a", "ns", body: options, dryRun: "All", cancellationToken: TestContext.Current.CancellationToken))).Message.ShouldContain("dryRun=All");
        await Should.ThrowAsync<ArgumentException>(() => client.BatchV1.DeleteNamespacedJobAsync(
            "a", "ns", body: options, propagationPolicy: "Background", cancellationToken: TestContext.Current.CancellationToken));
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_NameWithAQuestionMark_StaysAName()
    {
        await using var server = await ApiServer.StartAsync(context => context.Response.WriteAsync("null", context.RequestAborted));
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = server.Url.ToString() });

        await client.CoreV1.ReadNamespacedPodAsync("a?limit=1#b", "ns", cancellationToken: TestContext.Current.CancellationToken);

        server.Requests.ShouldHaveSingleItem().Target.ShouldBe("/api/v1/namespaces/ns/pods/a%3Flimit%3D1%23b");
    }

    [Fact]
    public async Task Read_CertificateForAnotherHost_IsRefused()
    {
        await using var server = await ApiServer.StartAsync(
            context => context.Response.WriteAsync("null", context.RequestAborted), _certificates.Server(loopback: false, "elsewhere.example"));
        var path = _folder.WriteKubeconfig(
            $"server: {server.Url}\ncertificate-authority-data: {SelfMadeCertificates.Base64(_certificates.AuthorityPem)}", "token: t");
        using var client = new k8s.Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(path));

        var failure = await Should.ThrowAsync<HttpRequestException>(
            () => client.CoreV1.ReadNodeAsync("a", cancellationToken: TestContext.Current.CancellationToken));

        failure.InnerException.ShouldBeOfType<AuthenticationException>();
        server.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("current-context: [")]
    [InlineData("- a\n- b")]
    [InlineData("just text")]
    [InlineData("clusters: [{ name: c, cluster: { insecure-skip-tls-verify: perhaps } }]")]
    public void Build_NoKubeconfig_NamesTheFile(string text)
    {
        var path = _folder.Write("config", text);

        Should.Throw<KubeConfigException>(() => KubernetesClientConfiguration.BuildConfigFromConfigFile(path)).Message.ShouldContain(path);
    }

    [Theory]
    [InlineData("certificate-authority-data: '%%%'")]
    [InlineData("certificate-authority: none.crt")]
    public void Build_BadCertificateAuthority_IsRefused(string authority) => Should.Throw<KubeConfigException>(
            () => KubernetesClientConfiguration.BuildConfigFromConfigFile(_folder.WriteKubeconfig($"server: https://127.0.0.1:1\n{authority}", "token: t")))
        .Message.ShouldContain("certificate authority");

    [Theory]
    [InlineData("client-certificate: none.crt\nclient-key: none.key")]
    [InlineData("client-certificate-data: '%%%'\nclient-key-data: '%%%'")]
    [InlineData("client-certificate-data: bm9uZQ==\nclient-key-data: bm9uZQ==")]
    public void Client_BadClientCertificate_IsRefused(string user)
    {
        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(_folder.WriteKubeconfig("server: https://127.0.0.1:1", user));

        Should.Throw<KubeConfigException>(() => new k8s.Kubernetes(configuration)).Message.ShouldContain("client certificate");
    }

    [Fact]
    public void Client_HostThatIsNoUrl_IsRefused() =>
        Should.Throw<KubeConfigException>(() => new k8s.Kubernetes(new KubernetesClientConfiguration { Host = "here" })).Message.ShouldContain("here");

    [Theory]
    [InlineData("-1500m", "-1500m")]
    [InlineData("-2Gi", "-2Gi")]
    [InlineData("-0.1n", "0")]
    public void ToString_NegativeQuantity_IsCanonical(string text, string canonical) => new ResourceQuantity(text).ToString().ShouldBe(canonical);

    [Theory]
    [InlineData("1e2000000000")]
    [InlineData("1e-2000000000")]
    [InlineData("1e99999999999")]
    public void Parse_QuantityOutOfThisWorld_IsRefusedAtOnce(string text) => Should.Throw<FormatException>(() => new ResourceQuantity(text));
}
