using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using AlertResponder.Tests.EndToEnd.JavaScript;

[assembly: AssemblyFixture(typeof(NodeProgram))]

namespace AlertResponder.Tests.EndToEnd.JavaScript;

/// <summary>
/// Runs the scripts of <c>tests/JavaScript</c>, which use the vendors' own JavaScript clients. Their packages are installed
/// once per test run, when the first script is asked for, in a temporary folder.
/// </summary>
public sealed class NodeProgram : IAsyncDisposable
{
    private static readonly TimeSpan InstallPatience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan ScriptPatience = TimeSpan.FromSeconds(60);

    // A script gets no more than this, so that nothing of the developer's (AWS_*, SLACK_*, proxies) reaches a client.
    private static readonly string[] ScriptInherits = ["PATH", "TMPDIR"];

    // npm needs the way to the registry that this machine is set up for, and the cache in the home folder.
    private static readonly string[] InstallInherits =
        [.. ScriptInherits, "HOME", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR"];

    private readonly string folder = Directory.CreateTempSubdirectory("alert-responder-javascript-").FullName;
    private readonly Lazy<Task> installed;

    public NodeProgram() => installed = new(InstallAsync);

    /// <summary>Runs a script to its end.</summary>
    /// <param name="script">A file of <c>tests/JavaScript</c>: <c>converse.js</c>.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">All it gets besides <c>PATH</c>, <c>TMPDIR</c> and a home folder of its own.</param>
    /// <param name="input">What it reads from its standard input, as UTF-8.</param>
    /// <param name="patience">How long it may take, 60 s when null; then it is killed.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <returns>What it wrote to its standard output.</returns>
    /// <exception cref="InvalidOperationException">
    /// Node.js or npm is missing, the packages can't be installed, or the script failed; the message holds what it wrote.
    /// </exception>
    /// <exception cref="TimeoutException">It was killed; the message holds what it wrote.</exception>
    public async Task<string> RunAsync(
        string script,
        IEnumerable<string>? arguments = null,
        IEnumerable<KeyValuePair<string, string>>? environment = null,
        string input = "",
        TimeSpan? patience = null,
        CancellationToken cancellationToken = default)
    {
        await installed.Value.WaitAsync(cancellationToken);
        return await RunAsync("node", [script, .. arguments ?? []], ScriptInherits, environment, input, patience ?? ScriptPatience, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (installed.IsValueCreated)
            await installed.Value.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Directory.Delete(folder, recursive: true);
    }

    private async Task InstallAsync()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "JavaScript")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));

        await RunAsync("npm", ["ci", "--ignore-scripts", "--no-progress"], InstallInherits, null, "", InstallPatience, CancellationToken.None);
    }

    private async Task<string> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string[] inherits,
        IEnumerable<KeyValuePair<string, string>>? environment,
        string input,
        TimeSpan patience,
        CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        var inherited = start.Environment
            .Where(variable => inherits.Contains(variable.Key, StringComparer.OrdinalIgnoreCase)
                || (inherits == InstallInherits && variable.Key.StartsWith("npm_config_", StringComparison.OrdinalIgnoreCase)))
            .ToList();
        start.Environment.Clear();
        start.Environment["HOME"] = folder;
        foreach (var (name, value) in inherited)
            start.Environment[name] = value;
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;

        using var process = Started(start);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(patience);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await WriteAsync(process.StandardInput, input, deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException killed)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException(
                $"{Called(start)} was not done within {patience.TotalSeconds:0} s and was killed.\n{await output}\n{await errors}",
                killed);
        }

        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{Called(start)} ended with exit code {process.ExitCode}.\n{await output}\n{await errors}");
    }

    private static Process Started(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException(
                $"{start.FileName} is not on the PATH. The JavaScript clients need Node.js 18 or newer and npm; on Debian and Ubuntu: apt-get install nodejs npm",
                missing);
        }
    }

    private static async Task WriteAsync(StreamWriter writer, string input, CancellationToken cancellationToken)
    {
        try
        {
            await writer.WriteAsync(input.AsMemory(), cancellationToken);
            writer.Close();
        }
        catch (IOException)
        {
            // It ended without having read its input; its exit code and output tell why.
        }
    }

    private static string Called(ProcessStartInfo start) => string.Join(' ', [start.FileName, .. start.ArgumentList]);
}
