using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using k8s.Exceptions;
using k8s.KubeConfigModels;

namespace k8s.Authentication;

/// <summary>
/// Runs a credential plug-in: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins.
/// </summary>
internal static class CredentialPlugin
{
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    /// <exception cref="KubeConfigException">It cannot be started, fails, takes too long, or prints no credential.</exception>
    public static async Task<ExecCredentialResponse.ExecStatus> RunAsync(
        ExternalExecution plugin, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var output = await OutputAsync(plugin, timeout, cancellationToken);
        ExecCredentialResponse response;
        try
        {
            response = KubernetesJson.Deserialize<ExecCredentialResponse>(output);
        }
        catch (Exception bad) when (bad is JsonException or FormatException)
        {
            throw new KubeConfigException($"The credential plug-in {plugin.Command} did not print an ExecCredential in JSON", bad);
        }

        if (response?.ApiVersion != plugin.ApiVersion)
            throw new KubeConfigException($"The credential plug-in {plugin.Command} speaks {response?.ApiVersion}, not {plugin.ApiVersion}");
        return response.Status?.IsValid() == true
            ? response.Status
            : throw new KubeConfigException($"The credential plug-in {plugin.Command} gave neither a token nor a client certificate with its key");
    }

    private static async Task<string> OutputAsync(ExternalExecution plugin, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var process = Start(plugin);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return process.ExitCode == 0
                ? output
                : throw new KubeConfigException($"The credential plug-in {plugin.Command} failed with exit code {process.ExitCode}");
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new KubeConfigException($"The credential plug-in {plugin.Command} took longer than {timeout.TotalSeconds} seconds", late);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(ExternalExecution plugin)
    {
        // Arguments are split at blanks, as the official client has it.
        var start = new ProcessStartInfo(plugin.Command, string.Join(' ', plugin.Arguments ?? []))
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        start.Environment["KUBERNETES_EXEC_INFO"] = JsonSerializer.Serialize(new
        {
            apiVersion = plugin.ApiVersion,
            kind = "ExecCredential",
            spec = new { interactive = Environment.UserInteractive },
        });
        foreach (var variable in plugin.EnvironmentVariables ?? [])
        {
            if (!variable.TryGetValue("name", out var name) || !variable.TryGetValue("value", out var value))
                throw new KubeConfigException($"The credential plug-in {plugin.Command} has an environment variable without name or value");
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception notStarted)
        {
            throw new KubeConfigException($"The credential plug-in {plugin.Command} cannot be started: {notStarted.Message}", notStarted);
        }
    }
}
