using AlertResponder.Tests.EndToEnd.Servers;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>A tenth of the storm that tests/Benchmarks measures, for what must hold of it on any machine.</summary>
public sealed class StormTests(SharedServers servers)
{
    private const int Workloads = 50;
    private const int GroupSize = 10;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ThousandAlertsAboutFiftyWorkloads_NothingIsLost_EachWorkloadHasOneMessage(bool withServers)
    {
        var fleet = new Fleet(Workloads, TimeProvider.System.GetUtcNow());
        await using var surroundings = await Surroundings.StartAsync(fleet.Story, Cancel);

        // At Slack's own limit of a post a second the test would be one of patience.
        var settings = surroundings.Settings(new KeyValuePair<string, string>("Slack__PostsPerSecond", "1000"));
        if (withServers)
        {
            settings["ConnectionStrings__Incidents"] = await (await servers.PostgresAsync()).CreateDatabaseAsync(cancellationToken: Cancel);
            settings["ConnectionStrings__RabbitMq"] = (await (await servers.RabbitMqAsync()).CreateVirtualHostAsync(Cancel)).ConnectionString;
        }

        await using var pipeline = await PipelineProcess.StartNewAsync(environment: settings, cancellationToken: Cancel);
        await using var store = new StoreView(settings["ConnectionStrings__Incidents"]);
        var groups = fleet.Groups(GroupSize).ToArray();
        var webhooks = Enumerable.Range(0, Fleet.AlertsPerWorkload).SelectMany(alert => groups.Select(group => fleet.Webhook(group, alert)));
        var first = TimeProvider.System.GetUtcNow();

        var sent = await OpenLoop.SendAsync(new Uri(pipeline.Url, "webhooks/alertmanager"), webhooks, first, Interval, Cancel);

        sent.ShouldAllBe(webhook => webhook.Accepted);
        await Eventually.ReadsAsync(
            token => store.ProgressAsync(first, token),
            progress => progress is { Alerts: Workloads * 20, Inbox: 0, Untold: 0 },
            "every alert is part of an incident that is told of",
            Patience,
            Cancel);
        surroundings.Slack.Messages.Select(Fleet.Workload).Order().ShouldBe(Enumerable.Range(0, Workloads));
    }
}
