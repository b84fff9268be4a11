using Testcontainers.K3s;

namespace AlertResponder.Tests.EndToEnd.Servers;

/// <summary>A real cluster of one node, in a container. There is none without Docker.</summary>
internal sealed class K3sCluster : IAsyncDisposable
{
    private const string Image = "rancher/k3s:v1.32.4-k3s1";
    private static readonly TimeSpan CommandPatience = TimeSpan.FromMinutes(2);

    private readonly K3sContainer container;
    private readonly string folder = Directory.CreateTempSubdirectory("alert-responder-k3s-").FullName;

    private K3sCluster(K3sContainer container) => this.container = container;

    private string Administrator => Path.Combine(folder, "administrator");

    /// <summary>A running cluster; null where Docker is not usable. Dispose it.</summary>
    public static async Task<K3sCluster?> TryStartAsync(CancellationToken cancellationToken)
    {
        if (DockerContainer.TryBuild(() => new K3sBuilder(Image).Build()) is not { } container)
            return null;

        var cluster = new K3sCluster(container);
        try
        {
            await container.StartAsync(cancellationToken);
            await File.WriteAllTextAsync(cluster.Administrator, await container.GetKubeconfigAsync(), cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs kubectl as the administrator and returns what it writes.</summary>
    public Task<string> KubectlAsync(CancellationToken cancellationToken, params IEnumerable<string> arguments) => KubectlAsync(Administrator, cancellationToken, arguments);

    public async Task ApplyAsync(string manifests, CancellationToken cancellationToken)
    {
        var file = Path.Combine(folder, "manifests.yaml");
        await File.WriteAllTextAsync(file, manifests, cancellationToken);
        await KubectlAsync(cancellationToken, "apply", "-f", file);
    }

    /// <summary>A kubeconfig of a service account's, for an hour.</summary>
    public async Task<string> KubeconfigOfAsync(string @namespace, string account, CancellationToken cancellationToken)
    {
        var token = await KubectlAsync(cancellationToken, "create", "token", account, "--namespace", @namespace, "--duration", "1h");
        var kubeconfig = Path.Combine(folder, account);
        File.Copy(Administrator, kubeconfig);
        await KubectlAsync(kubeconfig, cancellationToken, "config", "set-credentials", account, $"--token={token.Trim()}");
        await KubectlAsync(kubeconfig, cancellationToken, "config", "set-context", "--current", $"--user={account}");
        return kubeconfig;
    }

    public async ValueTask DisposeAsync()
    {
        await container.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private Task<string> KubectlAsync(string kubeconfig, CancellationToken cancellationToken, params IEnumerable<string> arguments)
        => ChildProcess.RunAsync("kubectl", arguments, folder, CommandPatience, cancellationToken, [new("KUBECONFIG", kubeconfig)]);
}
