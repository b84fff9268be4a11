using Docker.DotNet.Models;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;

namespace AlertResponder.Tests.EndToEnd.Servers;

/// <summary>A server in a container: the first start creates it, later ones start the same with the data it has.</summary>
internal sealed class DockerContainer(IContainer container, OutputLog output) : IAsyncDisposable
{
    private static readonly TimeSpan PullPatience = TimeSpan.FromMinutes(5);

    /// <summary>What Testcontainers builds; null where Docker is not usable.</summary>
    public static TContainer? TryBuild<TContainer>(Func<TContainer> build)
        where TContainer : class, IContainer
    {
        try
        {
            return build();
        }
        catch (DockerUnavailableException)
        {
            return null;
        }
    }

    public async Task<IServerRun> StartAsync(CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(PullPatience);
        var began = TimeProvider.System.GetUtcNow().UtcDateTime;
        try
        {
            await container.StartAsync(deadline.Token);
        }
        catch (ContainerNotRunningException)
        {
            // The run knows that it has ended, and what it wrote.
        }

        return new Run(container, output, began);
    }

    /// <summary>Runs a program in it to its end.</summary>
    public async Task ExecuteAsync(IList<string> command, CancellationToken cancellationToken)
    {
        var result = await container.ExecAsync(command, cancellationToken);
        if (result.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with exit code {result.ExitCode}.\n{result.Stdout}\n{result.Stderr}");
    }

    public ValueTask DisposeAsync() => container.DisposeAsync();

    private sealed class Run(IContainer container, OutputLog output, DateTime began) : IServerRun
    {
        private readonly Task exited = container.GetExitCodeAsync();
        private bool told;

        public bool HasExited => exited.IsCompleted;

        public Task StopAsync() => EndAsync(() => container.StopAsync());

        public Task KillAsync() => EndAsync(async () =>
        {
            using var docker = TestcontainersSettings.OS.DockerEndpointAuthConfig.GetDockerClientBuilder(Guid.Empty).Build();
            await docker.Containers.KillContainerAsync(container.Id, new ContainerKillParameters());
        });

        private async Task EndAsync(Func<Task> end)
        {
            if (!HasExited)
                await end();
            await exited;
            if (told)
                return;

            told = true;
            var (standard, error) = await container.GetLogsAsync(began);
            foreach (var line in $"{standard}\n{error}".Split('\n', StringSplitOptions.RemoveEmptyEntries))
                output.Add(line);
        }
    }
}
