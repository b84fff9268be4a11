using System.Collections.Concurrent;
using AlertResponder.Tests.EndToEnd.Servers;
using Npgsql;

namespace AlertResponder.Tests.EndToEnd.Compose;

/// <summary>
/// The services of a compose file on this machine, started as Compose starts them: each as soon as what it depends on is healthy. Our
/// image is the built program, the others are the local servers of the same name with what the file gives them.
/// </summary>
internal sealed class ComposeRun : IAsyncDisposable
{
    private const string Healthy = "service_healthy";

    private readonly ComposeFile file;
    private readonly string folder;
    private readonly Dictionary<string, Lazy<Task<LocalServer>>> starts;
    private readonly ConcurrentQueue<string> started = new();

    private ComposeRun(ComposeFile file, string folder, CancellationToken cancellationToken)
    {
        this.file = file;
        this.folder = folder;
        Network = new ComposeNetwork(file);
        starts = file.Services.Keys.ToDictionary(
            name => name, name => new Lazy<Task<LocalServer>>(() => StartAsync(name, cancellationToken)), StringComparer.Ordinal);
    }

    public ComposeNetwork Network { get; }

    /// <summary>Starts all services; returns when they are healthy. Dispose it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="folder">What its relative paths start from.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ComposeRun> StartAsync(ComposeFile file, string folder, CancellationToken cancellationToken)
    {
        var run = new ComposeRun(file, folder, cancellationToken);
        try
        {
            await Task.WhenAll(run.starts.Values.Select(start => start.Value));
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>A service's server.</summary>
    public async Task<TServer> ServerAsync<TServer>(string name)
        where TServer : LocalServer
        => (await starts[name].Value).ShouldBeOfType<TServer>();

    public async ValueTask DisposeAsync()
    {
        // Those first that were started last. One that did not start has ended itself.
        foreach (var name in started.Reverse())
        {
            await (await starts[name].Value).DisposeAsync();
        }
    }

    private async Task<LocalServer> StartAsync(string name, CancellationToken cancellationToken)
    {
        // Not on the caller's stack: two that wait for each other would be taken for a recursion of Lazy's.
        await Task.Yield();
        var service = file.Services[name];
        foreach (var (dependency, how) in service.DependsOn)
        {
            how.Condition.ShouldBe(Healthy);
            await starts[dependency].Value.WaitAsync(cancellationToken);
        }

        var server = await LaunchAsync(name, service, cancellationToken);
        started.Enqueue(name);
        return server;
    }

    private async Task<LocalServer> LaunchAsync(string name, ComposeService service, CancellationToken cancellationToken) => service.Image.Split(':')[0] switch
    {
        "alert-responder" => await LaunchOursAsync(name, service, cancellationToken),
        "rabbitmq" => await LaunchRabbitMqAsync(name, service, cancellationToken),
        "postgres" => await LaunchPostgresAsync(name, service, cancellationToken),
        "prom/alertmanager" => await LaunchAlertmanagerAsync(name, service, cancellationToken),
        var other => throw new FormatException($"Nothing here stands for the image {other}."),
    };

    private async Task<LocalServer> LaunchOursAsync(string name, ComposeService service, CancellationToken cancellationToken)
    {
        var container = new ComposeContainer(name, service, Network, folder);
        try
        {
            await container.StartAsync(cancellationToken);
            return container;
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }

    private async Task<LocalServer> LaunchRabbitMqAsync(string name, ComposeService service, CancellationToken cancellationToken)
    {
        service.Command.ShouldBeEmpty();
        service.Healthcheck.Test.ShouldBe(["CMD", "rabbitmq-diagnostics", "--quiet", "check_port_connectivity"]);
        service.Volumes.ShouldBe([$"{NamedVolume(service)}:/var/lib/rabbitmq"]);
        service.Environment.Keys.ShouldBe(["RABBITMQ_DEFAULT_USER", "RABBITMQ_DEFAULT_PASS"]);
        return await RabbitMqServer.StartNewAsync(
            Network.PortOf(name, 5672), service.Environment["RABBITMQ_DEFAULT_USER"], service.Environment["RABBITMQ_DEFAULT_PASS"], cancellationToken);
    }

    private async Task<LocalServer> LaunchPostgresAsync(string name, ComposeService service, CancellationToken cancellationToken)
    {
        service.Command.ShouldBeEmpty();
        service.Environment.Keys.ShouldBe(["POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB"]);
        var (user, database) = (service.Environment["POSTGRES_USER"], service.Environment["POSTGRES_DB"]);
        service.Healthcheck.Test.ShouldBe(["CMD", "pg_isready", "--host=127.0.0.1", $"--username={user}", $"--dbname={database}"]);
        service.Volumes.ShouldBe([$"{NamedVolume(service)}:/var/lib/postgresql/data"]);
        var server = await PostgresServer.StartNewAsync(Network.PortOf(name, 5432), user, service.Environment["POSTGRES_PASSWORD"], cancellationToken);
        var connectionString = await server.CreateDatabaseAsync(database, cancellationToken);

        // As the image does it: no other password opens it.
        var wrong = new NpgsqlConnectionStringBuilder(connectionString) { Password = "wrong", Pooling = false };
        await using var connection = new NpgsqlConnection(wrong.ConnectionString);
        await Should.ThrowAsync<PostgresException>(() => connection.OpenAsync(cancellationToken));
        return server;
    }

    private async Task<LocalServer> LaunchAlertmanagerAsync(string name, ComposeService service, CancellationToken cancellationToken)
    {
        // What AlertmanagerServer gives it too, with its own paths and address.
        service.Command.ShouldBe(
        [
            $"--config.file={AlertmanagerServer.ConfigurationFolder}/alertmanager.yml",
            "--storage.path=/alertmanager",
            "--web.external-url=http://localhost:9093/",
            "--cluster.listen-address=",
        ]);
        service.Environment.ShouldBeEmpty();
        service.Healthcheck.Test.ShouldBe(["CMD", "wget", "--quiet", "--spider", "http://localhost:9093/-/ready"]);
        service.Volumes[^1].ShouldBe($"{NamedVolume(service)}:/alertmanager");
        var files = service.Volumes.SkipLast(1).Select(ComposeContainer.ReadOnlyFile)
            .Select(mount => (mount.Target, Text: File.ReadAllText(Path.Combine(folder, mount.Source))))
            .Concat(service.Configs.Select(mount => (mount.Target, Text: file.Configs[mount.Source].Content)))
            .ToDictionary(mount => NameIn(AlertmanagerServer.ConfigurationFolder, mount.Target), mount => Network.Translate(mount.Text, name), StringComparer.Ordinal);
        return await AlertmanagerServer.StartNewAsync(files, Network.PortOf(name, 9093), cancellationToken);
    }

    // The last mount of a server is its data's, in a volume that the file declares.
    private string NamedVolume(ComposeService service)
    {
        var volume = service.Volumes[^1].Split(':')[0];
        file.Volumes.ShouldContainKey(volume);
        return volume;
    }

    private static string NameIn(string folder, string path)
    {
        Path.GetDirectoryName(path).ShouldBe(folder);
        return Path.GetFileName(path);
    }
}
