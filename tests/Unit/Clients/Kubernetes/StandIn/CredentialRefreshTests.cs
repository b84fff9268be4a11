using System.Diagnostics;
using System.Globalization;
using k8s.Authentication;
using k8s.Exceptions;
using k8s.KubeConfigModels;

namespace AlertResponder.Tests.Unit.Clients.Kubernetes.StandIn;

/// <summary>Credentials that change while the client lives, with the clock in the test's hand.</summary>
public sealed class CredentialRefreshTests : IDisposable
{
    private readonly KubeconfigFolder _folder = new();
    private readonly HandSetClock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TokenFileAuth_TokenRotated_IsReadAgainAfterAMinute()
    {
        var tokens = new TokenFileAuth(_folder.Write("token", "old"), _clock);
        (await HeaderAsync(tokens)).ShouldBe("Bearer old");
        _folder.Write("token", "new");

        _clock.Now += TimeSpan.FromSeconds(59);
        (await HeaderAsync(tokens)).ShouldBe("Bearer old");
        _clock.Now += TimeSpan.FromSeconds(2);
        (await HeaderAsync(tokens)).ShouldBe("Bearer new");
    }

    [Fact]
    public async Task ExecTokenProvider_TokenExpires_RunsThePluginAgainInTime()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The plug-in is a shell script");
        var expiry = _clock.Now + TimeSpan.FromMinutes(10);
        var tokens = new ExecTokenProvider(Plugin(CountingScript($"\"expirationTimestamp\":\"{expiry:yyyy-MM-dd'T'HH:mm:ss'Z'}\",")), _clock);

        (await HeaderAsync(tokens)).ShouldBe("Bearer run-1");
        (await HeaderAsync(tokens)).ShouldBe("Bearer run-1");
        _clock.Now = expiry - TimeSpan.FromSeconds(29);
        (await HeaderAsync(tokens)).ShouldBe("Bearer run-2");
    }

    [Fact]
    public async Task ExecTokenProvider_TokenWithoutExpiry_IsKept()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The plug-in is a shell script");
        var tokens = new ExecTokenProvider(Plugin(CountingScript("")), _clock);
        await HeaderAsync(tokens);

        _clock.Now += TimeSpan.FromDays(30);
        (await HeaderAsync(tokens)).ShouldBe("Bearer run-1");
    }

    [Fact]
    public async Task CredentialPlugin_TooSlow_IsEnded()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The plug-in is a shell script");
        var pidFile = Path.Combine(_folder.Path, "pid");
        var plugin = Plugin($"echo $$ > {pidFile}.part; mv {pidFile}.part {pidFile}; exec sleep 600");

        var refusal = await Should.ThrowAsync<KubeConfigException>(
            () => CredentialPlugin.RunAsync(plugin, TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken));

        refusal.Message.ShouldContain("longer than 1 seconds");
        await GoneAsync(int.Parse(await File.ReadAllTextAsync(pidFile, TestContext.Current.CancellationToken), CultureInfo.InvariantCulture));
    }

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
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    private string CountingScript(string expiry) =>
        $$$"""
        echo run >> {{{_folder.Path}}}/runs
        printf '{"apiVersion":"client.authentication.k8s.io/v1","status":{%s"token":"run-%s"}}' '{{{expiry}}}' $(wc -l < {{{_folder.Path}}}/runs)
        """;

    private ExternalExecution Plugin(string script) => new()
    {
        ApiVersion = "client.authentication.k8s.io/v1",
        Command = _folder.WriteScript("plugin", script),
    };

    private static async Task<string> HeaderAsync(ITokenProvider tokens) =>
        (await tokens.GetAuthenticationHeaderAsync(TestContext.Current.CancellationToken)).ToString();

    private sealed class HandSetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
