using System.Net;
using System.Text;
using AlertResponder.Simulators;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Slack;
using AlertResponder.Tests.EndToEnd.Servers;
using Microsoft.EntityFrameworkCore;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>What no webhook of a real Alertmanager says, or not in that order: a message is green only while nothing fires.</summary>
public sealed class EpisodeTests
{
    private const string RolloutManifests =
        """
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: api, namespace: shop, uid: r-1}
        spec: {replicas: 1, selector: {matchLabels: {app: api}}}
        ---
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata:
          name: api-7875d9cb7
          namespace: shop
          uid: rs-1
          labels: {app: api}
          ownerReferences: [{apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: api, uid: r-1, controller: true}]
        spec: {replicas: 1, selector: {matchLabels: {app: api}}}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: api-7875d9cb7-zlb6f
          namespace: shop
          uid: p-1
          labels: {app: api}
          ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: api-7875d9cb7, uid: rs-1, controller: true}]
        spec: {nodeName: node-1, containers: [{name: app, image: registry.example/app:1.0}]}
        status:
          phase: Running
          containerStatuses:
          - {name: app, image: registry.example/app:1.0, imageID: "", ready: false, restartCount: 6, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 1, reason: Error}}}
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Lapse = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Prometheus cannot reach Alertmanager, which resolves the alert by itself; then it fires with the start that it had.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ResolvedByAlertmanagerItself_FiresWithTheSameStart_OpensAgain(bool alertmanagerIsAsked)
    {
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        await using var pipeline = await PipelineProcess.StartNewAsync(
            environment: surroundings.Settings([new("Alertmanager__CompareSeconds", alertmanagerIsAsked ? "3600" : "0")]), cancellationToken: Cancel);
        await using var alertmanager = await AlertmanagerServer.StartNewAsync(new AlertmanagerConfig(new Uri(pipeline.Url, "webhooks/alertmanager")), Cancel);
        var open = await FireUntilResolvedByItselfAsync(alertmanager, surroundings);

        await FireAsync(alertmanager);

        var again = await MessageAsync(surroundings, message => message.IsOpen(), "it is open again");
        again.Ts.ShouldBe(open.Ts);
        again.Shown().ShouldContain("flapping ×1");
        await alertmanager.ResolveAsync(PriceScraperAlert.Labels, PriceScraperAlert.Annotations, Cancel);
        (await MessageAsync(surroundings, message => message.IsResolved(), "it is green at last")).Ts.ShouldBe(open.Ts);
        surroundings.Slack.AssertNoUnexpectedCalls();
    }

    /// <summary>The process ends while it is not known yet what the late firing is.</summary>
    [Fact]
    public async Task LateFiring_ProcessIsKilledMeanwhile_OpensAgainAfterItsRestart()
    {
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        await using var pipeline = await PipelineProcess.StartNewAsync(environment: surroundings.Settings([new("Alertmanager__CompareSeconds", "0")]), cancellationToken: Cancel);
        await using var alertmanager = await AlertmanagerServer.StartNewAsync(new AlertmanagerConfig(new Uri(pipeline.Url, "webhooks/alertmanager")), Cancel);
        await FireUntilResolvedByItselfAsync(alertmanager, surroundings);
        var sent = await alertmanager.NotificationsAsync(Cancel);
        await FireAsync(alertmanager);
        await Eventually.TrueAsync(async token => await alertmanager.NotificationsAsync(token) > sent, "the late firing was accepted", cancellationToken: Cancel);

        await pipeline.KillAsync();
        await pipeline.StartAsync(Cancel);

        await MessageAsync(surroundings, message => message.IsOpen(), "it is open again");
    }

    /// <summary>Two Alertmanagers that know nothing of each other: firing, resolved, firing, resolved.</summary>
    [Fact]
    public async Task EchoOfASecondAlertmanager_StaysOneGreenMessage()
    {
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        await using var pipeline = await PipelineProcess.StartNewAsync(environment: surroundings.Settings(), cancellationToken: Cancel);
        var config = new AlertmanagerConfig(new Uri(pipeline.Url, "webhooks/alertmanager"));
        await using var first = await AlertmanagerServer.StartNewAsync(config, Cancel);
        await using var second = await AlertmanagerServer.StartNewAsync(config, Cancel);
        var startsAt = TimeProvider.System.GetUtcNow();
        await first.FireAsync(PriceScraperAlert.Labels, PriceScraperAlert.Annotations, startsAt, cancellationToken: Cancel);
        await MessageAsync(surroundings, message => message.IsOpen(), "the message is there");
        await first.ResolveAsync(PriceScraperAlert.Labels, PriceScraperAlert.Annotations, Cancel);
        var green = await MessageAsync(surroundings, message => message.IsResolved(), "the message is green");

        await second.FireAsync(PriceScraperAlert.Labels, PriceScraperAlert.Annotations, startsAt, cancellationToken: Cancel);
        await Eventually.TrueAsync(async token => await second.NotificationsAsync(token) >= 1, "the second has sent the firing", cancellationToken: Cancel);
        await second.ResolveAsync(PriceScraperAlert.Labels, PriceScraperAlert.Annotations, Cancel);
        await Eventually.TrueAsync(async token => await second.NotificationsAsync(token) >= 2, "the second has sent the resolution", cancellationToken: Cancel);

        var later = surroundings.Slack.Messages.ShouldHaveSingleItem();
        later.IsResolved().ShouldBeTrue();
        later.History.Count.ShouldBe(green.History.Count, "nothing has flickered");
    }

    /// <summary>What the comparison is for: the webhook that says that it is over is lost for good.</summary>
    [Fact]
    public async Task Gone_ResolutionIsLost_TurnsGreen()
    {
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        await using var relay = await LossyRelay.StartAsync(Cancel);
        await using var pipeline = await StartComparingAsync(surroundings, relay);
        await using var alertmanager = await AlertmanagerServer.StartNewAsync(new AlertmanagerConfig(relay.Webhook), Cancel);
        (relay.Pipeline, relay.RealAlertmanager) = (pipeline.Url, alertmanager.Url);
        await FireAsync(alertmanager);
        var open = await MessageAsync(surroundings, message => message.IsOpen(), "the message is there");
        await using var store = new StoreView(surroundings.SqliteStore);
        await Eventually.TrueAsync(_ => store.AskAsync(incidents => incidents.Alerts.AnyAsync(alert => alert.ListedAt != null, Cancel)), "a comparison has found it", Patience, Cancel);

        relay.LosesWebhooks = true;
        await alertmanager.ResolveAsync(PriceScraperAlert.Labels, PriceScraperAlert.Annotations, Cancel);

        var green = await MessageAsync(surroundings, message => message.IsResolved(), "the comparison has found that it is over");
        green.Ts.ShouldBe(open.Ts);
        green.Shown().ShouldContain("no webhook");
        relay.Lost.ShouldBeGreaterThanOrEqualTo(1);
        surroundings.Slack.AssertNoUnexpectedCalls();
    }

    /// <summary>Green here while it burns there, and no webhook says so.</summary>
    [Fact]
    public async Task Reopened_FiringIsLost_IsOpenAgain()
    {
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        await using var relay = await LossyRelay.StartAsync(Cancel);
        await using var pipeline = await StartComparingAsync(surroundings, relay);
        await using var alertmanager = await AlertmanagerServer.StartNewAsync(new AlertmanagerConfig(relay.Webhook), Cancel);
        (relay.Pipeline, relay.RealAlertmanager) = (pipeline.Url, alertmanager.Url);
        await FireAsync(alertmanager);
        var open = await MessageAsync(surroundings, message => message.IsOpen(), "the message is there");
        await alertmanager.ResolveAsync(PriceScraperAlert.Labels, PriceScraperAlert.Annotations, Cancel);
        await MessageAsync(surroundings, message => message.IsResolved(), "the message is green");

        relay.LosesWebhooks = true;
        await FireAsync(alertmanager);

        // Not within a minute of the resolution: a webhook may be on its way.
        var again = await MessageAsync(surroundings, message => message.IsOpen(), "the comparison has found that it burns", TimeSpan.FromMinutes(3));
        again.Ts.ShouldBe(open.Ts);
        again.Shown().ShouldContain("flapping ×1");
        relay.Lost.ShouldBeGreaterThanOrEqualTo(1);
        surroundings.Slack.AssertNoUnexpectedCalls();
    }

    /// <summary>The pod's name looks like a Deployment's, and the Kubernetes API does not answer at first: it is an Argo Rollout's.</summary>
    [Fact]
    public async Task SubjectGuessedWhileTheApiWasAway_TitleAndCommandsFollow()
    {
        await using var surroundings = await Surroundings.StartAsync(new Story(RolloutManifests, new Dictionary<string, string>(StringComparer.Ordinal)), Cancel);
        await using var pipeline = await PipelineProcess.StartNewAsync(environment: surroundings.Settings(), cancellationToken: Cancel);
        using var http = new HttpClient();
        var webhook = PriceScraperAlert.Webhook.Replace("price-scraper-28487520-2n78x", "api-7875d9cb7-zlb6f", StringComparison.Ordinal)
            .Replace("\"cardboard\"", "\"shop\"", StringComparison.Ordinal);
        SlackMessage guessed;
        using (surroundings.Cluster.Faults.Always(ClusterFaults.Unavailable()))
        {
            using var body = new StringContent(webhook, Encoding.UTF8, "application/json");
            (await http.PostAsync(new Uri(pipeline.Url, "webhooks/alertmanager"), body, Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
            guessed = await MessageAsync(surroundings, message => message.Shown().Contains("Deployment shop/api", StringComparison.Ordinal), "the subject is told from names");
        }

        var certain = await MessageAsync(surroundings, message => message.Shown().Contains("Rollout shop/api", StringComparison.Ordinal)
            && !message.Shown().Contains("fresh analysis", StringComparison.Ordinal), "the subject is the true one", TimeSpan.FromMinutes(3));

        certain.Ts.ShouldBe(guessed.Ts);
        certain.Shown().ShouldNotContain("Deployment shop/api");
        certain.Shown().ShouldNotContain("deployment api");
    }

    private static Task<PipelineProcess> StartComparingAsync(Surroundings surroundings, LossyRelay relay) => PipelineProcess.StartNewAsync(
        environment: surroundings.Settings([new("Alertmanager__CompareSeconds", "5"), new("Alertmanager__Url", relay.Alertmanager.AbsoluteUri)]), cancellationToken: Cancel);

    // Prometheus says with each alert until when it holds, if it is not sent again.
    private static async Task<SlackMessage> FireUntilResolvedByItselfAsync(AlertmanagerServer alertmanager, Surroundings surroundings)
    {
        await FireAsync(alertmanager);
        var open = await MessageAsync(surroundings, message => message.IsOpen(), "the message is there");
        await FireAsync(alertmanager, TimeProvider.System.GetUtcNow() + Lapse);
        await MessageAsync(surroundings, message => message.IsResolved(), "Alertmanager has resolved it by itself");
        return open;
    }

    private static Task FireAsync(AlertmanagerServer alertmanager, DateTimeOffset? endsAt = null) =>
        alertmanager.FireAsync(PriceScraperAlert.Labels, PriceScraperAlert.Annotations, endsAt: endsAt, cancellationToken: Cancel);

    private static Task<SlackMessage> MessageAsync(Surroundings surroundings, Func<SlackMessage, bool> until, string expectation, TimeSpan? patience = null) =>
        surroundings.MessageAsync(until, expectation, Cancel, patience ?? Patience);
}
