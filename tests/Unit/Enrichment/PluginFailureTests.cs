using AlertResponder.Enrichment.Cluster;
using AlertResponder.Resilience;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Tests.Unit.Clients.Kubernetes;
using Microsoft.Extensions.Logging.Abstractions;

namespace AlertResponder.Tests.Unit.Enrichment;

public sealed class PluginFailureTests : IDisposable
{
    private readonly KubeconfigFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task ReadAsync_CredentialPluginFails_SaysWhyWithoutItsSecrets()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The plug-in is a shell script");
        await using var cluster = await ClusterSimulator.StartAsync("", cancellationToken: TestContext.Current.CancellationToken);
        var plugin = folder.WriteScript("aws", "echo 'no route to sts with password=hunter2hunter2' >&2; exit 255");
        using var api = BuiltClient.Of(folder.WriteKubeconfig($"server: {cluster.Address}", $"exec: {{ apiVersion: client.authentication.k8s.io/v1, command: {plugin} }}"));
        var upstream = new Upstream(UpstreamPolicies.Kubernetes, TimeProvider.System, NullLogger<Upstream>.Instance);
        using var reads = new ClusterReads(new ClusterConnection(api, upstream, TimeProvider.System), TimeProvider.System, CancellationToken.None, TestContext.Current.CancellationToken);

        (await reads.NodeAsync("node-1")).ShouldBeNull();

        var unread = reads.Unread.ShouldHaveSingleItem();
        unread.What.ShouldBe("the cluster");
        unread.Reason.ShouldStartWith("The credential plug-in aws failed with exit code 255: no route to sts");
        unread.Reason.ShouldNotContain("hunter2");
        reads.ReadAgainAt.ShouldNotBeNull();
        cluster.Requests.ShouldBeEmpty();
    }
}
