using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using AlertResponder.Tests.EndToEnd.Servers;

namespace AlertResponder.Tests.EndToEnd.Compose;

/// <summary>
/// A service whose image is ours, as a process: the entry point of <c>deploy/Dockerfile</c>, the service's command, environment,
/// mounts and health check, with the container's paths and addresses replaced by those of this machine.
/// </summary>
internal sealed class ComposeContainer : LocalServer
{
    private const string Program = "AlertResponder.Host.dll";
    private static readonly TimeSpan HealthPatience = TimeSpan.FromSeconds(30);

    private readonly string name;
    private readonly ComposeService service;
    private readonly ComposeNetwork network;
    private readonly Dictionary<string, string> paths = new(StringComparer.Ordinal);

    /// <param name="name">The service's name.</param>
    /// <param name="service">It.</param>
    /// <param name="network">Where the others are.</param>
    /// <param name="folder">What the file's relative paths start from.</param>
    public ComposeContainer(string name, ComposeService service, ComposeNetwork network, string folder)
        : base(name)
    {
        this.name = name;
        this.service = service;
        this.network = network;
        service.Configs.ShouldBeEmpty();
        foreach (var mount in service.Tmpfs)
        {
            paths.Add(mount, Directory.CreateDirectory(Path.Combine(Folder, mount.TrimStart('/'))).FullName);
        }

        foreach (var mount in service.Volumes)
        {
            var (source, target) = ReadOnlyFile(mount);
            var copy = Path.Combine(Folder, Path.GetFileName(source));
            File.WriteAllText(copy, network.Translate(File.ReadAllText(Path.Combine(folder, source)), name));
            paths.Add(target, copy);
        }
    }

    /// <summary>The two sides of a mount of the form <c>./source:/target:ro</c>.</summary>
    public static (string Source, string Target) ReadOnlyFile(string mount) => mount.Split(':') is [['.', '/', ..] source, var target, "ro"]
        ? (source, target)
        : throw new FormatException($"'{mount}' is not of the form ./source:/target:ro.");

    private protected override Task<IServerRun> LaunchAsync(CancellationToken cancellationToken)
    {
        var arguments = service.Command.Select(Here).ToList();
        return Task.FromResult<IServerRun>(ChildProcess.Start(Dotnet, [ProgramOf(EntryPoint()), .. arguments], Folder, Log, Environment()));
    }

    private protected override async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        if (!await ListensAsync(cancellationToken))
        {
            return false;
        }

        service.Healthcheck.Test[0].ShouldBe("CMD");
        await ChildProcess.RunAsync(
            Dotnet,
            [ProgramOf(service.Healthcheck.Test[1..3]), .. HealthArguments()],
            Folder,
            HealthPatience,
            cancellationToken);
        return true;
    }

    // What the command would ask when it is told nothing is here another process' port, if anybody's.
    private string[] HealthArguments() => service.Healthcheck.Test[3..] switch
    {
        ["health"] => ["health", $"http://127.0.0.1:{network.PortOf(name, 8080).ToString(CultureInfo.InvariantCulture)}/healthz/ready"],
        ["health", var address] => ["health", network.Translate(address, name)],
        var other => throw new FormatException($"Unknown health check: {string.Join(' ', other)}"),
    };

    // The runtime that runs this test, which need not be the dotnet on the PATH.
    private static string Dotnet => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    private static string[] EntryPoint()
    {
        const string instruction = "ENTRYPOINT ";
        var line = File.ReadLines(Path.Combine(Deployment.Folder, "deploy/Dockerfile")).Single(line => line.StartsWith(instruction, StringComparison.Ordinal));
        return JsonSerializer.Deserialize<string[]>(line[instruction.Length..])!;
    }

    private static string ProgramOf(IReadOnlyList<string> command)
    {
        command.ShouldBe(["dotnet", Program]);
        return Path.Combine(AppContext.BaseDirectory, Program);
    }

    private Dictionary<string, string> Environment()
    {
        var environment = service.Environment.ToDictionary(variable => variable.Key, variable => Here(variable.Value), StringComparer.Ordinal);

        // Microsoft's image has ASPNETCORE_HTTP_PORTS=8080: every address, which here is loopback.
        if (service.Command[0] == "run")
        {
            environment.Add("ASPNETCORE_URLS", $"http://127.0.0.1:{network.PortOf(name, 8080).ToString(CultureInfo.InvariantCulture)}");
        }

        return environment;
    }

    private string Here(string text)
    {
        if (text == "0.0.0.0")
        {
            return "127.0.0.1";
        }

        if (service.Expose.Contains(text))
        {
            return network.PortOf(name, int.Parse(text, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture);
        }

        foreach (var (inside, here) in paths.Where(path => text == path.Key || text.StartsWith(path.Key + "/", StringComparison.Ordinal)))
        {
            return here + text[inside.Length..];
        }

        return network.Translate(text, name);
    }

    // The health check is a process of its own: not before it can succeed.
    private async Task<bool> ListensAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", network.PortsOf(name).First(), cancellationToken);
        return client.Connected;
    }
}
