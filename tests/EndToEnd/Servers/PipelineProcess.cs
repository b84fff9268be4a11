using System.Globalization;
using System.Runtime.InteropServices;

namespace AlertResponder.Tests.EndToEnd.Servers;

/// <summary>
/// The built Host as a process of its own, on a free port. Its working and home folders are its own, and of this process'
/// environment it gets nothing but what is given here: no cluster, no AWS account of the developer's is in reach.
/// </summary>
public sealed class PipelineProcess : LocalServer
{
    private readonly IReadOnlyList<string> arguments;
    private readonly IReadOnlyDictionary<string, string> environment;
    private ChildProcess? process;

    /// <summary>Not started yet: for tests that expect it not to become ready. Others take <see cref="StartNewAsync"/>.</summary>
    /// <param name="arguments">What follows the command <c>run</c>: <c>["--roles", "gateway,enrichment"]</c>; none runs all roles.</param>
    /// <param name="environment">Its configuration: <c>ConnectionStrings__RabbitMq</c> and so on.</param>
    public PipelineProcess(IReadOnlyList<string>? arguments = null, IReadOnlyDictionary<string, string>? environment = null)
        : base("pipeline")
    {
        this.arguments = arguments ?? [];
        this.environment = environment ?? new Dictionary<string, string>(StringComparer.Ordinal);
    }

    /// <summary>Where it listens.</summary>
    public Uri Url { get; } = new($"http://127.0.0.1:{FreePort.Next().ToString(CultureInfo.InvariantCulture)}/");

    /// <summary>The process of its present or last run.</summary>
    public int ProcessId => process?.Id ?? throw new InvalidOperationException("It has not been started.");

    /// <summary>What must answer 200 before it counts as started; <c>healthz/live</c> for a start while a dependency is down.</summary>
    public string ReadyPath { get; init; } = "healthz/ready";

    /// <summary>The running pipeline, ready. Dispose it.</summary>
    /// <inheritdoc cref="PipelineProcess(IReadOnlyList{string}?, IReadOnlyDictionary{string, string}?)" path="/param"/>
    public static Task<PipelineProcess> StartNewAsync(
        IReadOnlyList<string>? arguments = null,
        IReadOnlyDictionary<string, string>? environment = null,
        CancellationToken cancellationToken = default)
        => StartedAsync(new PipelineProcess(arguments, environment), cancellationToken);

    private protected override Task<IServerRun> LaunchAsync(CancellationToken cancellationToken)
    {
        // The runtime that runs this test, which need not be the dotnet on the PATH.
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        process = ChildProcess.Start(
            dotnet,
            [Path.Combine(AppContext.BaseDirectory, "AlertResponder.Host.dll"), "run", .. arguments],
            Folder,
            Log,
            [
                new("ASPNETCORE_URLS", Url.GetLeftPart(UriPartial.Authority)),
                // appsettings.json lies beside the Host, while files that it writes belong in the working folder.
                new("DOTNET_CONTENTROOT", AppContext.BaseDirectory),
                new("DOTNET_NOLOGO", "1"),
                new("AWS_EC2_METADATA_DISABLED", "true"),
                .. environment,
            ]);
        return Task.FromResult<IServerRun>(process);
    }

    private protected override async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        using var response = await Http.GetAsync(new Uri(Url, ReadyPath), cancellationToken);
        return response.IsSuccessStatusCode;
    }
}
