using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AlertResponder.Tests.EndToEnd.Servers;

/// <summary>A process that this test run started, with what it writes. Nothing else is ever signalled.</summary>
internal sealed class ChildProcess : IServerRun
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    // What a program needs to run at all. Everything else of the developer's environment (AWS_*, KUBECONFIG, PG*) stays
    // outside, so that a test never depends on it nor reaches what it points at.
    private static readonly string[] Inherited = ["PATH", "TMPDIR", "DOTNET_ROOT"];

    private readonly Process process;
    private readonly Signal stopSignal;

    private ChildProcess(Process process, Signal stopSignal)
    {
        this.process = process;
        this.stopSignal = stopSignal;
    }

    /// <summary>The signals that ask a server to stop; the numbers are POSIX'.</summary>
    public enum Signal
    {
        Interrupt = 2,
        Terminate = 15,
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public int ExitCode => process.ExitCode;

    public static ChildProcess Start(
        string program,
        IEnumerable<string> arguments,
        string folder,
        OutputLog output,
        IEnumerable<KeyValuePair<string, string>>? environment = null,
        Signal stopSignal = Signal.Terminate)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var inherited = start.Environment.Where(variable => Inherited.Contains(variable.Key)).ToList();
        start.Environment.Clear();
        foreach (var (name, value) in inherited)
            start.Environment[name] = value;
        start.Environment["HOME"] = folder;
        start.Environment["LANG"] = "C.UTF-8";
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;

        output.Add($"$ {program} {string.Join(' ', start.ArgumentList)}");
        var started = new Process { StartInfo = start };
        started.OutputDataReceived += (_, received) => Keep(received.Data);
        started.ErrorDataReceived += (_, received) => Keep(received.Data);
        started.Start();
        started.StandardInput.Close();
        started.BeginOutputReadLine();
        started.BeginErrorReadLine();
        return new ChildProcess(started, stopSignal);

        void Keep(string? line)
        {
            if (line is not null)
                output.Add(line);
        }
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it wrote.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message holds what it wrote.</exception>
    public static async Task<string> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string folder,
        TimeSpan patience,
        CancellationToken cancellationToken,
        IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        var output = new OutputLog();
        var child = Start(program, arguments, folder, output, environment);
        if (!await child.ExitsAsync(patience, cancellationToken))
        {
            await child.KillAsync();
            throw new InvalidOperationException($"{program} did not end within {patience.TotalSeconds:0} s.\n{output}");
        }

        if (child.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with exit code {child.ExitCode}.\n{output}");

        // Without the line that says what was started.
        return string.Join('\n', output.ToString().Split('\n').Skip(1));
    }

    public async Task StopAsync()
    {
        if (!process.HasExited)
            _ = SendSignal(process.Id, (int)stopSignal);
        if (!await ExitsAsync(StopPatience, CancellationToken.None))
            await KillAsync();
    }

    public async Task KillAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await ExitsAsync(StopPatience, CancellationToken.None);
    }

    /// <summary>Whether it has ended, after waiting so long for it.</summary>
    public async Task<bool> ExitsAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(patience);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Its output may be held open by a child of its own; what counts is whether it lives.
        }

        return process.HasExited;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int processId, int signal);
}
