using System.Net;
using System.Text.Json.Nodes;
using AlertResponder.Simulators;
using AlertResponder.Simulators.Slack;
using AlertResponder.Tests.EndToEnd.Servers;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>The price-scraper at 2 AM: killed for its memory, mended by a click, verified, and put back by another.</summary>
public sealed class PriceScraperStoryTests
{
    private const string OnCall = "U0ONCALL";
    private const string Stranger = "U0STRANGER";

    // The workload is looked at every five seconds at first, every thirty while its next run has not come.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OutOfMemory_ProposedClickedAppliedVerifiedAndUndone()
    {
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        surroundings.Cluster.OnTemplate("CronJob", "cardboard", "price-scraper").OomBelow("380Mi");
        var settings = surroundings.Settings(
        [
            new("Remediation__Enabled", "true"), new("Remediation__Namespaces__0", "cardboard"), new("Remediation__Approvers__0", OnCall), .. Surroundings.Clicking,
        ]);
        await using var pipeline = await PipelineProcess.StartNewAsync(environment: settings, cancellationToken: Cancel);
        await using var alertmanager = await AlertmanagerServer.StartNewAsync(
            new AlertmanagerConfig(new Uri(pipeline.Url, "webhooks/alertmanager")) { RepeatInterval = TimeSpan.FromHours(1) }, Cancel);
        var interactions = new Uri(pipeline.Url, "slack/interactions");

        await alertmanager.FireAsync(PriceScraperAlert.Labels, PriceScraperAlert.Annotations, cancellationToken: Cancel);
        var offered = await MessageAsync(surroundings, message => message.Button("Increase memory limit of scraper to 512Mi") is not null, "the limit is offered");
        offered.ShouldTellOfPriceScraper();
        offered.Shown().ShouldContain("512Mi");

        // The whole diff, in the thread.
        await ClickAsync(offered, "Show diff", OnCall);
        var diff = await Eventually.ReadsAsync(
            _ => Task.FromResult(surroundings.Slack.Messages.FirstOrDefault(message => message.ThreadTs == offered.Ts && message.Shown().Contains("Diff of", StringComparison.Ordinal))),
            message => message is not null,
            "the diff is in the thread",
            cancellationToken: Cancel);
        var shown = diff.ShouldNotBeNull().Shown();
        shown.ShouldContain("256Mi");
        shown.ShouldContain("512Mi");

        // A stranger changes nothing, and is the only one to hear of it.
        await ClickAsync(offered, "Increase memory limit", Stranger);
        await Eventually.TrueAsync(_ => Task.FromResult(surroundings.Slack.EphemeralMessages.Count > 0), "the stranger is told", cancellationToken: Cancel);
        var refusal = surroundings.Slack.EphemeralMessages.ShouldHaveSingleItem();
        refusal.User.ShouldBe(Stranger);
        refusal.Content.Text.ShouldContain("not among the approvers");
        (await LimitAsync(surroundings)).ShouldBe("256Mi");

        await ClickAsync(offered, "Increase memory limit", OnCall);
        await MessageAsync(surroundings, message => message.Shown().Contains("applied", StringComparison.Ordinal) && message.Button("Undo") is not null, "it is applied");
        (await LimitAsync(surroundings)).ShouldBe("512Mi");

        surroundings.Cluster.RunCronJob("cardboard", "price-scraper");
        await alertmanager.ResolveAsync(PriceScraperAlert.Labels, PriceScraperAlert.Annotations, Cancel);
        var verified = await MessageAsync(surroundings, message => message.IsResolved() && message.Shown().Contains("verified", StringComparison.Ordinal), "it is verified");
        verified.Ts.ShouldBe(offered.Ts);
        verified.Shown().ShouldContain("requested by ");
        verified.Mentions.ShouldContain($"<@{OnCall}>");
        verified.Button("Increase memory limit").ShouldBeNull("what is used up vanishes");

        await ClickAsync(verified, "Undo", OnCall);
        await MessageAsync(surroundings, message => message.Shown().Contains("undone", StringComparison.Ordinal) && message.Button("Undo") is null, "it is undone");
        (await LimitAsync(surroundings)).ShouldBe("256Mi");
        surroundings.Slack.EphemeralMessages.ShouldHaveSingleItem("nobody else was refused anything");
        surroundings.Slack.AssertNoUnexpectedCalls();
        surroundings.Cluster.AssertNoUnexpectedCalls();

        async Task ClickAsync(SlackMessage message, string button, string user) =>
            (await surroundings.Slack.ClickAsync(message, message.Button(button)!, user, interactions, Cancel)).Status.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>The message in the channel, beside the replies in its thread.</summary>
    private static async Task<SlackMessage> MessageAsync(Surroundings surroundings, Func<SlackMessage, bool> until, string expectation) => await Eventually.ReadsAsync(
        _ => Task.FromResult(surroundings.Slack.Messages.SingleOrDefault(message => message.ThreadTs is null)),
        message => message is not null && until(message),
        expectation,
        Patience,
        Cancel) ?? throw new InvalidOperationException("There is no message.");

    private static async Task<string> LimitAsync(Surroundings surroundings)
    {
        using var http = new HttpClient { BaseAddress = surroundings.Cluster.Address };
        var cronJob = JsonNode.Parse(await http.GetStringAsync(new Uri("apis/batch/v1/namespaces/cardboard/cronjobs/price-scraper", UriKind.Relative), Cancel))!;
        return cronJob["spec"]!["jobTemplate"]!["spec"]!["template"]!["spec"]!["containers"]![0]!["resources"]!["limits"]!["memory"]!.GetValue<string>();
    }
}
