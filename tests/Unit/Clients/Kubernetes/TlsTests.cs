using System.Security.Authentication;
using AlertResponder.Connections.Kubernetes;
using Microsoft.AspNetCore.Http;
using k8s;
using k8s.Models;

namespace AlertResponder.Tests.Unit.Clients.Kubernetes;

public sealed class TlsTests : IDisposable
{
    private const string Token = "token: t0ken";

    private readonly KubeconfigFolder _folder = new();
    private readonly SelfMadeCertificates _ours = new();

    public void Dispose()
    {
        _folder.Dispose();
        _ours.Dispose();
    }

    [Fact]
    public async Task Read_CertificateAuthorityFile_IsTrusted()
    {
        await using var server = await StartAsync(loopback: true);
        _folder.Write("pki/ca.crt", _ours.AuthorityPem);

        await ReadAsync($"server: {server.Url}\ncertificate-authority: pki/ca.crt", Token);

        server.Requests.ShouldHaveSingleItem().Headers["Authorization"].ShouldBe("Bearer t0ken");
    }

    [Fact]
    public async Task Read_CertificateAuthorityData_IsTrusted()
    {
        using var others = new SelfMadeCertificates();
        await using var server = await StartAsync(loopback: true);

        await ReadAsync($"server: {server.Url}\ncertificate-authority-data: {SelfMadeCertificates.Base64(others.AuthorityPem + "\n" + _ours.AuthorityPem)}", Token);

        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Read_UnknownAuthority_IsRefused()
    {
        await using var server = await StartAsync(loopback: true);

        await ShouldBeRefusedAsync(server, $"server: {server.Url}");
    }

    [Fact]
    public async Task Read_OtherAuthority_IsRefused()
    {
        using var others = new SelfMadeCertificates();
        await using var server = await StartAsync(loopback: true);

        await ShouldBeRefusedAsync(server, $"server: {server.Url}\ncertificate-authority-data: {SelfMadeCertificates.Base64(others.AuthorityPem)}");
    }

    [Fact]
    public async Task Read_ExpiredCertificate_IsRefused()
    {
        await using var server = await ApiServer.StartAsync(
            context => context.Response.WriteAsync(ApiServer.Anything, context.RequestAborted), _ours.ExpiredServer());

        await ShouldBeRefusedAsync(server, $"server: {server.Url}\ncertificate-authority-data: {SelfMadeCertificates.Base64(_ours.AuthorityPem)}");
    }

    // Whoever has any certificate of the cluster's authority, such as a kubelet, is not the API server.
    [Fact]
    public async Task Read_CertificateForAnotherHost_IsRefused()
    {
        await using var server = await StartAsync(loopback: false, "elsewhere.example");

        await ShouldBeRefusedAsync(server, $"server: {server.Url}\ncertificate-authority-data: {SelfMadeCertificates.Base64(_ours.AuthorityPem)}");
    }

    [Fact]
    public async Task Read_CertificateForAnotherNameThanTlsServerName_IsRefused()
    {
        await using var server = await StartAsync(loopback: true);

        await ShouldBeRefusedAsync(
            server, $"server: {server.Url}\ntls-server-name: api.example\ncertificate-authority-data: {SelfMadeCertificates.Base64(_ours.AuthorityPem)}");
    }

    [Fact]
    public async Task Read_TlsServerName_IsTheNameThatCounts()
    {
        await using var server = await StartAsync(loopback: false, "api.example");

        await ReadAsync(
            $"server: {server.Url}\ntls-server-name: api.example\ncertificate-authority-data: {SelfMadeCertificates.Base64(_ours.AuthorityPem)}", Token);

        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Read_AuthorityOfAServiceAccount_ChecksTheNameToo()
    {
        await using var server = await StartAsync(loopback: false, "elsewhere.example");
        var authorities = new System.Security.Cryptography.X509Certificates.X509Certificate2Collection();
        authorities.ImportFromPem(_ours.AuthorityPem);
        using var client = new GuardedKubernetes(new KubernetesClientConfiguration { Host = server.Url.ToString(), SslCaCerts = authorities });

        var failure = await Should.ThrowAsync<HttpRequestException>(() => client.CoreV1.ReadNodeAsync("a", cancellationToken: TestContext.Current.CancellationToken));

        failure.InnerException.ShouldBeOfType<AuthenticationException>();
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_SkipTlsVerify_AcceptsAnything()
    {
        await using var server = await StartAsync(loopback: false, "elsewhere.example");

        await ReadAsync($"server: {server.Url}\ninsecure-skip-tls-verify: true", Token);

        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Read_ClientCertificateData_IsShown()
    {
        var (certificate, key) = _ours.Client("alert-responder");

        (await SubjectAsync(
            $"client-certificate-data: {SelfMadeCertificates.Base64(certificate)}\nclient-key-data: {SelfMadeCertificates.Base64(key)}")).ShouldBe("CN=alert-responder");
    }

    [Fact]
    public async Task Read_ClientCertificateFiles_AreShown()
    {
        var (certificate, key) = _ours.Client("alert-responder");
        _folder.Write("client.crt", certificate);
        _folder.Write("client.key", key);

        (await SubjectAsync("client-certificate: client.crt\nclient-key: client.key")).ShouldBe("CN=alert-responder");
    }

    [Fact]
    public async Task Read_ClientCertificateOfPlugin_IsShown()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The plug-in is a shell script");
        var (certificate, key) = _ours.Client("alert-responder");
        var answer = System.Text.Json.JsonSerializer.Serialize(new
        {
            apiVersion = "client.authentication.k8s.io/v1",
            kind = "ExecCredential",
            status = new { clientCertificateData = certificate, clientKeyData = key },
        });
        var plugin = _folder.WriteScript("plugin", $"cat <<'END'\n{answer}\nEND");

        (await SubjectAsync($"exec: {{ apiVersion: client.authentication.k8s.io/v1, command: {plugin} }}")).ShouldBe("CN=alert-responder");
    }

    [Fact]
    public async Task Read_ClientCertificateBesideAPluginThatIsNotInstalled_IsShown()
    {
        var (certificate, key) = _ours.Client("alert-responder");

        (await SubjectAsync(
            $"client-certificate-data: {SelfMadeCertificates.Base64(certificate)}\nclient-key-data: {SelfMadeCertificates.Base64(key)}\n"
            + "exec: { apiVersion: client.authentication.k8s.io/v1, command: no-such-plugin }")).ShouldBe("CN=alert-responder");
    }

    private async Task<string?> SubjectAsync(string user)
    {
        await using var server = await StartAsync(loopback: true, wantsClientCertificate: true);
        await ReadAsync($"server: {server.Url}\ncertificate-authority-data: {SelfMadeCertificates.Base64(_ours.AuthorityPem)}", user);
        return server.Requests.ShouldHaveSingleItem().ClientCertificate;
    }

    private async Task ShouldBeRefusedAsync(ApiServer server, string cluster)
    {
        var failure = await Should.ThrowAsync<HttpRequestException>(() => ReadAsync(cluster, Token));

        failure.HttpRequestError.ShouldBe(HttpRequestError.SecureConnectionError);
        failure.InnerException.ShouldBeOfType<AuthenticationException>();
        server.Requests.ShouldBeEmpty();
    }

    private async Task<V1Node> ReadAsync(string cluster, string user)
    {
        using var client = BuiltClient.Of(_folder.WriteKubeconfig(cluster, user));
        return await client.CoreV1.ReadNodeAsync("a", cancellationToken: TestContext.Current.CancellationToken);
    }

    private Task<ApiServer> StartAsync(bool loopback, string name = "localhost", bool wantsClientCertificate = false) => ApiServer.StartAsync(
        context => context.Response.WriteAsync(ApiServer.Anything, context.RequestAborted), _ours.Server(loopback, name), wantsClientCertificate);
}
