using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text.Json;
using AlertResponder.Connections.Kubernetes;
using AlertResponder.Resilience;
using AlertResponder.Resilience.Failures;
using AlertResponder.Tests.Unit.Time;
using Microsoft.AspNetCore.Http;
using k8s;
using k8s.Authentication;
using k8s.Exceptions;

namespace AlertResponder.Tests.Unit.Clients.Kubernetes;

/// <summary>Credentials that somebody else makes: of plug-ins, and in files that are replaced.</summary>
public sealed class CredentialTests : IDisposable
{
    private readonly KubeconfigFolder _folder = new();
    private readonly WatchedTimeProvider _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_Plugin_GetsItsArgumentsEnvironmentAndTheCluster()
    {
        SkipOnWindows();
        await using var server = await StartAsync();
        var file = _folder.WriteKubeconfig(
            $"server: {server.Url}\ntls-server-name: api.example",
            $"exec:\n  apiVersion: client.authentication.k8s.io/v1\n  command: {Plugin($"printf '%s' \"$KUBERNETES_EXEC_INFO\" > {_folder.Path}/info", "$1/$#/$SUFFIX")}\n"
            + "  args: ['get;token', 'b c']\n  env: [{ name: SUFFIX, value: '42' }]\n  interactiveMode: Never\n  provideClusterInfo: true");
        using var client = BuiltClient.Of(file);

        await client.CoreV1.ReadNodeAsync("a", cancellationToken: Cancellation);

        server.Requests.ShouldHaveSingleItem().Headers["Authorization"].ShouldBe("Bearer get;token/2/42");
        var info = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(Path.Combine(_folder.Path, "info"), Cancellation));
        info.GetProperty("kind").GetString().ShouldBe("ExecCredential");
        info.GetProperty("spec").GetProperty("interactive").GetBoolean().ShouldBeFalse();
        info.GetProperty("spec").GetProperty("cluster").GetProperty("server").GetString().ShouldBe(server.Url.ToString());
        info.GetProperty("spec").GetProperty("cluster").GetProperty("tls-server-name").GetString().ShouldBe("api.example");
    }

    [Fact]
    public async Task Read_BarePluginName_IsTheOneInPathAndNotBesideTheProgram()
    {
        SkipOnWindows();
        await using var server = await StartAsync();
        const string Credential = "{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"TOKEN\"}}";
        var beside = Path.Combine(Path.GetDirectoryName(Environment.ProcessPath)!, "printf");
        File.Move(_folder.WriteScript("printf", $"echo '{Credential.Replace("TOKEN", "beside", StringComparison.Ordinal)}'"), beside, overwrite: true);
        try
        {
            var file = _folder.WriteKubeconfig(
                $"server: {server.Url}",
                "exec: { apiVersion: client.authentication.k8s.io/v1, command: printf, args: ['%s', '" + Credential.Replace("TOKEN", "in-path", StringComparison.Ordinal) + "'] }");
            using var client = BuiltClient.Of(file);

            await client.CoreV1.ReadNodeAsync("a", cancellationToken: Cancellation);
        }
        finally
        {
            File.Delete(beside);
        }

        server.Requests.ShouldHaveSingleItem().Headers["Authorization"].ShouldBe("Bearer in-path");
    }

    [Fact]
    public async Task Read_StormOfCalls_RunsThePluginOnceAndNotAtStart()
    {
        SkipOnWindows();
        await using var server = await StartAsync();
        using var client = Client(server, Plugin("sleep 0.3", ""));
        Runs().ShouldBe(0);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.CoreV1.ReadNodeAsync("a", cancellationToken: Cancellation)));
        await client.CoreV1.ReadNodeAsync("a", cancellationToken: Cancellation);

        Runs().ShouldBe(1);
        server.Requests.Count.ShouldBe(21);
        server.Requests.ShouldAllBe(request => request.Headers["Authorization"] == "Bearer run-1");
    }

    [Fact]
    public async Task Read_CallerGivesUp_PluginGoesOnForTheNext()
    {
        SkipOnWindows();
        await using var server = await StartAsync();
        using var client = Client(server, Plugin($"while [ ! -e {_folder.Path}/go ]; do sleep 0.05; done", ""));
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Should.ThrowAsync<OperationCanceledException>(() => client.CoreV1.ReadNodeAsync("a", cancellationToken: impatient.Token));
        _folder.Write("go", "");
        await client.CoreV1.ReadNodeAsync("a", cancellationToken: Cancellation);

        Runs().ShouldBe(1);
    }

    [Fact]
    public async Task Read_TokenExpires_RunsThePluginAgainInTime()
    {
        SkipOnWindows();
        await using var server = await StartAsync();
        var expiry = _time.GetUtcNow() + TimeSpan.FromMinutes(10);
        using var client = Client(server, Plugin("", "", $"\"expirationTimestamp\":\"{expiry:yyyy-MM-dd'T'HH:mm:ss'Z'}\","));

        await client.CoreV1.ReadNodeAsync("a", cancellationToken: Cancellation);
        _time.Advance(TimeSpan.FromMinutes(9));
        await client.CoreV1.ReadNodeAsync("a", cancellationToken: Cancellation);
        _time.Advance(TimeSpan.FromSeconds(31));
        await client.CoreV1.ReadNodeAsync("a", cancellationToken: Cancellation);

        server.Requests.Select(request => request.Headers["Authorization"]).ShouldBe(["Bearer run-1", "Bearer run-1", "Bearer run-2"]);
    }

    [Fact]
    public async Task Read_TokenRefused_RunsThePluginAgainNextTime()
    {
        SkipOnWindows();
        await using var server = await ApiServer.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Headers.Authorization == "Bearer run-1" ? 401 : 200;
            return context.Response.WriteAsync(ApiServer.Anything, context.RequestAborted);
        });
        using var client = Client(server, Plugin("", ""));

        await Should.ThrowAsync<k8s.Autorest.HttpOperationException>(() => client.CoreV1.ReadNodeAsync("a", cancellationToken: Cancellation));
        await Should.ThrowAsync<k8s.Autorest.HttpOperationException>(() => client.CoreV1.ReadNodeAsync("a", cancellationToken: Cancellation));
        Runs().ShouldBe(1);
        _time.Advance(TimeSpan.FromMinutes(1));
        await Should.ThrowAsync<k8s.Autorest.HttpOperationException>(() => client.CoreV1.ReadNodeAsync("a", cancellationToken: Cancellation));
        await client.CoreV1.ReadNodeAsync("a", cancellationToken: Cancellation);
        Runs().ShouldBe(2);
    }

    [Theory]
    [InlineData("echo 'no network' >&2; exit 3", "failed with exit code 3: no network")]
    [InlineData("exit 1", "failed with exit code 1")]
    [InlineData("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"t\"}}'; exit 1", "failed with exit code 1")]
    [InlineData("head -c 3000000 /dev/zero >&2; exit 2", "failed with exit code 2")]
    [InlineData("echo token", "no ExecCredential in JSON")]
    [InlineData("true", "no ExecCredential in JSON")]
    [InlineData("echo null", "did not print an ExecCredential")]
    [InlineData("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{}}'", "neither a token nor a client certificate")]
    [InlineData("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"a b\"}}'", "neither a token nor a client certificate")]
    [InlineData("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"clientCertificateData\":\"x\",\"clientKeyData\":\"y\"}}'", "no ExecCredential in JSON")]
    [InlineData("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\"}'", "did not print an ExecCredential")]
    [InlineData("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1beta1\",\"status\":{\"token\":\"t\"}}'", "did not print an ExecCredential")]
    public async Task Read_PluginWithoutCredential_SaysWhyAndIsTriedAgain(string script, string why)
    {
        SkipOnWindows();
        await using var server = await StartAsync();
        using var client = Client(server, _folder.WriteScript("plugin", script));

        var failure = await Should.ThrowAsync<KubeConfigException>(() => client.CoreV1.ReadNodeAsync("a", cancellationToken: Cancellation));

        failure.Message.ShouldStartWith("The credential plug-in plugin ");
        failure.Message.ShouldContain(why);
        failure.Message.Length.ShouldBeLessThan(400);
        KubernetesFailures.Sort(failure).Kind.ShouldBe(FailureKind.Transient);
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_PluginTooSlow_IsEnded()
    {
        SkipOnWindows();
        await using var server = await StartAsync();
        var pidFile = Path.Combine(_folder.Path, "pid");
        using var client = Client(server, _folder.WriteScript("plugin", $"echo $$ > {pidFile}.part; mv {pidFile}.part {pidFile}; exec sleep 600"));

        var read = client.CoreV1.ReadNodeAsync("a", cancellationToken: Cancellation);
        await Eventually.TrueAsync(() => File.Exists(pidFile), "the plug-in runs");
        _time.Advance(CredentialPlugin.Timeout);

        (await Should.ThrowAsync<KubeConfigException>(() => read)).Message.ShouldContain("longer than 2 minutes");
        await GoneAsync(int.Parse(await File.ReadAllTextAsync(pidFile, Cancellation), CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Read_TokenFile_IsReadAgainAndSurvivesItsLoss()
    {
        await using var server = await StartAsync();
        var path = _folder.Write("token", "old\n");
        var tokens = new TokenFileAuth(path);
        using var client = new GuardedKubernetes(new KubernetesClientConfiguration { Host = server.Url.ToString(), AccessToken = "loses", TokenProvider = tokens });

        await client.CoreV1.ReadNodeAsync("a", cancellationToken: Cancellation);
        _folder.Write("token", "new\n");
        Expire(tokens);
        await client.CoreV1.ReadNodeAsync("a", cancellationToken: Cancellation);
        File.Delete(path);
        Expire(tokens);
        await client.CoreV1.ReadNodeAsync("a", cancellationToken: Cancellation);

        server.Requests.Select(request => request.Headers["Authorization"]).ShouldBe(["Bearer old", "Bearer new", "Bearer new"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Read_TokenFileThatHasNone_SaysSoAndIsTriedAgain(string? text)
    {
        await using var server = await StartAsync();
        var path = text is null ? Path.Combine(_folder.Path, "none") : _folder.Write("token", text);
        using var client = new GuardedKubernetes(new KubernetesClientConfiguration { Host = server.Url.ToString(), TokenProvider = new TokenFileAuth(path) });

        var failure = await Should.ThrowAsync<KubeConfigException>(() => client.CoreV1.ReadNodeAsync("a", cancellationToken: Cancellation));

        failure.Message.ShouldContain("The token cannot be read");
        KubernetesFailures.Sort(failure).Kind.ShouldBe(FailureKind.Transient);
        server.Requests.ShouldBeEmpty();
    }

    // The package's clock is the computer's.
    private static void Expire(TokenFileAuth tokens) =>
        typeof(TokenFileAuth).GetProperty("TokenExpiresAt", BindingFlags.Instance | BindingFlags.NonPublic)!.SetValue(tokens, DateTime.MinValue);

    private static Task<ApiServer> StartAsync() => ApiServer.StartAsync(200, ApiServer.Anything);

    private static void SkipOnWindows() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The plug-in is a shell script");

    private static async Task GoneAsync(int processId)
    {
        Process process;
        try
        {
            process = Process.GetProcessById(processId);
        }
        catch (ArgumentException)
        {
            return;
        }

        using (process)
            await process.WaitForExitAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
    }

    private int Runs() => File.Exists(Path.Combine(_folder.Path, "runs")) ? File.ReadAllLines(Path.Combine(_folder.Path, "runs")).Length : 0;

    private GuardedKubernetes Client(ApiServer server, string plugin)
    {
        var file = _folder.WriteKubeconfig($"server: {server.Url}", $"exec: {{ apiVersion: client.authentication.k8s.io/v1, command: {plugin} }}");
        var (configuration, handlers) = ClusterAccess.Of(Kubeconfig.Load(file), _time);
        return new GuardedKubernetes(configuration, handlers);
    }

    // Its token is how often it has run, or what is given.
    private string Plugin(string first, string token, string more = "") => _folder.WriteScript("plugin",
        $$$"""
        echo run >> {{{_folder.Path}}}/runs
        {{{first}}}
        printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{%s"token":"%s"}}' '{{{more}}}' "{{{(token.Length > 0 ? token : $"run-$(($(wc -l < {_folder.Path}/runs)))")}}}"
        """);
}
