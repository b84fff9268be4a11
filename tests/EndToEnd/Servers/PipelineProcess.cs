using System.Globalization;
using System.Runtime.InteropServices;

namespace AlertResponder.Tests.EndToEnd.Servers;

/// <summary>
/// The built Host as a process of its own, on a free port. Its working and home folders are its own, and of this process'
/// environment it gets nothing but what is given here: no cluster, no AWS account of the developer's is in reach.
/// </summary>
public sealed class PipelineProcess : LocalServer
{
    private static readonly TimeSpan CommandPatience = TimeSpan.FromSeconds(120);

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

    /// <summary>The folder of the Host: the one that was built with this program, or where it was published to.</summary>
    public string HostFolder { get; init; } = AppContext.BaseDirectory;

    /// <summary>The running pipeline, ready. Dispose it.</summary>
    /// <inheritdoc cref="PipelineProcess(IReadOnlyList{string}?, IReadOnlyDictionary{string, string}?)" path="/param"/>
    public static Task<PipelineProcess> StartNewAsync(
        IReadOnlyList<string>? arguments = null,
        IReadOnlyDictionary<string, string>? environment = null,
        CancellationToken cancellationToken = default)
        => StartNewAsync(new PipelineProcess(arguments, environment), cancellationToken);

    /// <summary>The same of one that has further properties.</summary>
    public static Task<PipelineProcess> StartNewAsync(PipelineProcess pipeline, CancellationToken cancellationToken) => StartedAsync(pipeline, cancellationToken);

    /// <summary>Another command of the Host, as a process of its own like this, to its end.</summary>
    /// <param name="arguments">The command line: <c>["doctor"]</c>.</param>
    /// <param name="environment">Its configuration.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its exit code and what it wrote.</returns>
    public static async Task<(int ExitCode, string Output)> RunToEndAsync(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("alert-responder-command-");
        try
        {
            var output = new OutputLog();
            var child = Start(AppContext.BaseDirectory, arguments, folder.FullName, output, environment);
            if (!await child.ExitsAsync(CommandPatience, cancellationToken))
                await child.KillAsync();

            // Without the line that says what was started.
            return (child.ExitCode, output.ToString()[(output.ToString().IndexOf('\n', StringComparison.Ordinal) + 1)..]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private protected override Task<IServerRun> LaunchAsync(CancellationToken cancellationToken)
    {
        process = Start(HostFolder, ["run", .. arguments], Folder, Log, [new("ASPNETCORE_URLS", Url.GetLeftPart(UriPartial.Authority)), .. environment]);
        return Task.FromResult<IServerRun>(process);
    }

    private protected override async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        using var response = await Http.GetAsync(new Uri(Url, ReadyPath), cancellationToken);
        return response.IsSuccessStatusCode;
    }

    private static ChildProcess Start(
        string host, IReadOnlyList<string> arguments, string folder, OutputLog log, IEnumerable<KeyValuePair<string, string>> environment)
    {
        // The runtime that runs this test, which need not be the dotnet on the PATH.
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        return ChildProcess.Start(
            dotnet,
            [Path.Combine(host, "AlertResponder.Host.dll"), .. arguments],
            folder,
            log,
            [
                // appsettings.json lies beside the Host, while files that it writes belong in the working folder.
                new("DOTNET_CONTENTROOT", host),
                new("DOTNET_NOLOGO", "1"),
                new("AWS_EC2_METADATA_DISABLED", "true"),
                .. environment,
            ]);
    }
}
