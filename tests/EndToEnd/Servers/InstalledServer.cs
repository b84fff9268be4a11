using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;

namespace AlertResponder.Tests.EndToEnd.Servers;

/// <summary>
/// A server of other people's: the one that is installed, else the one of its image through Docker, else a message that says how to
/// install it. Either has the same addresses, and keeps its data over a restart.
/// </summary>
/// <param name="name">What its folder and its output are named after.</param>
/// <param name="product">What people call it.</param>
/// <param name="package">Which Debian package has it.</param>
public abstract class InstalledServer(string name, string product, string package) : LocalServer(name)
{
    /// <summary>Null before the first start, and where the server is installed.</summary>
    private protected DockerContainer? Container { get; private set; }

    private protected sealed override async Task<IServerRun> LaunchAsync(CancellationToken cancellationToken)
    {
        if (await LaunchInstalledAsync(cancellationToken) is { } installed)
            return installed;

        Container ??= DockerContainer.TryBuild(BuildContainer) is { } built
            ? new DockerContainer(built, Log)
            : throw new InvalidOperationException(
                $"{product} is not installed and Docker is not usable. Install it (apt-get install {package}), or let tests/run.sh do so.");
        return await Container.StartAsync(cancellationToken);
    }

    /// <summary>The installed program's run; null when there is none.</summary>
    private protected abstract Task<IServerRun?> LaunchInstalledAsync(CancellationToken cancellationToken);

    private protected abstract IContainer BuildContainer();

    private protected override async Task EndAsync()
    {
        await base.EndAsync();
        if (Container is not null)
            await Container.DisposeAsync();
    }

    /// <summary>
    /// For a server that calls back: on the host's network, loopback means in the container what it means here (Docker on Linux).
    /// </summary>
    private protected static ContainerBuilder OnTheHostsNetwork(string image)
        => new ContainerBuilder(image).WithCreateParameterModifier(container => container.HostConfig!.NetworkMode = "host");

    /// <summary>The first of these programs that is on the PATH.</summary>
    private protected static string? FindOnPath(params IReadOnlyList<string> programs)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => programs.Select(program => Path.Combine(folder, program)))
            .FirstOrDefault(File.Exists);
}
