using AlertResponder.Simulators;
using AlertResponder.Tests.EndToEnd.Servers;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>A real Alertmanager fires, repeats and resolves: one Slack message, right in the end.</summary>
public sealed class SliceTests(SharedServers servers)
{
    private static readonly string[] Roles = ["gateway", "enrichment", "analysis", "notification", "remediation"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SingleProcess_InMemoryAndSqlite_FiringRepeatResolve_OneMessage()
    {
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        await using var pipeline = await PipelineProcess.StartNewAsync(environment: surroundings.Settings(), cancellationToken: Cancel);

        await FireRepeatResolveAsync(surroundings, pipeline);
    }

    [Fact]
    public async Task EveryRoleInItsOwnProcess_RabbitMqAndPostgres_FiringRepeatResolve_OneMessage()
    {
        var virtualHost = await (await servers.RabbitMqAsync()).CreateVirtualHostAsync(Cancel);
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync(cancellationToken: Cancel);
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        var settings = surroundings.Settings(
            new("ConnectionStrings__RabbitMq", virtualHost.ConnectionString), new("ConnectionStrings__Incidents", database));

        // All at once: they take turns at the migration.
        var processes = await Task.WhenAll(Roles.Select(role => PipelineProcess.StartNewAsync(["--roles", role], settings, Cancel)));
        try
        {
            await FireRepeatResolveAsync(surroundings, processes[0]);

            var queues = await Eventually.ReadsAsync(
                virtualHost.QueuesAsync, queues => queues.Sum(queue => queue.Messages) == 0, "all queues are empty", cancellationToken: Cancel);
            // Each process has a temporary one besides, by which it notices that the broker is gone.
            queues.Select(queue => queue.Name).Where(name => !name.Contains("_bus_", StringComparison.Ordinal)).Order()
                .ShouldBe(["analysis", "enrichment", "notification", "remediation", "remediation-proposals"]);
        }
        finally
        {
            foreach (var process in processes)
            {
                await process.DisposeAsync();
            }
        }
    }

    private static async Task FireRepeatResolveAsync(Surroundings surroundings, PipelineProcess gateway)
    {
        // It repeats at every group interval: what a day of repeats is, in seconds.
        await using var alertmanager = await AlertmanagerServer.StartNewAsync(
            new AlertmanagerConfig(new Uri(gateway.Url, "webhooks/alertmanager")) { RepeatInterval = TimeSpan.FromSeconds(1) }, Cancel);

        await alertmanager.FireAsync(PriceScraperAlert.Labels, PriceScraperAlert.Annotations, cancellationToken: Cancel);
        var open = await surroundings.MessageAsync(message => message.IsOpen(), "the message is posted", Cancel);
        open.ShouldTellOfPriceScraper();
        open.Shown().ShouldContain("rules only");

        await Eventually.TrueAsync(
            async token => await alertmanager.NotificationsAsync(token) >= 3, "Alertmanager has repeated the alert", cancellationToken: Cancel);
        var repeated = surroundings.Slack.Messages.ShouldHaveSingleItem();
        repeated.History.ShouldBeEmpty("a repeat changes nothing that is shown");

        await alertmanager.ResolveAsync(PriceScraperAlert.Labels, PriceScraperAlert.Annotations, Cancel);
        var resolved = await surroundings.MessageAsync(message => message.IsResolved(), "the message says resolved", Cancel);
        resolved.Ts.ShouldBe(open.Ts);
        resolved.ShouldTellOfPriceScraper();
        surroundings.Cluster.AssertNoUnexpectedCalls();
        surroundings.Slack.AssertNoUnexpectedCalls();
    }
}
