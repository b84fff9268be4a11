using System.Net;
using System.Net.Http.Headers;
using AlertResponder.Simulators;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Traffic;
using AlertResponder.Tests.EndToEnd.Servers;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>Brokers go down and processes are killed; every accepted alert is told, once.</summary>
public sealed class NothingIsLostTests(SharedServers servers)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task BrokerDown_GatewayAnswers503_AlertArrivesWithAlertmanagersRetry()
    {
        await using var broker = await RabbitMqServer.StartNewAsync(Cancel);
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync(cancellationToken: Cancel);
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        var settings = surroundings.Settings(
            new("ConnectionStrings__RabbitMq", broker.ConnectionString), new("ConnectionStrings__Incidents", database));
        await using var gateway = await PipelineProcess.StartNewAsync(["--roles", "gateway"], settings, Cancel);
        await using var workers = await PipelineProcess.StartNewAsync(["--roles", "enrichment,analysis,notification,remediation"], settings, Cancel);
        await broker.StopAsync();

        (await PostAsync(gateway, "resolved-single.json")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        await using var alertmanager = await AlertmanagerServer.StartNewAsync(new AlertmanagerConfig(new Uri(gateway.Url, "webhooks/alertmanager")), Cancel);
        await alertmanager.FireAsync(PriceScraperAlert.Labels, PriceScraperAlert.Annotations, cancellationToken: Cancel);
        await Eventually.TrueAsync(
            async token => (await MetricsAsync(alertmanager, token)).Contains("alertmanager_notification_requests_failed_total{integration=\"webhook\"} 1", StringComparison.Ordinal),
            "Alertmanager's first try has failed",
            cancellationToken: Cancel);
        surroundings.Slack.Messages.ShouldBeEmpty();

        await broker.StartAsync(Cancel);
        var message = await surroundings.MessageAsync(message => message.IsOpen(), "the message is posted", Cancel, within: TimeSpan.FromSeconds(90));
        message.ShouldTellOfPriceScraper();
    }

    [Fact]
    public async Task BrokerBlocksItsPublishers_GatewayAnswers503InTime_AndTakesTheAlertWhenItIsUnblocked()
    {
        await using var broker = await RabbitMqServer.StartNewAsync(Cancel);
        await using var gateway = await PipelineProcess.StartNewAsync(
            ["--roles", "gateway"],
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ConnectionStrings__RabbitMq"] = broker.ConnectionString,
                ["ConnectionStrings__Incidents"] = await (await servers.PostgresAsync()).CreateDatabaseAsync(cancellationToken: Cancel),
            },
            Cancel);
        await broker.BlockPublishersAsync(true, Cancel);

        // The first webhook after the start: what is made for it alone must not take from the deadline's 5 s, nor add to them.
        var start = TimeProvider.System.GetTimestamp();
        (await PostAsync(gateway, PriceScraperAlert.Webhook)).ShouldBe(HttpStatusCode.ServiceUnavailable);
        TimeProvider.System.GetElapsedTime(start).ShouldBeInRange(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(9));

        await broker.BlockPublishersAsync(false, Cancel);
        await Eventually.TrueAsync(async _ => await PostAsync(gateway, PriceScraperAlert.Webhook) == HttpStatusCode.OK, "the webhook goes through", cancellationToken: Cancel);
        await Eventually.TrueAsync(
            async token => (await broker.DefaultVirtualHost.QueuesAsync(token)).Any(queue => queue is { Name: "enrichment", Messages: >= 1 }), "enrichment has work", cancellationToken: Cancel);
    }

    [Fact]
    public async Task NoStageEverRan_GatewayAcceptsAlert_StagesStartedLaterTellIt()
    {
        var virtualHost = await (await servers.RabbitMqAsync()).CreateVirtualHostAsync(Cancel);
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync(cancellationToken: Cancel);
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        var settings = surroundings.Settings(
            new("ConnectionStrings__RabbitMq", virtualHost.ConnectionString), new("ConnectionStrings__Incidents", database));
        await using (var gateway = await PipelineProcess.StartNewAsync(["--roles", "gateway"], settings, Cancel))
        {
            (await PostAsync(gateway, PriceScraperAlert.Webhook)).ShouldBe(HttpStatusCode.OK);
        }

        await using (await PipelineProcess.StartNewAsync(["--roles", "enrichment"], settings, Cancel))
        {
            await Eventually.TrueAsync(
                async token => (await virtualHost.QueuesAsync(token)).Any(queue => queue is { Name: "analysis", Messages: 1 }), "analysis has work", cancellationToken: Cancel);
        }

        await using var rest = await PipelineProcess.StartNewAsync(["--roles", "analysis,notification"], settings, Cancel);
        (await surroundings.MessageAsync(message => message.IsOpen(), "the message is posted", Cancel)).ShouldTellOfPriceScraper();
    }

    [Fact]
    public async Task SingleProcess_KilledRightAfterItsAnswer_MessageComesAfterTheRestart()
    {
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        await using var pipeline = await PipelineProcess.StartNewAsync(environment: surroundings.Settings(), cancellationToken: Cancel);

        // With the cluster's API hanging the alert cannot have left the inbox when the process dies.
        using (surroundings.Cluster.Faults.Always(Fault.Hang))
        {
            (await PostAsync(pipeline, PriceScraperAlert.Webhook)).ShouldBe(HttpStatusCode.OK);
            await pipeline.KillAsync();
        }

        surroundings.Slack.Messages.ShouldBeEmpty();
        await pipeline.StartAsync(Cancel);
        (await surroundings.MessageAsync(message => message.IsOpen(), "the message is posted", Cancel)).ShouldTellOfPriceScraper();
    }

    [Fact]
    public async Task SingleProcess_KilledAtRandomMoments_ExactlyOneMessage()
    {
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        await using var pipeline = await PipelineProcess.StartNewAsync(environment: surroundings.Settings(), cancellationToken: Cancel);
        (await PostAsync(pipeline, PriceScraperAlert.Webhook)).ShouldBe(HttpStatusCode.OK);
        for (var kill = 0; kill < 4; kill++)
        {
            // Not before there was something to interrupt, a few calls further each time.
            var calls = surroundings.Cluster.Requests.Count + surroundings.Slack.Requests.Count;
            await Eventually.TrueAsync(
                _ => Task.FromResult(surroundings.Slack.Messages.Count > 0 || surroundings.Cluster.Requests.Count + surroundings.Slack.Requests.Count >= calls + (kill * 3)),
                "the pipeline works",
                cancellationToken: Cancel);
            await pipeline.KillAsync();
            await pipeline.StartAsync(Cancel);
        }

        (await surroundings.MessageAsync(message => message.IsOpen(), "the message is posted", Cancel)).ShouldTellOfPriceScraper();
    }

    [Fact]
    public async Task SingleProcess_ItsDatabaseStopsAndComesBack_GatewayAnswers503MeanwhileAndTakesTheAlertThen()
    {
        await using var postgres = await PostgresServer.StartNewAsync(Cancel);
        var database = await postgres.CreateDatabaseAsync(cancellationToken: Cancel);
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        await using var pipeline = await PipelineProcess.StartNewAsync(
            environment: surroundings.Settings(new KeyValuePair<string, string>("ConnectionStrings__Incidents", database)), cancellationToken: Cancel);
        (await PostAsync(pipeline, "firing-watchdog.json")).ShouldBe(HttpStatusCode.OK);

        await postgres.StopAsync();
        (await PostAsync(pipeline, PriceScraperAlert.Webhook)).ShouldBe(HttpStatusCode.ServiceUnavailable);
        await postgres.StartAsync(Cancel);
        await Eventually.TrueAsync(async _ => await PostAsync(pipeline, "firing-watchdog.json") == HttpStatusCode.OK, "webhooks are taken", cancellationToken: Cancel);

        // The pool's connections are dead again, which shows only when they are used.
        await postgres.StopAsync();
        await postgres.StartAsync(Cancel);
        var status = HttpStatusCode.ServiceUnavailable;
        for (var retry = 0; retry < 20 && status == HttpStatusCode.ServiceUnavailable; retry++)
        {
            status = await PostAsync(pipeline, PriceScraperAlert.Webhook);
        }

        status.ShouldBe(HttpStatusCode.OK);
        (await surroundings.MessageAsync(message => message.IsOpen(), "the message is posted", Cancel, within: TimeSpan.FromSeconds(90))).ShouldTellOfPriceScraper();
    }

    [Fact]
    public async Task SlackTakesThePostButTheAnswerIsLost_ExactlyOneMessage()
    {
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        await using var pipeline = await PipelineProcess.StartNewAsync(environment: surroundings.Settings(), cancellationToken: Cancel);
        surroundings.Slack.Faults.Next(1, Fault.LostAnswer, request => request.Path.Contains("chat.postMessage", StringComparison.Ordinal));

        (await PostAsync(pipeline, PriceScraperAlert.Webhook)).ShouldBe(HttpStatusCode.OK);

        await Eventually.TrueAsync(
            async token => (await StatusOfAsync(pipeline, token)) && surroundings.Slack.Requests.Any(request => request.Path.Contains("conversations.history", StringComparison.Ordinal)),
            "the message is looked for",
            cancellationToken: Cancel);
        (await surroundings.MessageAsync(message => message.IsOpen(), "the message is posted", Cancel)).ShouldTellOfPriceScraper();
    }

    private static async Task<bool> StatusOfAsync(PipelineProcess pipeline, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri(pipeline.Url, "healthz/ready"), cancellationToken);
        return response.IsSuccessStatusCode;
    }

    private static async Task<string> MetricsAsync(AlertmanagerServer alertmanager, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(alertmanager.Url, "metrics"), cancellationToken);
    }

    private static async Task<HttpStatusCode> PostAsync(PipelineProcess gateway, string webhook)
    {
        using var http = new HttpClient();
        using var content = new StringContent(webhook.StartsWith('{') ? webhook : Payloads.Read(webhook), MediaTypeHeaderValue.Parse("application/json"));
        using var response = await http.PostAsync(new Uri(gateway.Url, "webhooks/alertmanager"), content, Cancel);
        return response.StatusCode;
    }
}
