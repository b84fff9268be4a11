using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using AlertResponder.Simulators.Cluster;

namespace AlertResponder.Tests.Unit.Simulators;

/// <summary>The real kubectl against the simulator, where there is one.</summary>
public sealed class KubectlTests : IAsyncLifetime
{
    private readonly string _home = Directory.CreateTempSubdirectory("kubectl-").FullName;
    private ClusterSimulator _cluster = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster = await ClusterSimulator.StartAsync(AlertResponder.Simulators.Stories.PriceScraper, cancellationToken: Cancellation);
        _cluster.WriteKubeconfig(Path.Combine(_home, "config"));
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task Kubectl_GetAndLogs_Work()
    {
        var pods = JsonSerializer.Deserialize<JsonElement>(await KubectlAsync("get", "pods", "-n", "cardboard", "-o", "json"));
        pods.GetProperty("items")[0].GetProperty("metadata").GetProperty("name").GetString().ShouldBe("price-scraper-28487520-2n78x");

        (await KubectlAsync("get", "cronjob", "price-scraper", "-n", "cardboard", "-o", "yaml")).ShouldContain("memory: 256Mi");
        (await KubectlAsync("get", "cj,po", "-A", "-o", "name")).ShouldBe("cronjob.batch/price-scraper\npod/price-scraper-28487520-2n78x\n");
        (await KubectlAsync("logs", "-n", "cardboard", "price-scraper-28487520-2n78x", "--previous", "--tail=1")).ShouldContain("heap=248Mi");
        _cluster.AssertNoUnexpectedCalls();
    }

    private async Task<string> KubectlAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["KUBECONFIG"] = Path.Combine(_home, "config");
        // Its cache of discovery goes by host and port, which another run may have had.
        start.Environment["HOME"] = _home;
        using var kubectl = Start(start);
        var output = kubectl.StandardOutput.ReadToEndAsync(Cancellation);
        var error = await kubectl.StandardError.ReadToEndAsync(Cancellation);
        await kubectl.WaitForExitAsync(Cancellation);
        kubectl.ExitCode.ShouldBe(0, error);
        return await output;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("There is no kubectl on the PATH: that it works with the simulated cluster is not tested here.");
            throw;
        }
    }
}
