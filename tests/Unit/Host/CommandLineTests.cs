using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using AlertResponder.Host.Commands;
using AlertResponder.Tests.Unit.Clients;

namespace AlertResponder.Tests.Unit.Host;

/// <summary>The built program in a process of its own, with nothing of this one's environment.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("command-line-tests-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("nonsense")]
    [InlineData("run", "nonsense")]
    [InlineData("--nonsense")]
    public async Task Run_UnknownCommandOrOption_IsBadUsageAndNamed(params string[] arguments)
    {
        var (exitCode, _, error) = await RunAsync(arguments);

        exitCode.ShouldBe(2);
        error.ShouldContain($"'{arguments[^1]}' is neither a command nor a setting");
        error.ShouldContain("--help");
    }

    [Fact]
    public async Task Run_Help_ShowsCommandsAndOptions()
    {
        var (exitCode, output, _) = await RunAsync("--help");

        exitCode.ShouldBe(0);
        output.ShouldContain("--roles");
        string[] commands = ["run ", "demo ", "doctor ", "replay <FILE>", "dead-letters ", "audit ", "rbac ", "simulate "];
        commands.ShouldAllBe(command => output.Contains($"  {command}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_Version_IsTheProductsVersion()
    {
        var (exitCode, output, _) = await RunAsync("--version");

        exitCode.ShouldBe(0);
        output.ShouldMatch(@"^\d+\.\d+\.\d+");
    }

    [Fact]
    public async Task Doctor_NothingConfigured_IsWellInPlainLines()
    {
        var (exitCode, output, error) = await RunAsync("doctor", "--timeout", "60");

        exitCode.ShouldBe(0, error);
        output.ShouldContain("ok    settings");
        output.ShouldContain("note  Slack");
        output.ShouldEndWith($"All is well.{Environment.NewLine}");
        output.ShouldNotContain("\u001b");
        folder.EnumerateFiles().ShouldBeEmpty();
    }

    [Fact]
    public async Task DeadLetters_WithoutBroker_SaysWhereTheyAre()
    {
        var (exitCode, output, _) = await RunAsync("dead-letters", "list");

        exitCode.ShouldBe(0);
        output.ShouldContain("in memory");
    }

    [Theory]
    [InlineData("'--nonsense' is no option of demo", "demo", "--nonsense")]
    [InlineData("'nonsense' is no option of simulate", "simulate", "nonsense")]
    [InlineData("'nonsense' is neither a command nor a setting", "doctor", "nonsense")]
    [InlineData("'nonsense' is no stage with a queue: there are enrichment, analysis", "dead-letters", "replay", "nonsense")]
    [InlineData("ConnectionStrings:RabbitMq is no amqp address", "dead-letters", "list", "--ConnectionStrings:RabbitMq=rabbit")]
    [InlineData("'--nonsense' is neither", "replay", "webhook.json", "--nonsense")]
    public async Task Invoke_BadUse_IsNamed(string expected, params string[] arguments)
    {
        using var errors = new StringWriter();

        (await CommandLine.Root().Parse(arguments).InvokeAsync(new InvocationConfiguration { Error = errors }, TestContext.Current.CancellationToken)).ShouldBe(2);

        errors.ToString().ShouldContain(expected);
    }

    [Theory]
    [InlineData("replay")]
    [InlineData("replay", "webhook.json", "--url", "localhost")]
    [InlineData("replay", "webhook.json", "--url", "ftp://localhost")]
    [InlineData("dead-letters")]
    [InlineData("dead-letters", "list", "--limit", "0")]
    [InlineData("dead-letters", "list", "--limit", "many")]
    [InlineData("doctor", "--timeout", "0")]
    [InlineData("simulate", "--listen", "here")]
    public void Parse_BadArguments_AreErrors(params string[] arguments) => CommandLine.Root().Parse(arguments).Errors.ShouldNotBeEmpty();

    [Fact]
    public async Task Run_SomeRolesWithoutBroker_IsBadUsageWithTheFix()
    {
        var (exitCode, _, error) = await RunAsync("run", "--roles", "gateway,enrichment");

        exitCode.ShouldBe(2);
        error.ShouldContain("ConnectionStrings:RabbitMq");
    }

    [Fact]
    public async Task Run_BadSettings_PrintsThemAllAndStartsNothing()
    {
        var (exitCode, _, error) = await RunAsync("--Gateway:WebhookToken=short", "--Slack:ApiUrl=slack", "--Slack:Chanel=x");

        exitCode.ShouldBe(2);
        error.ShouldContain("The configuration has 3 errors:");
        error.ShouldContain("Gateway:WebhookToken");
        error.ShouldContain("Slack:ApiUrl");
        error.ShouldContain("Slack:Chanel");
        folder.EnumerateFiles().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(200, 0)]
    [InlineData(503, 1)]
    public async Task Health_TellsByItsExitCodeWhatTheProcessAnswers(int status, int expected)
    {
        await using var server = await LoopbackServer.AnswerAsync(new WireAnswer(status, "how it is", "text/plain"));

        var (exitCode, output, _) = await RunAsync("health", $"{server.Url}/healthz/ready");

        exitCode.ShouldBe(expected);
        output.ShouldBe($"{status} how it is\n");
        server.OnlyRequest.Target.ShouldBe("/healthz/ready");
    }

    [Fact]
    public async Task Health_NobodyListens_IsUnhealthy()
    {
        string address;
        await using (var server = await LoopbackServer.AnswerAsync(new WireAnswer(200, "")))
        {
            address = server.Url;
        }

        var (exitCode, _, error) = await RunAsync("health", address);

        exitCode.ShouldBe(1);
        error.ShouldContain("does not answer");
    }

    [Theory]
    [InlineData("--roles", "gateway")]
    [InlineData("run", "--roles", "gateway")]
    [InlineData("run", "--roles=gateway", "--Slack:Channel=C1")]
    public void Parse_Roles_AreTheOption(params string[] arguments)
    {
        var parsed = CommandLine.Root().Parse(arguments);

        parsed.Errors.ShouldBeEmpty();
        parsed.GetValue<string>("--roles").ShouldBe("gateway");
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        // The runtime that runs this test, which need not be the dotnet on the PATH.
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        var start = new ProcessStartInfo(dotnet, [Path.Combine(AppContext.BaseDirectory, "AlertResponder.Host.dll"), .. arguments])
        {
            WorkingDirectory = folder.FullName,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["HOME"] = folder.FullName;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(120));
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }

        return (process.ExitCode, await output, await error);
    }
}
