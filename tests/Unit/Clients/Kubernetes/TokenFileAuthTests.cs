using k8s;
using k8s.Authentication;
using Microsoft.AspNetCore.Http;

namespace AlertResponder.Tests.Unit.Clients.Kubernetes;

public sealed class TokenFileAuthTests : IDisposable
{
    private readonly KubeconfigFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_TokenFile_IsSentTrimmed()
    {
        await using var server = await ApiServer.StartAsync(context => context.Response.WriteAsync("null", context.RequestAborted));
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration
        {
            Host = server.Url.ToString(),
            AccessToken = "loses",
            TokenProvider = new TokenFileAuth(_folder.Write("token", "t0ken\n")),
        });

        await client.CoreV1.ReadNodeAsync("a", cancellationToken: TestContext.Current.CancellationToken);

        server.Requests.ShouldHaveSingleItem().Headers["Authorization"].ShouldBe("Bearer t0ken");
    }

    [Fact]
    public async Task GetAuthenticationHeader_NoFile_IsAnAggregateException()
    {
        var tokens = new TokenFileAuth(Path.Combine(_folder.Path, "none"));

        var failure = await Should.ThrowAsync<AggregateException>(() => tokens.GetAuthenticationHeaderAsync(TestContext.Current.CancellationToken));

        failure.InnerException.ShouldBeOfType<FileNotFoundException>();
    }
}
