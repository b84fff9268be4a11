using System.Net;
using AlertResponder.Simulators;
using AlertResponder.Simulators.Slack;
using AlertResponder.Tests.EndToEnd.Servers;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>Clicks in Slack, on processes that are killed and brokers that are down: each is answered once, or Slack shows an error.</summary>
public sealed class ClickTests(SharedServers servers)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GatewayAlone_ClicksByCallbackAndSocket_AreInRemediationsQueueOnce()
    {
        var virtualHost = await (await servers.RabbitMqAsync()).CreateVirtualHostAsync(Cancel);
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync(cancellationToken: Cancel);
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        var settings = surroundings.Settings(
            [new("ConnectionStrings__RabbitMq", virtualHost.ConnectionString), new("ConnectionStrings__Incidents", database), .. Surroundings.Clicking]);
        await using var gateway = await PipelineProcess.StartNewAsync(["--roles", "gateway"], settings, Cancel);
        await using var clicks = await Clicks.PrepareAsync(surroundings, settings);

        // The first one declares the queue, which on a busy machine can take longer than Slack waits.
        await Eventually.TrueAsync(
            async token => (await surroundings.Slack.Sign(clicks.Press()).SendAsync(Interactions(gateway), token)).Status == HttpStatusCode.OK, "a click is accepted", cancellationToken: Cancel);
        var before = await Eventually.ReadsAsync(token => QueuedAsync(virtualHost, token), queued => queued > 0, "it is in the queue", cancellationToken: Cancel);

        var callback = surroundings.Slack.Sign(clicks.Press());
        (await callback.SendAsync(Interactions(gateway), Cancel)).Status.ShouldBe(HttpStatusCode.OK);
        (await callback.SendAsync(Interactions(gateway), Cancel)).Status.ShouldBe(HttpStatusCode.Conflict);
        await QueuedAsync(virtualHost, before + 1);

        var click = clicks.Press();
        foreach (var envelope in await Task.WhenAll(surroundings.Slack.SendAsync(click, Cancel), surroundings.Slack.SendAsync(click, Cancel)))
        {
            envelope.AcknowledgedAfter.ShouldNotBeNull().ShouldBeLessThan(TimeSpan.FromSeconds(3));
        }

        // Killed, it has nothing to remember: the broker has them, and the store knows that.
        await gateway.KillAsync();
        await gateway.StartAsync(Cancel);
        (await callback.SendAsync(Interactions(gateway), Cancel)).Status.ShouldBe(HttpStatusCode.Conflict);
        await QueuedAsync(virtualHost, before + 2);
        surroundings.Slack.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task BrokerDown_ClickIsRefusedAndNotAcknowledged_UntilItIsBack()
    {
        await using var broker = await RabbitMqServer.StartNewAsync(Cancel);
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync(cancellationToken: Cancel);
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        var settings = surroundings.Settings(
            [new("ConnectionStrings__RabbitMq", broker.ConnectionString), new("ConnectionStrings__Incidents", database), .. Surroundings.Clicking]);
        await using var gateway = await PipelineProcess.StartNewAsync(["--roles", "gateway"], settings, Cancel);
        await using var clicks = await Clicks.PrepareAsync(surroundings, settings);
        await surroundings.Slack.WaitForSocketsAsync(1, Cancel);
        await broker.StopAsync();

        (await surroundings.Slack.Sign(clicks.Press()).SendAsync(Interactions(gateway), Cancel)).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var envelope = await surroundings.Slack.SendAsync(clicks.Press(), Cancel);
        (envelope.Attempts, envelope.AcknowledgedAfter).ShouldBe((3, null));

        await broker.StartAsync(Cancel);
        await Eventually.TrueAsync(
            async token => (await surroundings.Slack.Sign(clicks.Press()).SendAsync(Interactions(gateway), token)).Status == HttpStatusCode.OK,
            "a click is accepted",
            TimeSpan.FromSeconds(60),
            Cancel);
    }

    [Fact]
    public async Task SingleProcess_KilledRightAfterItsAnswer_PersonIsAnsweredAfterTheRestartOnce()
    {
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        var settings = surroundings.Settings(Surroundings.Clicking);
        await using var pipeline = await PipelineProcess.StartNewAsync(environment: settings, cancellationToken: Cancel);
        await using var clicks = await Clicks.PrepareAsync(surroundings, settings);

        // With nobody to be told anything the answer cannot be complete when the process dies.
        using (surroundings.Slack.Faults.Always(Simulators.Traffic.Fault.Hang, request => request.Path == "/api/chat.postEphemeral"))
        {
            (await surroundings.Slack.Sign(clicks.Press()).SendAsync(Interactions(pipeline), Cancel)).Status.ShouldBe(HttpStatusCode.OK);
            await pipeline.KillAsync();
        }

        await pipeline.StartAsync(Cancel);
        await Eventually.TrueAsync(async _ => (await clicks.AnswersAsync()).Count > 0, "the click is answered", cancellationToken: Cancel);
        (await clicks.AnswersAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task SingleProcess_KilledWhileItTellsTheAnswer_PersonIsToldAfterTheRestartOnce()
    {
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        var settings = surroundings.Settings(Surroundings.Clicking);
        await using var pipeline = await PipelineProcess.StartNewAsync(environment: settings, cancellationToken: Cancel);
        await using var clicks = await Clicks.PrepareAsync(surroundings, settings);
        using (surroundings.Slack.Faults.Always(Simulators.Traffic.Fault.Hang, IsWhisper))
        {
            (await surroundings.Slack.Sign(clicks.Press()).SendAsync(Interactions(pipeline), Cancel)).Status.ShouldBe(HttpStatusCode.OK);
            await Eventually.TrueAsync(_ => Task.FromResult(surroundings.Slack.Requests.Any(IsWhisper)), "the person is being told", cancellationToken: Cancel);

            // By then the click is answered in the record, and nothing of it is left to do but this.
            await Eventually.TrueAsync(_ => clicks.AreHandledAsync(), "the click is handled", cancellationToken: Cancel);
            await pipeline.KillAsync();
        }

        surroundings.Slack.EphemeralMessages.ShouldBeEmpty();
        await pipeline.StartAsync(Cancel);
        await Eventually.TrueAsync(_ => Task.FromResult(surroundings.Slack.EphemeralMessages.Count > 0), "the person is told", cancellationToken: Cancel);
        await Eventually.TrueAsync(async _ => (await clicks.AnswersAsync()).Single().ToldAt is not null, "that is recorded", cancellationToken: Cancel);

        await pipeline.StopAsync();
        await pipeline.StartAsync(Cancel);
        surroundings.Slack.EphemeralMessages.ShouldHaveSingleItem().User.ShouldBe(Clicks.Person);
    }

    private static bool IsWhisper(Simulators.Traffic.RecordedRequest request) => request.Path == "/api/chat.postEphemeral";

    private static Uri Interactions(PipelineProcess gateway) => new(gateway.Url, "slack/interactions");

    private static async Task QueuedAsync(RabbitMqVirtualHost virtualHost, long count) => (await Eventually.ReadsAsync(
        token => QueuedAsync(virtualHost, token), queued => queued >= count, $"remediation's queue has {count} requests", cancellationToken: Cancel)).ShouldBe(count);

    private static async Task<long> QueuedAsync(RabbitMqVirtualHost virtualHost, CancellationToken cancellationToken) =>
        (await virtualHost.QueuesAsync(cancellationToken)).Where(queue => queue.Name == "remediation").Sum(queue => (long)queue.Messages);
}
