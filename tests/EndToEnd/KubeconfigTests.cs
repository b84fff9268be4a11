using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using AlertResponder.Connections.Kubernetes;
using AlertResponder.Resilience;
using AlertResponder.Simulators.Cluster;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using k8s;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>Kubeconfigs as people have them, given to the real kubectl and to the pipeline's client: both ask the same as the same user, or neither does.</summary>
public sealed partial class KubeconfigTests : IAsyncLifetime
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "kubeconfigs");

    private readonly string _home = Directory.CreateTempSubdirectory("kubeconfig-").FullName;
    private ClusterSimulator _cluster = null!;

    public static TheoryData<string> Names => [.. Directory.GetFiles(Folder, "*.kubeconfig").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // kubectl sends no credentials over plain HTTP.
    public async ValueTask InitializeAsync() => _cluster = await ClusterSimulator.StartAsync("", https: true, cancellationToken: Cancellation);

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Ask_FileAsPeopleHaveIt_IsAsKubectlAsks(string name) => await CompareAsync(await CopyAsync(name));

    [Theory]
    [InlineData(":{rancher}")]
    [InlineData("{rancher}:")]
    [InlineData("/nowhere/config:{rancher}")]
    [InlineData("{rancher}:/nowhere/config")]
    [InlineData("{empty}:{rancher}")]
    [InlineData("{impersonate}:{rancher}")]
    [InlineData("{rancher}:{impersonate}")]
    [InlineData("{wrong-context}:{rancher}")]
    [InlineData("{no-current-context}:{rancher}")]
    [InlineData("/nowhere/config")]
    [InlineData(":")]
    public async Task Ask_SeveralFiles_IsAsKubectlAsks(string list)
    {
        foreach (var name in Names.Select(row => row.Data).Where(name => list.Contains($"{{{name}}}", StringComparison.Ordinal)))
        {
            list = list.Replace($"{{{name}}}", await CopyAsync(name), StringComparison.Ordinal);
        }

        await CompareAsync(list);
    }

    private async Task CompareAsync(string kubeconfig)
    {
        var kubectl = await AskedByKubectlAsync(kubeconfig);
        var ours = await AskedByUsAsync(kubeconfig);

        ours.Asked.ShouldBe(kubectl.Asked, $"kubectl: {kubectl.Said}; ours: {ours.Said}");
    }

    private async Task<(string? Asked, string Said)> AskedByKubectlAsync(string kubeconfig)
    {
        var before = _cluster.Requests.Count;
        var start = new ProcessStartInfo("kubectl", ["version", "-o", "json"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["KUBECONFIG"] = kubeconfig;
        start.Environment["HOME"] = _home;
        using var kubectl = Process.Start(start)!;
        kubectl.StandardInput.Close();
        var output = kubectl.StandardOutput.ReadToEndAsync(Cancellation);
        var error = await kubectl.StandardError.ReadToEndAsync(Cancellation);
        await output;
        await kubectl.WaitForExitAsync(Cancellation);

        // Without credentials it asks for a user name, at the end of its input, after a first request as nobody.
        return (error.Contains("error: EOF", StringComparison.Ordinal) ? null : Asked(before), error);
    }

    private async Task<(string? Asked, string Said)> AskedByUsAsync(string kubeconfig)
    {
        var before = _cluster.Requests.Count;
        var services = new ServiceCollection().AddLogging();
        var problem = services.AddKubernetes(
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["KUBECONFIG"] = kubeconfig }).Build());
        if (problem is not null)
        {
            return (Asked(before), problem);
        }

        await using var provider = services.BuildServiceProvider();
        var failure = await Record.ExceptionAsync(() => provider.GetRequiredService<IKubernetes>().Version.GetCodeAsync(cancellationToken: Cancellation));
        return (Asked(before), failure?.ToString() ?? "");
    }

    // Path, who, and as whom; null when nothing was asked. kubectl may ask more than once.
    private string? Asked(int before)
    {
        var request = _cluster.Requests.Skip(before).LastOrDefault();
        return request is null ? null : string.Join(
            ' ',
            request.Path.TrimEnd('/'),
            string.Join(
                ' ',
                request.Headers.Where(header => header.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || header.Key.StartsWith("Impersonate-", StringComparison.OrdinalIgnoreCase))
                    .OrderBy(header => header.Key, StringComparer.OrdinalIgnoreCase).Select(header => $"{header.Key.ToLowerInvariant()}: {header.Value}")));
    }

    // To the simulated cluster, whose authority nobody knows.
    private async Task<string> CopyAsync(string name)
    {
        var plugin = Path.Combine(_home, "plug.sh");
        await File.WriteAllTextAsync(
            plugin,
            """
            #!/bin/sh
            printf '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"%s"}}' "$1/$#/$AWS_PROFILE"
            """,
            Cancellation);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(plugin, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var authority = Convert.ToBase64String(Encoding.UTF8.GetBytes(_cluster.CertificateAuthority!));
        var text = (await File.ReadAllTextAsync(Path.Combine(Folder, name + ".kubeconfig"), Encoding.Latin1, Cancellation))
            .Replace("PLUGIN", plugin, StringComparison.Ordinal)
            .Replace("command: gke-gcloud-auth-plugin", "command: no-such-plugin", StringComparison.Ordinal)
            .Replace("certificate-authority-data: \"\"", $"certificate-authority-data: {authority}", StringComparison.Ordinal);
        if (!text.Contains("certificate-authority", StringComparison.Ordinal))
        {
            text = Flow().Replace(text, match => $"{match.Value}, \"certificate-authority-data\": \"{authority}\"");
            text = Block().Replace(text, match => $"{match.Value}{match.Groups["end"].Value}\n{match.Groups["indent"].Value}certificate-authority-data: {authority}");
        }

        var server = _cluster.Address.GetLeftPart(UriPartial.Authority);
        text = text.Replace("http://127.0.0.1:21201", server, StringComparison.Ordinal).Replace("https://127.0.0.1:21201", server, StringComparison.Ordinal);
        var file = Path.Combine(_home, name);
        await File.WriteAllTextAsync(file, text, Encoding.Latin1, Cancellation);
        return file;
    }

    [GeneratedRegex("""(?<=[{,] ?)"?server"?: "http://127[^"]*"(?=[,}])""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Flow();

    [GeneratedRegex("""(?m)^(?<indent> +)server: ["]?http://127[^"\r\n]*["]?(?<end>\r?)(?=\n)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Block();
}
