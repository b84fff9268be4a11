using System.Text.Json.Nodes;
using AlertResponder.Simulators.Slack;
using AlertResponder.Tests.EndToEnd.JavaScript;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>Slack's own JavaScript clients against the simulator: whoever built that, the client of another builder must understand it.</summary>
public sealed class JavaScriptSlackTests(NodeProgram node) : IAsyncLifetime
{
    private const string BotToken = "xoxb-javascript";
    private const string AppToken = "xapp-javascript";
    private const string Alice = "U0ALICE";

    private SlackSimulator slack = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => slack = await SlackSimulator.StartAsync(BotToken, appToken: AppToken, cancellationToken: Cancel);

    public ValueTask DisposeAsync() => slack.DisposeAsync();

    [Fact]
    public async Task WebApi_MethodsOfThePipeline_AreUnderstood()
    {
        slack.AddUser(Alice, "alice", "alice@example.org");
        slack.AddUserGroup("S0ONCALL", Alice);

        var printed = await RunAsync("slack-web-api.js");

        slack.Messages.Select(message => (message.Ts, message.Text, message.ThreadTs ?? "")).ShouldBe(
        [
            (Text(printed, "ts"), "price-scraper is well", ""),
            (Text(printed, "reply"), "the whole log", Text(printed, "ts")),
        ]);
        slack.Messages[0].Metadata!.Value.GetProperty("event_payload").GetProperty("incident").GetString().ShouldBe("i-1");
        slack.Messages[0].History.ShouldHaveSingleItem().Text.ShouldBe("price-scraper");
        slack.EphemeralMessages.ShouldHaveSingleItem().User.ShouldBe(Alice);
        slack.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task WebApi_TooManyPosts_IsUnderstoodAsARateLimit()
    {
        slack.LimitsPosts = true;

        var printed = await RunAsync("slack-rate-limit.js");

        (Text(printed, "code"), printed["retryAfter"]?.GetValue<int>()).ShouldBe(("slack_webapi_rate_limited_error", 1));
        slack.Messages.ShouldHaveSingleItem().Text.ShouldBe("first");
    }

    [Fact]
    public async Task SocketMode_ClicksBeforeAndAfterARefresh_AreAcknowledgedAndAnswered()
    {
        using var script = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = RunAsync("slack-socket-mode.js", new KeyValuePair<string, string>("CLICKS", "2"));
        // A script that fails must not leave the test waiting for it.
        _ = running.ContinueWith(_ => script.Cancel(), Cancel, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        SlackEnvelope first, second;
        try
        {
            first = await ClickAsync(script.Token);
            await slack.DisconnectSocketsAsync(SocketDisconnect.RefreshRequested, script.Token);
            second = await ClickAsync(script.Token);
        }
        catch (OperationCanceledException) when (running.IsFaulted)
        {
            await running;
            throw;
        }

        var seen = (await running).AsArray();

        seen.Count.ShouldBe(2);
        foreach (var click in seen)
        {
            (Text(click!, "type"), Text(click!, "user"), Text(click!, "action"), Text(click!, "value"), Text(click!, "channel"), Text(click!, "ts"))
                .ShouldBe(("block_actions", Alice, "execute", "proposal-1", SlackSimulator.AlertsChannel, slack.Messages[0].Ts));
        }

        foreach (var envelope in (SlackEnvelope[])[first, second])
            (envelope.Attempts, envelope.AcknowledgedAfter < TimeSpan.FromSeconds(3)).ShouldBe((1, true));
        slack.OpenedViews.Select(view => view.User).ShouldBe([Alice, Alice]);
        slack.EphemeralMessages.Select(message => (message.User, message.Content.Text)).ShouldBe([(Alice, "you clicked proposal-1"), (Alice, "you clicked proposal-1")]);
        slack.AssertNoUnexpectedCalls();
    }

    private static string Text(JsonNode node, string name) => node[name].ShouldNotBeNull(node.ToJsonString()).GetValue<string>();

    private async Task<SlackEnvelope> ClickAsync(CancellationToken cancellationToken)
    {
        // The script posts before it connects.
        await slack.WaitForSocketsAsync(1, cancellationToken);
        return await slack.ClickAsync(slack.Messages[0], "execute", Alice, cancellationToken);
    }

    private async Task<JsonNode> RunAsync(string script, params KeyValuePair<string, string>[] more) => JsonNode.Parse(await node.RunAsync(
        script,
        environment:
        [
            new("SLACK_API_URL", slack.ApiUrl.ToString()),
            new("SLACK_BOT_TOKEN", BotToken),
            new("SLACK_APP_TOKEN", AppToken),
            new("SLACK_CHANNEL", SlackSimulator.AlertsChannel),
            new("SLACK_USER", Alice),
            new("SLACK_USER_GROUP", "S0ONCALL"),
            .. more,
        ],
        cancellationToken: Cancel))!;
}
