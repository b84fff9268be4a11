namespace AlertResponder.Tests.EndToEnd.Servers;

/// <summary>
/// A server from its official image, for machines that have Docker but not the server's package. The tests normally take
/// the installed server; this is the way around. It uses the docker command line rather than Testcontainers, which not
/// every package feed has. The container shares the host's network, so that ports, addresses and the webhooks that
/// Alertmanager posts to loopback are the same as those of an installed server (Docker on Linux).
/// </summary>
internal sealed class DockerContainer(string image, string folder, OutputLog output) : IAsyncDisposable
{
    private static readonly TimeSpan PullPatience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan CommandPatience = TimeSpan.FromSeconds(60);

    // Which daemon it talks to is the developer's setting: the variables and the home folder with the contexts.
    private static readonly KeyValuePair<string, string>[] ClientSettings =
    [
        .. new[] { "HOME", "DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_CONTEXT", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY" }
            .Select(name => new KeyValuePair<string, string>(name, Environment.GetEnvironmentVariable(name) ?? ""))
            .Where(variable => variable.Value.Length > 0),
    ];

    private static readonly Lazy<Task<bool>> Usable = new(IsUsableAsync);
    private readonly string name = $"alert-responder-tests-{Guid.NewGuid():N}";
    private bool created;

    /// <exception cref="InvalidOperationException">Docker isn't usable either; says how to install the server.</exception>
    public static async Task<DockerContainer> InsteadOfAsync(string server, string package, string image, string folder, OutputLog output)
    {
        if (!await Usable.Value)
        {
            throw new InvalidOperationException(
                $"{server} is not installed and Docker is not usable. Install it (apt-get install {package}), or let tests/run.sh do so.");
        }

        return new DockerContainer(image, folder, output);
    }

    /// <summary>The first start creates the container; later ones start the same, with the data it has.</summary>
    public async Task<IServerRun> StartAsync(IEnumerable<string> options, IEnumerable<string> command, CancellationToken cancellationToken)
    {
        if (created)
            return new Run(this, Attach("start", "--attach", name));

        await DockerAsync(["pull", "--quiet", image], PullPatience, cancellationToken);
        created = true;
        return new Run(this, Attach(["run", "--name", name, "--network", "host", .. options, image, .. command]));
    }

    /// <summary>Runs a program in it to its end.</summary>
    public Task ExecuteAsync(params string[] command) => DockerAsync(["exec", name, .. command]);

    public async ValueTask DisposeAsync()
    {
        if (created)
            await DockerAsync("rm", "--force", "--volumes", name);
    }

    private static async Task<bool> IsUsableAsync()
    {
        try
        {
            await ChildProcess.RunAsync("docker", ["info"], Path.GetTempPath(), CommandPatience, CancellationToken.None, ClientSettings);
            return true;
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private ChildProcess Attach(params string[] arguments) => ChildProcess.Start("docker", arguments, folder, output, ClientSettings);

    private Task DockerAsync(params string[] arguments) => DockerAsync(arguments, CommandPatience, CancellationToken.None);

    private Task DockerAsync(string[] arguments, TimeSpan patience, CancellationToken cancellationToken)
        => ChildProcess.RunAsync("docker", arguments, folder, patience, cancellationToken, ClientSettings);

    /// <summary>The attached docker command: it lives and writes as long as the container does.</summary>
    private sealed class Run(DockerContainer container, ChildProcess attached) : IServerRun
    {
        public bool HasExited => attached.HasExited;

        public async Task StopAsync()
        {
            if (!attached.HasExited)
                await container.DockerAsync("stop", container.name);
            await attached.StopAsync();
        }

        public async Task KillAsync()
        {
            if (!attached.HasExited)
                await container.DockerAsync("kill", container.name);
            await attached.StopAsync();
        }
    }
}
