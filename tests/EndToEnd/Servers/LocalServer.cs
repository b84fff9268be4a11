namespace AlertResponder.Tests.EndToEnd.Servers;

/// <summary>
/// A private server on free loopback ports with its own data folder. It can be stopped or killed and started again on
/// the same ports with the same data; when disposed it is ended and its folder deleted.
/// </summary>
public abstract class LocalServer : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(120);
    private readonly string name;
    private IServerRun? run;

    private protected LocalServer(string name)
    {
        this.name = name;
        Folder = Directory.CreateTempSubdirectory($"alert-responder-{name}-").FullName;
    }

    /// <summary>Its data and configuration.</summary>
    public string Folder { get; }

    /// <summary>The last lines it wrote, over all its runs.</summary>
    public string Output => Log.ToString();

    /// <summary>Whether it was started and its process lives.</summary>
    public bool IsRunning => run is { HasExited: false };

    private protected OutputLog Log { get; } = new();

    private protected static HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Starts it, again on the same ports and data if it ran before, and waits until it is ready.</summary>
    /// <exception cref="InvalidOperationException">It runs already, or it ended while starting; the message holds what it wrote.</exception>
    /// <exception cref="TimeoutException">It was not ready within 120 s; the message holds what it wrote.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (IsRunning)
            throw new InvalidOperationException($"{name} runs already.");

        var started = run = await LaunchAsync(cancellationToken);
        try
        {
            await Eventually.TrueAsync(
                async token => started.HasExited || await IsReadyAsync(token),
                $"{name} is ready",
                StartPatience,
                cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}\n{Output}", late);
        }

        if (started.HasExited)
        {
            await started.StopAsync(); // waits for the last of its output
            throw new InvalidOperationException($"{name} ended while starting.\n{Output}");
        }
    }

    /// <summary>Stops it as an operator would. The data stay.</summary>
    public Task StopAsync() => run?.StopAsync() ?? Task.CompletedTask;

    /// <summary>Ends it at once, as a crash would (SIGKILL). The data stay.</summary>
    public Task KillAsync() => run?.KillAsync() ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await EndAsync();

        // Shown with a test that failed; a shared server ends outside of any test.
        TestContext.Current.TestOutputHelper?.WriteLine($"--- {name}{Environment.NewLine}{Output}");
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected static async Task<TServer> StartedAsync<TServer>(TServer server, CancellationToken cancellationToken)
        where TServer : LocalServer
    {
        try
        {
            await server.StartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private protected abstract Task<IServerRun> LaunchAsync(CancellationToken cancellationToken);

    private protected abstract Task<bool> IsReadyAsync(CancellationToken cancellationToken);

    /// <summary>Nobody needs the data any more, so the fastest end will do.</summary>
    private protected virtual Task EndAsync() => KillAsync();
}
