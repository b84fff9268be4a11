using Newtonsoft.Json.Linq;
using SlackNet;
using SlackNet.Blocks;
using SlackNet.WebApi;

namespace AlertResponder.Tests.Unit.Clients.Slack;

/// <summary>The bodies are compared as text: they are what the official client sends, byte for byte.</summary>
public sealed class ChatTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PostMessage_TextOnly_PostsJsonWithTheTokenInTheHeader()
    {
        await using var server = await LoopbackServer.AnswerAsync(SlackCalls.Answer("""{"ok":true,"channel":"C1","ts":"1.2"}"""));

        await SlackCalls.Client(server).Chat.PostMessage(new Message { Channel = "#alerts", Text = "größer & <b> 🚨" }, Cancellation);

        var request = server.OnlyRequest;
        request.Method.ShouldBe("POST");
        request.Target.ShouldBe("/api/chat.postMessage");
        request.Headers["authorization"].ShouldBe("Bearer " + SlackCalls.Token);
        request.Headers["content-type"].ShouldBe("application/json; charset=utf-8");
        request.Text.ShouldBe(
            """{"channel":"#alerts","text":"größer & <b> 🚨","parse":"none","link_names":false,"attachments":[],"blocks":[],"unfurl_links":false,"unfurl_media":true,"reply_broadcast":false}""");
    }

    [Fact]
    public async Task PostMessage_EveryBlock_SendsItAsSlackReadsIt()
    {
        await using var server = await LoopbackServer.AnswerAsync(SlackCalls.Answer("""{"ok":true,"channel":"C1","ts":"1.2"}"""));
        var message = new Message
        {
            Channel = "C1",
            Text = "fallback",
            Parse = ParseMode.Client,
            UnfurlLinks = true,
            UnfurlMedia = false,
            ThreadTs = "1700000000.000100",
            ReplyBroadcast = true,
            Blocks =
            [
                new HeaderBlock { BlockId = "head", Text = "api is *down*" },
                new SectionBlock { Text = new Markdown("*Cause*") { Verbatim = true }, Expand = true },
                new SectionBlock
                {
                    Fields = [new Markdown("a"), new PlainText("b") { Emoji = false }],
                    Accessory = new Button { ActionId = "logs", Text = "Logs", Url = "https://example.com/?a=b&c" },
                },
                new SectionBlock { Text = "plain" },
                new DividerBlock(),
                new ActionsBlock
                {
                    BlockId = "proposals",
                    Elements =
                    [
                        new Button
                        {
                            ActionId = "execute",
                            Text = "Restart",
                            Value = "42",
                            Style = ButtonStyle.Danger,
                            Confirm = new ConfirmationDialog
                            {
                                Title = "Sure?", Text = new Markdown("```- a\n+ b```"), Confirm = "Do it", Deny = "No", Style = "danger",
                            },
                        },
                        new Button { ActionId = "undo", Text = "Undo", Style = ButtonStyle.Primary },
                    ],
                },
                new ContextBlock { Elements = [new Markdown("rules"), new PlainText("0 tokens")] },
            ],
        };

        await SlackCalls.Client(server).Chat.PostMessage(message, Cancellation);

        server.OnlyRequest.Text.ShouldBe(
            """
            {"channel":"C1","text":"fallback","parse":"client","link_names":false,"attachments":[],"blocks":[
            {"text":{"emoji":true,"type":"plain_text","text":"api is *down*"},"type":"header","block_id":"head"},
            {"text":{"verbatim":true,"type":"mrkdwn","text":"*Cause*"},"expand":true,"type":"section"},
            {"fields":[{"verbatim":false,"type":"mrkdwn","text":"a"},{"emoji":false,"type":"plain_text","text":"b"}],
            "accessory":{"text":{"emoji":true,"type":"plain_text","text":"Logs"},"url":"https://example.com/?a=b&c","action_id":"logs","type":"button"},
            "expand":false,"type":"section"},
            {"text":{"emoji":true,"type":"plain_text","text":"plain"},"expand":false,"type":"section"},
            {"type":"divider"},
            {"elements":[{"text":{"emoji":true,"type":"plain_text","text":"Restart"},"value":"42","style":"danger","action_id":"execute",
            "confirm":{"title":{"emoji":true,"type":"plain_text","text":"Sure?"},"text":{"verbatim":false,"type":"mrkdwn","text":"```- a\n+ b```"},
            "confirm":{"emoji":true,"type":"plain_text","text":"Do it"},"deny":{"emoji":true,"type":"plain_text","text":"No"},"style":"danger"},"type":"button"},
            {"text":{"emoji":true,"type":"plain_text","text":"Undo"},"style":"primary","action_id":"undo","type":"button"}],"type":"actions","block_id":"proposals"},
            {"elements":[{"verbatim":false,"type":"mrkdwn","text":"rules"},{"emoji":true,"type":"plain_text","text":"0 tokens"}],"type":"context"}],
            "unfurl_links":true,"unfurl_media":false,"thread_ts":"1700000000.000100","reply_broadcast":true}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public async Task PostMessage_WithMetadata_SendsTheEventAsItIs()
    {
        await using var server = await LoopbackServer.AnswerAsync(SlackCalls.Answer("""{"ok":true,"channel":"C1","ts":"1.2"}"""));
        var message = new Message
        {
            Channel = "C1",
            Blocks = null,
            MetadataJson = new MessageMetadata
            {
                EventType = "incident_posted", EventPayload = new JObject { ["incidentId"] = "0195", ["Revision"] = 3, ["nothing"] = JValue.CreateNull() },
            },
        };

        await SlackCalls.Client(server).Chat.PostMessage(message, Cancellation);

        var body = JObject.Parse(server.OnlyRequest.Text);
        body["metadata"]!.ToString(Newtonsoft.Json.Formatting.None)
            .ShouldBe("""{"event_type":"incident_posted","event_payload":{"incidentId":"0195","Revision":3,"nothing":null}}""");
        body.ContainsKey("blocks").ShouldBeFalse();
        body.ContainsKey("text").ShouldBeFalse();
    }

    [Fact]
    public async Task PostMessage_Posted_AnswersWhereAndWhat()
    {
        await using var server = await LoopbackServer.AnswerAsync(SlackCalls.Answer(
            """
            {
              "ok": true, "channel": "C123", "ts": "1700000000.000200", "warning": "missing_charset",
              "message": {
                "type": "message", "subtype": "bot_message", "user": "U9", "bot_id": "B9", "app_id": "A9", "text": "hello", "ts": "1700000000.000200",
                "thread_ts": "1700000000.000100", "team": "T1", "blocks": [ { "type": "rich_text", "block_id": "x", "elements": [] } ],
                "metadata": { "event_type": "incident_posted", "event_payload": { "incident_id": "0195" } }
              },
              "response_metadata": { "warnings": [ "missing_charset" ] }
            }
            """));

        var response = await SlackCalls.Client(server).Chat.PostMessage(new Message { Channel = "#alerts", Text = "hello" }, Cancellation);

        (response.Channel, response.Ts).ShouldBe(("C123", "1700000000.000200"));
        (response.Message.User, response.Message.BotId, response.Message.AppId).ShouldBe(("U9", "B9", "A9"));
        (response.Message.Text, response.Message.Ts, response.Message.ThreadTs).ShouldBe(("hello", "1700000000.000200", "1700000000.000100"));
        response.Message.Metadata.EventType.ShouldBe("incident_posted");
        response.Message.Metadata.EventPayload.Value<string>("incident_id").ShouldBe("0195");
    }

    [Fact]
    public async Task Update_TextAndBlocks_ReplacesThem()
    {
        await using var server = await LoopbackServer.AnswerAsync(SlackCalls.Answer("""{"ok":true,"channel":"C1","ts":"1.2","text":"fixed"}"""));

        var response = await SlackCalls.Client(server).Chat.Update(
            new MessageUpdate { ChannelId = "C1", Ts = "1.2", Text = "fixed", Blocks = [new DividerBlock()], Parse = ParseMode.None }, Cancellation);

        server.OnlyRequest.Target.ShouldBe("/api/chat.update");
        server.OnlyRequest.Text.ShouldBe(
            """{"ts":"1.2","channel":"C1","text":"fixed","blocks":[{"type":"divider"}],"parse":"none","link_names":false}""");
        (response.Channel, response.Ts, response.Text).ShouldBe(("C1", "1.2", "fixed"));
    }

    [Fact]
    public async Task Update_BlocksNotSet_LeavesThemAlone()
    {
        await using var server = await LoopbackServer.AnswerAsync(SlackCalls.Answer("""{"ok":true,"channel":"C1","ts":"1.2"}"""));

        await SlackCalls.Client(server).Chat.Update(new MessageUpdate { ChannelId = "C1", Ts = "1.2", Text = "fixed" }, Cancellation);

        server.OnlyRequest.Text.ShouldBe("""{"ts":"1.2","channel":"C1","text":"fixed","parse":"client","link_names":false}""");
    }

    [Fact]
    public async Task Post_AnyMethod_SendsTheArgumentsThatAreSet()
    {
        await using var server = await LoopbackServer.AnswerAsync(SlackCalls.Answer("""{"ok":true,"channel":"C1","ts":"1.2"}"""));
        var arguments = new Dictionary<string, object?>
        {
            ["channel"] = "C1", ["ts"] = "1.2", ["text"] = null, ["metadata"] = new MessageMetadata { EventType = "e", EventPayload = new JObject() },
        };

        var response = await SlackCalls.Client(server).Post<MessageUpdateResponse>("chat.update", arguments!, Cancellation);

        server.OnlyRequest.Text.ShouldBe("""{"channel":"C1","ts":"1.2","metadata":{"event_type":"e","event_payload":{}}}""");
        response.Ts.ShouldBe("1.2");
    }

    [Fact]
    public async Task AuthTest_Token_AnswersWhoseItIs()
    {
        await using var server = await LoopbackServer.AnswerAsync(SlackCalls.Answer(
            """{"ok":true,"url":"https://acme.slack.com/","team":"Acme","user":"alerts","team_id":"T1","user_id":"U9","bot_id":"B9"}"""));

        var response = await SlackCalls.Client(server).Auth.Test(Cancellation);

        (server.OnlyRequest.Method, server.OnlyRequest.Target, server.OnlyRequest.Text).ShouldBe(("POST", "/api/auth.test", "{}"));
        (response.Url, response.Team, response.User, response.TeamId, response.UserId)
            .ShouldBe(("https://acme.slack.com/", "Acme", "alerts", "T1", "U9"));
    }
}
