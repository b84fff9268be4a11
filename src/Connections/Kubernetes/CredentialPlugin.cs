using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using k8s.Exceptions;

namespace AlertResponder.Connections.Kubernetes;

/// <summary>
/// Runs a credential plug-in. The package's own runner takes its exit code for nothing, splits its arguments at blanks, waits for it in a thread
/// and leaves it running. Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins.
/// </summary>
internal sealed class CredentialPlugin
{
    private const int MostOutput = 1024 * 1024;
    private const int MostComplaint = 300;
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly string[] Versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly string command;
    private readonly string name;
    private readonly string version;
    private readonly IReadOnlyList<string> arguments;
    private readonly IReadOnlyList<KeyValuePair<string, string>> variables;

    private CredentialPlugin(
        string command, string name, string version, IReadOnlyList<string> arguments, IReadOnlyList<KeyValuePair<string, string>> variables) =>
        (this.command, this.name, this.version, this.arguments, this.variables) = (command, name, version, arguments, variables);

    /// <summary>How long it may take.</summary>
    public static TimeSpan Timeout { get; } = TimeSpan.FromMinutes(2);

    /// <param name="exec">As written.</param>
    /// <param name="user">Whose.</param>
    /// <param name="where">The user, for people.</param>
    /// <param name="cluster">What it is told about the cluster; null when it is told nothing.</param>
    /// <exception cref="KubeConfigException">It cannot be run.</exception>
    public static CredentialPlugin Of(
        Kubeconfig.Plugin exec, Kubeconfig.NamedUser user, string where, (string Server, Kubeconfig.ClusterDetails Details, X509Certificate2Collection? Authorities)? cluster)
    {
        if (string.IsNullOrWhiteSpace(exec.Command))
        {
            throw new KubeConfigException($"{where} has an exec plug-in without a command. Set it");
        }

        if (!Versions.Contains(exec.ApiVersion, StringComparer.Ordinal))
        {
            throw new KubeConfigException($"{where} has an exec plug-in of apiVersion {exec.ApiVersion ?? "nothing"}. Set it to {string.Join(" or ", Versions)}");
        }

        if (exec.InteractiveMode == "Always")
        {
            throw new KubeConfigException($"{where} has an exec plug-in with interactiveMode Always, and here is nobody to ask. Use one that needs no terminal");
        }

        if (exec.Env?.Exists(variable => string.IsNullOrEmpty(variable?.Name)) == true)
        {
            throw new KubeConfigException($"{where} has an exec plug-in with an env entry without a name. Name it or remove it");
        }

        // By its full path: .NET would look for a bare name beside this program and in the current folder first.
        var isBare = Path.GetFileName(exec.Command) == exec.Command;
        var written = isBare ? exec.Command : user.FullPath(exec.Command);
        if ((isBare ? InPath(written) : Program(written)) is not { } command)
        {
            var hint = string.IsNullOrWhiteSpace(exec.InstallHint) ? "" : $" ({exec.InstallHint.Trim().ReplaceLineEndings(" ").TrimEnd('.')})";
            throw new KubeConfigException($"{where} has the exec plug-in {written}, which is not installed here{hint}. Install it, or use a token");
        }

        var info = JsonSerializer.Serialize(
            new Information(exec.ApiVersion!, "ExecCredential", new InformationSpec(Interactive: false, cluster is { } told ? About(told.Server, told.Details, told.Authorities) : null)),
            Json);
        return new CredentialPlugin(
            command,
            Path.GetFileName(exec.Command),
            exec.ApiVersion!,
            [.. (exec.Args ?? []).Select(argument => argument ?? "")],
            [.. (exec.Env ?? []).Select(variable => KeyValuePair.Create(variable!.Name!, variable.Value ?? "")), KeyValuePair.Create("KUBERNETES_EXEC_INFO", info)]);
    }

    /// <summary>Runs it once.</summary>
    /// <exception cref="KubeConfigException">It fails, takes too long, or prints no credential. The message quotes what it said, which nobody has redacted.</exception>
    public async Task<PluginCredential> RunAsync(TimeProvider time)
    {
        using var deadline = new CancellationTokenSource(Timeout, time);
        using var process = Start();
        try
        {
            var complaint = ReadAsync(process.StandardError, MostComplaint, deadline.Token);
            var output = await ReadAsync(process.StandardOutput, MostOutput, deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            var said = (await complaint).Trim().ReplaceLineEndings(" ");
            return process.ExitCode == 0
                ? Credential(output)
                : throw new KubeConfigException($"The credential plug-in {name} failed with exit code {process.ExitCode}{(said.Length > 0 ? $": {said}" : "")}");
        }
        catch (OperationCanceledException e)
        {
            throw new KubeConfigException($"The credential plug-in {name} took longer than {Timeout.TotalMinutes:0} minutes", e);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    // Elements that depend on the current folder do not count, as with kubectl.
    private static string? InPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathFullyQualified)
            .Select(folder => Program(Path.Combine(folder, name)))
            .FirstOrDefault(program => program is not null && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(program) & Executable) != UnixFileMode.None));

    private static string? Program(string path)
    {
        IEnumerable<string> endings = OperatingSystem.IsWindows() && !Path.HasExtension(path)
            ? (Environment.GetEnvironmentVariable("PATHEXT") ?? ".EXE").Split(';', StringSplitOptions.RemoveEmptyEntries)
            : [""];
        return endings.Select(ending => path + ending).FirstOrDefault(File.Exists);
    }

    private static ClusterInformation About(string server, Kubeconfig.ClusterDetails details, X509Certificate2Collection? authorities) => new(
        server,
        details.TlsServerName,
        details.SkipTlsVerify,
        authorities is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes(authorities.ExportCertificatePems())),
        details.ProxyUrl);

    private static async Task<string> ReadAsync(StreamReader reader, int most, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var buffer = new char[4096];
        while (await reader.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            // To its end, so that it does not wait for a reader.
            text.Append(buffer, 0, Math.Min(read, most - text.Length));
        }

        return text.ToString();
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (var (key, value) in variables)
        {
            start.Environment[key] = value;
        }

        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (Win32Exception e)
        {
            throw new KubeConfigException($"The credential plug-in {name} cannot be started: {e.Message}", e);
        }
    }

    private PluginCredential Credential(string output)
    {
        try
        {
            var answer = JsonSerializer.Deserialize<Answer>(output, Json);
            if (answer?.ApiVersion != version || answer.Status is not { } status)
            {
                throw new KubeConfigException($"The credential plug-in {name} did not print an ExecCredential of {version}");
            }

            var hasCertificate = !string.IsNullOrEmpty(status.ClientCertificateData) && !string.IsNullOrEmpty(status.ClientKeyData);
            var token = string.IsNullOrWhiteSpace(status.Token) ? null : status.Token.Trim();
            if ((token is null && !hasCertificate) || token?.Any(c => c is <= ' ' or > '~') == true)
            {
                throw new KubeConfigException($"The credential plug-in {name} gave neither a token nor a client certificate with its key");
            }

            return new PluginCredential(token, hasCertificate ? Certificate(status) : null, status.ExpirationTimestamp);
        }
        catch (Exception e) when (e is JsonException or CryptographicException or ArgumentException)
        {
            // Without the parser's message: it may quote what was printed.
            throw new KubeConfigException($"The credential plug-in {name} printed what is no ExecCredential in JSON, or a certificate and key that do not fit", e);
        }
    }

    private static X509Certificate2 Certificate(AnswerStatus status)
    {
        var certificate = X509Certificate2.CreateFromPem(status.ClientCertificateData, status.ClientKeyData);
        if (!OperatingSystem.IsWindows())
        {
            return certificate;
        }

        // Windows' TLS cannot use a key that exists in memory only.
        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        }
    }

    private sealed record Information(string ApiVersion, string Kind, InformationSpec Spec);

    private sealed record InformationSpec(bool Interactive, ClusterInformation? Cluster);

    private sealed record ClusterInformation(
        string Server,
        [property: JsonPropertyName("tls-server-name")] string? TlsServerName,
        [property: JsonPropertyName("insecure-skip-tls-verify")] bool? SkipTlsVerify,
        [property: JsonPropertyName("certificate-authority-data")] string? AuthorityData,
        [property: JsonPropertyName("proxy-url")] string? ProxyUrl);

    private sealed record Answer(string? ApiVersion, AnswerStatus? Status);

    private sealed record AnswerStatus(string? Token, string? ClientCertificateData, string? ClientKeyData, DateTimeOffset? ExpirationTimestamp);
}
