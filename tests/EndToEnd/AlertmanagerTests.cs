using AlertResponder.Tests.EndToEnd.Servers;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>Real Alertmanagers with the configuration of <c>deploy/alertmanager</c>, RabbitMQ and PostgreSQL.</summary>
public sealed class AlertmanagerTests(SharedServers servers)
{
    private const string Deployment = "checkout";
    private const int Pods = 25;

    // The configuration's own waits are up to half a minute of it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PairAndAThirdThatKnowsNothingOfThem_25PodsAndTheirDeployment_OneMessageUntilItIsGreen()
    {
        var virtualHost = await (await servers.RabbitMqAsync()).CreateVirtualHostAsync(Cancel);
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync(cancellationToken: Cancel);
        await using var surroundings = await Surroundings.StartAsync(CrashingDeployments.Story(Deployment), Cancel);
        var settings = surroundings.Settings(
            new("ConnectionStrings__RabbitMq", virtualHost.ConnectionString),
            new("ConnectionStrings__Incidents", database),
            new("Gateway__WebhookToken", EndToEnd.Deployment.WebhookToken));
        await using var gateway = await PipelineProcess.StartNewAsync(["--roles", "gateway"], settings, Cancel);
        await using var workers = await PipelineProcess.StartNewAsync(["--roles", "enrichment,analysis,notification,remediation"], settings, Cancel);
        var files = EndToEnd.Deployment.AlertmanagerPostingTo(gateway);
        var (first, second) = await AlertmanagerServer.StartPairAsync(files, Cancel);
        await using var _ = first;
        await using var __ = second;
        var alerts = CrashingDeployments.Alerts(Deployment, Pods).ToList();
        var startsAt = TimeProvider.System.GetUtcNow();

        await FireAsync(first, alerts, startsAt);
        await FireAsync(second, alerts, startsAt);
        var open = await surroundings.MessageAsync(
            message => message.Shown().Contains($"KubePodCrashLooping ×{Pods}", StringComparison.Ordinal) && message.Shown().Contains("KubeDeploymentReplicasMismatch", StringComparison.Ordinal),
            "the message tells of all alerts",
            Cancel,
            Patience);
        open.Shown().ShouldContain($"Deployment {CrashingDeployments.Namespace}/{Deployment}");
        await DrainedAsync(virtualHost);

        // An unchanged repeat, as a day later or after the pair has lost sight of each other.
        var before = surroundings.Slack.Messages.ShouldHaveSingleItem();
        await using (var third = await AlertmanagerServer.StartNewAsync(files, cancellationToken: Cancel))
        {
            await FireAsync(third, alerts, startsAt);
            await Eventually.TrueAsync(async token => await third.NotificationsAsync(token) >= 1, "the third has sent the alerts too", cancellationToken: Cancel);
            await DrainedAsync(virtualHost);
        }

        var after = surroundings.Slack.Messages.ShouldHaveSingleItem();
        after.History.Count.ShouldBe(before.History.Count, "a repeat changes nothing that is shown");

        await Task.WhenAll(alerts.SelectMany(alert => new[] { first.ResolveAsync(alert, cancellationToken: Cancel), second.ResolveAsync(alert, cancellationToken: Cancel) }));
        var resolved = await surroundings.MessageAsync(
            message => message.IsResolved(), "the message says resolved", Cancel, Patience);
        resolved.Ts.ShouldBe(open.Ts);
        await DrainedAsync(virtualHost);
        surroundings.Slack.Messages.ShouldHaveSingleItem().IsResolved().ShouldBeTrue();
        surroundings.Cluster.AssertNoUnexpectedCalls();
        surroundings.Slack.AssertNoUnexpectedCalls();
    }

    private static Task FireAsync(AlertmanagerServer alertmanager, IEnumerable<Dictionary<string, string>> alerts, DateTimeOffset startsAt) =>
        Task.WhenAll(alerts.Select(alert => alertmanager.FireAsync(alert, startsAt: startsAt, cancellationToken: Cancel)));

    // What was accepted has been dealt with; a message in work still counts.
    private static Task DrainedAsync(RabbitMqVirtualHost virtualHost) => Eventually.ReadsAsync(
        virtualHost.QueuesAsync, queues => queues.Sum(queue => queue.Messages) == 0, "all queues are empty", cancellationToken: Cancel);
}
