using System.Globalization;
using AlertResponder.Simulators;
using AlertResponder.Simulators.Bedrock;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Slack;
using AlertResponder.Tests.EndToEnd.Servers;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>The doctor as a person calls it, on real servers and simulators: all well, and all wrong.</summary>
public sealed class DoctorTests(SharedServers servers)
{
    private const string AccessKey = "AKIADOCTOR";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Doctor_EverythingThereAndRight_IsWell()
    {
        var virtualHost = await (await servers.RabbitMqAsync()).CreateVirtualHostAsync(Cancel);
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync(cancellationToken: Cancel);
        await using var alertmanager = await AlertmanagerServer.StartNewAsync(new AlertmanagerConfig(new Uri("http://127.0.0.1:9/")), Cancel);
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        await using var bedrock = await BedrockSimulator.StartAsync(AccessKey, "secret", "us-east-1", cancellationToken: Cancel);
        bedrock.AnswerWith(_ => "yes");
        var settings = surroundings.Settings(
            new("ConnectionStrings__RabbitMq", virtualHost.ConnectionString),
            new("ConnectionStrings__Incidents", database),
            new("Alertmanager__Url", alertmanager.Url.ToString()),
            new("AWS_ACCESS_KEY_ID", AccessKey),
            new("AWS_SECRET_ACCESS_KEY", "secret"),
            new("Bedrock__Region", "us-east-1"),
            new("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", bedrock.Address.ToString()));

        var (exitCode, lines) = await ExamineAsync(settings);

        exitCode.ShouldBe(0, string.Join('\n', lines));
        lines.ShouldContain(line => line.StartsWith("ok    RabbitMQ", StringComparison.Ordinal) && line.Contains($"virtual host {virtualHost.Name}; may declare queues", StringComparison.Ordinal));
        lines.ShouldContain(line => line.StartsWith("ok    store         PostgreSQL test_", StringComparison.Ordinal) && line.Contains("to be made at the next start", StringComparison.Ordinal));
        lines.ShouldContain(line => line.StartsWith("ok    Alertmanager", StringComparison.Ordinal));
        lines.ShouldContain(line => line.StartsWith("ok    permissions", StringComparison.Ordinal));
        lines.ShouldContain(line => line.StartsWith("ok    Bedrock       amazon.nova-micro-v1:0 answers in us-east-1", StringComparison.Ordinal));
        lines.Count(line => line.StartsWith("ok    Slack", StringComparison.Ordinal)).ShouldBe(3);
        (await virtualHost.QueuesAsync(Cancel)).ShouldBeEmpty();
        surroundings.Slack.Messages.ShouldBeEmpty();
        surroundings.Slack.AssertNoUnexpectedCalls();
        surroundings.Cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Doctor_AfterTheFirstStart_FindsTheSchemaAndTheDeadLetters()
    {
        var virtualHost = await (await servers.RabbitMqAsync()).CreateVirtualHostAsync(Cancel);
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync(cancellationToken: Cancel);
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        var settings = surroundings.Settings(
            new("ConnectionStrings__RabbitMq", virtualHost.ConnectionString), new("ConnectionStrings__Incidents", database));
        await using (await PipelineProcess.StartNewAsync(environment: settings, cancellationToken: Cancel))
        {
            await DeadLetterTests.PublishAsync(virtualHost.ConnectionString, "no envelope");
            await Eventually.ReadsAsync(virtualHost.QueuesAsync, queues => queues.Any(queue => queue is { Name: "enrichment_error", Messages: 1 }), "it is given up", cancellationToken: Cancel);
        }

        var (exitCode, lines) = await ExamineAsync(settings);

        exitCode.ShouldBe(0, string.Join('\n', lines));
        lines.ShouldContain(line => line.Contains("writable, schema up to date", StringComparison.Ordinal));
        lines.ShouldContain(line => line.StartsWith("note  error queues", StringComparison.Ordinal) && line.Contains("1 in enrichment_error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Doctor_EverythingWrong_SaysEachFixAndNoSecret()
    {
        var broker = await servers.RabbitMqAsync();
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync(cancellationToken: Cancel);
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        surroundings.Cluster.Forbid("events");
        using var fault = surroundings.Slack.Faults.Always(SlackFaults.Error("not_in_channel"), request => request.Path.Contains("conversations", StringComparison.Ordinal));
        await using var bedrock = await BedrockSimulator.StartAsync(AccessKey, "secret", "us-east-1", cancellationToken: Cancel);
        using var denied = bedrock.Faults.Always(BedrockFaults.AccessDenied());
        var settings = surroundings.Settings(
            new("ConnectionStrings__RabbitMq", broker.ConnectionString.Replace("guest:guest", "guest:wrong-password", StringComparison.Ordinal)),
            new("ConnectionStrings__Incidents", database.Replace("Database=test", "Database=missing", StringComparison.Ordinal)),
            new("Alertmanager__Url", $"http://127.0.0.1:{FreePort.Next().ToString(CultureInfo.InvariantCulture)}"),
            new("AWS_ACCESS_KEY_ID", AccessKey),
            new("AWS_SECRET_ACCESS_KEY", "secret-access-key"),
            new("Bedrock__Region", "us-east-1"),
            new("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", bedrock.Address.ToString()));

        var (exitCode, lines) = await ExamineAsync(settings);

        exitCode.ShouldBe(1);
        string[] expected =
        [
            "fail  RabbitMQ      127.0.0.1:", "fail  store         PostgreSQL missing_", "fail  permissions   may not list events",
            "fail  Bedrock       amazon.nova-micro-v1:0 in us-east-1: ", "fail  Slack channel C0ALERTS01 cannot be read (not_in_channel)", "fail  Alertmanager  http://127.0.0.1:",
        ];
        expected.ShouldAllBe(start => lines.Any(line => line.StartsWith(start, StringComparison.Ordinal)), string.Join('\n', lines));
        lines[^1].ShouldBe("6 things are to be mended.");
        string[] secrets = ["wrong-password", "secret-access-key", "xoxb-"];
        lines.ShouldAllBe(line => !secrets.Any(secret => line.Contains(secret, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Doctor_VirtualHostMissing_SaysHowToMakeIt()
    {
        var broker = await servers.RabbitMqAsync();

        var (exitCode, lines) = await ExamineAsync(new Dictionary<string, string>(StringComparer.Ordinal) { ["ConnectionStrings__RabbitMq"] = broker.ConnectionString + "missing" });

        exitCode.ShouldBe(1);
        lines.ShouldContain(line => line.StartsWith("fail  RabbitMQ", StringComparison.Ordinal) && line.Contains("rabbitmqctl add_vhost missing", StringComparison.Ordinal), string.Join('\n', lines));
    }

    private static async Task<(int ExitCode, IReadOnlyList<string> Lines)> ExamineAsync(IReadOnlyDictionary<string, string> settings)
    {
        var (exitCode, output) = await PipelineProcess.RunToEndAsync(["doctor", "--timeout", "60"], settings, Cancel);
        return (exitCode, output.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0).ToList());
    }
}
