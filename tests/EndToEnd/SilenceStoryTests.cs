using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AlertResponder.Simulators;
using AlertResponder.Simulators.Slack;
using AlertResponder.Tests.EndToEnd.Servers;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>From a click in Slack to a silence in a real Alertmanager, and back.</summary>
public sealed class SilenceStoryTests
{
    private const string OnCall = "U0ONCALL";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silence_ClickedAndLifted_SuppressesTheAlertMeanwhile()
    {
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        var settings = surroundings.Settings([new("Remediation__Enabled", "true"), new("Remediation__Approvers__0", OnCall), .. Surroundings.Clicking]);
        await using var pipeline = await PipelineProcess.StartNewAsync(environment: settings, cancellationToken: Cancel);

        // Its address is the one that the webhook states.
        await using var alertmanager = await AlertmanagerServer.StartNewAsync(new AlertmanagerConfig(new Uri(pipeline.Url, "webhooks/alertmanager")), Cancel);
        await alertmanager.FireAsync(PriceScraperAlert.Labels, PriceScraperAlert.Annotations, cancellationToken: Cancel);
        var offered = await MessageAsync(surroundings, message => message.Button("Silence for 1 h") is not null, "silences are offered");
        (await StateAsync(alertmanager, Cancel)).ShouldBe("active");

        await ClickAsync(offered, "Silence for 1 h");
        var silenced = await MessageAsync(surroundings, message => message.Button("Lift silence") is not null && message.Shown().Contains("silenced until", StringComparison.Ordinal), "it is silenced");
        silenced.Ts.ShouldBe(offered.Ts);
        silenced.Shown().ShouldContain("requested by ");
        silenced.Mentions.ShouldContain($"<@{OnCall}>");
        await Eventually.ReadsAsync(token => StateAsync(alertmanager, token), state => state == "suppressed", "the alert is suppressed", cancellationToken: Cancel);
        var silence = (await SilencesAsync(alertmanager, Cancel)).ShouldHaveSingleItem();
        silence["comment"]!.ToString().ShouldContain(OnCall);
        silence["matchers"]!.AsArray().ShouldContain(matcher => matcher!["name"]!.ToString() == "pod" && matcher["value"]!.ToString().Contains(PriceScraperAlert.Labels["pod"], StringComparison.Ordinal));

        await ClickAsync(silenced, "Lift silence");
        var lifted = await MessageAsync(surroundings, message => message.Shown().Contains("lifted by", StringComparison.Ordinal), "it is lifted");
        lifted.Button("Lift silence").ShouldBeNull();
        await Eventually.ReadsAsync(token => StateAsync(alertmanager, token), state => state == "active", "the alert is heard again", cancellationToken: Cancel);
        (await SilencesAsync(alertmanager, Cancel)).ShouldHaveSingleItem()["status"]!["state"]!.ToString().ShouldBe("expired");
        lifted.IsOpen().ShouldBeTrue();
        surroundings.Slack.EphemeralMessages.ShouldBeEmpty();
        surroundings.Slack.AssertNoUnexpectedCalls();

        async Task ClickAsync(SlackMessage message, string button) =>
            (await surroundings.Slack.ClickAsync(message, message.Button(button)!, OnCall, new Uri(pipeline.Url, "slack/interactions"), Cancel)).Status.ShouldBe(HttpStatusCode.OK);
    }

    // What it has no room for stands in its thread.
    private static async Task<SlackMessage> MessageAsync(Surroundings surroundings, Func<SlackMessage, bool> until, string expectation) => (await Eventually.ReadsAsync(
        _ => Task.FromResult(surroundings.Slack.Messages.Where(message => message.ThreadTs is null).ToList()),
        messages => messages.Count > 1 || (messages.Count == 1 && until(messages[0])),
        expectation,
        Patience,
        Cancel)).ShouldHaveSingleItem();

    private static async Task<string> StateAsync(AlertmanagerServer alertmanager, CancellationToken cancellationToken) =>
        (await ListAsync(alertmanager, "alerts", cancellationToken)).ShouldHaveSingleItem()["status"]!["state"]!.ToString();

    private static Task<IReadOnlyList<JsonNode>> SilencesAsync(AlertmanagerServer alertmanager, CancellationToken cancellationToken) => ListAsync(alertmanager, "silences", cancellationToken);

    private static async Task<IReadOnlyList<JsonNode>> ListAsync(AlertmanagerServer alertmanager, string what, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        return [.. (await http.GetFromJsonAsync<JsonArray>(new Uri(alertmanager.Url, $"api/v2/{what}"), cancellationToken))!.Select(item => item!)];
    }
}
