using AlertResponder.Tests.EndToEnd.Servers;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>A small storm; <c>tests/Benchmarks</c> makes one ten times as large.</summary>
public sealed class StormTests
{
    private const int Workloads = 50;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Storm_1000AlertsAbout50Workloads_NothingIsLostAndEachHasOneMessage()
    {
        var now = TimeProvider.System.GetUtcNow();
        var fleet = new Fleet(Workloads, now);
        await using var surroundings = await Surroundings.StartAsync(fleet.Story, Cancel);

        // At Slack's own limits the test would take as long as they make it.
        var settings = surroundings.Settings(new("Slack__PostsPerSecond", "1000"), new("Slack__UpdatesPerMinute", "60000"));
        await using var pipeline = await PipelineProcess.StartNewAsync(environment: settings, cancellationToken: Cancel);
        await using var store = new StoreView(surroundings.SqliteStore);

        int[][] groups = [.. fleet.Groups(groupSize: 5)];
        var webhooks = Enumerable.Range(0, Fleet.AlertsPerWorkload).SelectMany(alert => groups.Select(group => fleet.Webhook(group, alert)));
        var sent = await OpenLoop.SendAsync(new Uri(pipeline.Url, "webhooks/alertmanager"), webhooks, now, Interval, Cancel);
        await Eventually.ReadsAsync(
            token => store.ProgressAsync(now, token),
            progress => progress.Alerts >= Workloads * Fleet.AlertsPerWorkload && progress is { Inbox: 0, Undrawn: 0 },
            "all alerts are part of an incident whose message is up to date",
            TimeSpan.FromSeconds(60),
            Cancel);

        sent.ShouldAllBe(webhook => webhook.Accepted);
        (await store.ProgressAsync(now, Cancel)).Alerts.ShouldBe(Workloads * Fleet.AlertsPerWorkload);
        surroundings.Slack.Messages.Select(Fleet.Workload).Order().ShouldBe(Enumerable.Range(0, Workloads));
    }
}
