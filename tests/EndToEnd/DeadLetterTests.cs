using System.CommandLine;
using System.Text;
using AlertResponder.Host.Commands;
using AlertResponder.Simulators;
using AlertResponder.Tests.EndToEnd.Servers;
using RabbitMQ.Client;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>What a stage could not handle is seen and given back, on a real RabbitMQ.</summary>
public sealed class DeadLetterTests(SharedServers servers)
{
    private const string Queue = "enrichment";
    private const string ErrorQueue = "enrichment_error";
    private const int Listings = 25;

    private static readonly string[] OtherRoles = ["--roles", "enrichment,analysis,notification,remediation"];
    private static readonly Dictionary<string, object?> Quorum = new(StringComparer.Ordinal) { ["x-queue-type"] = "quorum" };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replay_AlertInTheErrorQueue_ReachesSlackWithItsIdAndWithoutTheFault()
    {
        var virtualHost = await (await servers.RabbitMqAsync()).CreateVirtualHostAsync(Cancel);
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync(cancellationToken: Cancel);
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        var settings = surroundings.Settings(
            new("ConnectionStrings__RabbitMq", virtualHost.ConnectionString), new("ConnectionStrings__Incidents", database));
        await using (var gateway = await PipelineProcess.StartNewAsync(["--roles", "gateway"], settings, Cancel))
        {
            var file = Path.Combine(gateway.Folder, "webhook.json");
            await File.WriteAllTextAsync(file, PriceScraperAlert.Webhook, Cancel);
            (await CommandLine.Root().Parse(["replay", file, "--url", gateway.Url.ToString()]).InvokeAsync(cancellationToken: Cancel)).ShouldBe(0);
        }

        var messageId = await FailAsync(virtualHost.ConnectionString);

        var (_, listed) = await InvokeAsync(virtualHost, "list");
        listed.ShouldContain("enrichment_error: 1 message\n");
        listed.ShouldContain("AlertReceived  alert KubePodCrashLooping (");
        listed.ShouldContain("System.InvalidOperationException: the store [31m was down");
        (await InvokeAsync(virtualHost, "replay", Queue)).Output.ShouldBe($"enrichment: 1 message given to the stage again{Environment.NewLine}");

        var moved = await PeekAsync(virtualHost.ConnectionString, Queue);
        moved.BasicProperties.MessageId.ShouldBe(messageId);
        moved.BasicProperties.Headers!.Keys.ShouldContain("kept");
        moved.BasicProperties.Headers.Keys.ShouldNotContain(name => name.StartsWith("MT-", StringComparison.Ordinal));
        (await InvokeAsync(virtualHost, "list")).Output.ShouldEndWith($"Nothing failed.{Environment.NewLine}");
        await using var stages = await PipelineProcess.StartNewAsync(OtherRoles, settings, Cancel);
        (await surroundings.MessageAsync(message => message.IsOpen(), "the message is posted", Cancel)).ShouldTellOfPriceScraper();
    }

    [Fact]
    public async Task Replay_MessageThatFailsAgain_IsMovedOnceAndInTheErrorQueueAgain()
    {
        var virtualHost = await (await servers.RabbitMqAsync()).CreateVirtualHostAsync(Cancel);
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync(cancellationToken: Cancel);
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        await using var pipeline = await PipelineProcess.StartNewAsync(
            environment: surroundings.Settings(new("ConnectionStrings__RabbitMq", virtualHost.ConnectionString), new("ConnectionStrings__Incidents", database)),
            cancellationToken: Cancel);
        await PublishAsync(virtualHost.ConnectionString, "no envelope");
        await InErrorQueueAsync(virtualHost, 1);

        (await InvokeAsync(virtualHost, "replay")).Output.ShouldContain("enrichment: 1 message given");

        await InErrorQueueAsync(virtualHost, 1);
        (await InvokeAsync(virtualHost, "list")).Output.ShouldContain("System.Text.Json.");
    }

    [Fact]
    public async Task List_AgainAndAgain_LosesAndKeepsNothingBack()
    {
        var virtualHost = await (await servers.RabbitMqAsync()).CreateVirtualHostAsync(Cancel);
        await PublishAsync(virtualHost.ConnectionString, "one", ErrorQueue);
        await PublishAsync(virtualHost.ConnectionString, "two", ErrorQueue);

        for (var listing = 0; listing < Listings; listing++)
        {
            var (exitCode, output) = await InvokeAsync(virtualHost, "list", "--limit", "1");
            exitCode.ShouldBe(0);
            output.ShouldContain("enrichment_error: 2 messages");
            output.ShouldContain("and 1 more");
        }

        await InErrorQueueAsync(virtualHost, 2);
        var first = await PeekAsync(virtualHost.ConnectionString, ErrorQueue);
        Convert.ToInt32(first.BasicProperties.Headers?.TryGetValue("x-delivery-count", out var count) == true ? count : 0, System.Globalization.CultureInfo.InvariantCulture)
            .ShouldBeLessThan(15);
    }

    [Fact]
    public async Task Replay_NoQueueToGiveItTo_StaysInTheErrorQueue()
    {
        var virtualHost = await (await servers.RabbitMqAsync()).CreateVirtualHostAsync(Cancel);
        await PublishAsync(virtualHost.ConnectionString, "one", ErrorQueue);

        var (exitCode, output) = await InvokeAsync(virtualHost, "replay", ErrorQueue);

        exitCode.ShouldBe(1);
        output.ShouldContain("Start the stage once");
        await InErrorQueueAsync(virtualHost, 1);
    }

    [Fact]
    public async Task List_NobodyListens_FailsAndSaysSo()
    {
        using var output = new StringWriter();

        (await CommandLine.Root().Parse(["dead-letters", "list", "--ConnectionStrings:RabbitMq=amqp://guest:guest@127.0.0.1:9/"])
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = output }, Cancel)).ShouldBe(1);

        output.ToString().ShouldContain("RabbitMQ failed: ");
    }

    private static async Task<(int ExitCode, string Output)> InvokeAsync(RabbitMqVirtualHost virtualHost, params string[] arguments)
    {
        using var output = new StringWriter();
        var exitCode = await CommandLine.Root().Parse(["dead-letters", .. arguments, $"--ConnectionStrings:RabbitMq={virtualHost.ConnectionString}"])
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = output }, Cancel);
        return (exitCode, output.ToString());
    }

    private static Task InErrorQueueAsync(RabbitMqVirtualHost virtualHost, int messages) => Eventually.ReadsAsync(
        virtualHost.QueuesAsync,
        queues => queues.Any(queue => queue.Name == ErrorQueue && queue.Ready == messages) && queues.All(queue => queue.Name == ErrorQueue || queue.Messages == 0),
        $"{messages} wait in {ErrorQueue}",
        cancellationToken: Cancel);

    /// <summary>What MassTransit does with a message that it gives up.</summary>
    private static async Task<string?> FailAsync(string broker)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync(Cancel);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancel);
        var message = (await channel.BasicGetAsync(Queue, autoAck: true, Cancel)).ShouldNotBeNull();
        await channel.QueueDeclareAsync(ErrorQueue, durable: true, exclusive: false, autoDelete: false, Quorum, cancellationToken: Cancel);
        var properties = new BasicProperties(message.BasicProperties)
        {
            Headers = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["MT-Reason"] = "fault",
                ["MT-Fault-ExceptionType"] = "System.InvalidOperationException",
                ["MT-Fault-Message"] = "the store \u001b[31m\nwas down",
                ["MT-Fault-Timestamp"] = "2026-11-25T01:02:03.0000000Z",
                ["kept"] = "yes",
            },
        };
        await channel.BasicPublishAsync("", ErrorQueue, mandatory: true, properties, message.Body, Cancel);
        return properties.MessageId;
    }

    /// <summary>A message that is none of the bus'.</summary>
    internal static async Task PublishAsync(string broker, string body, string queue = Queue)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync(Cancel);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Cancel);
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, Quorum, cancellationToken: Cancel);
        var properties = new BasicProperties { Persistent = true, ContentType = "application/vnd.masstransit+json" };
        await channel.BasicPublishAsync("", queue, mandatory: true, properties, Encoding.UTF8.GetBytes(body), Cancel);
    }

    private static async Task<BasicGetResult> PeekAsync(string broker, string queue)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync(Cancel);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancel);
        return (await channel.BasicGetAsync(queue, autoAck: false, Cancel)).ShouldNotBeNull();
    }
}
