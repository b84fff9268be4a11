using Newtonsoft.Json.Linq;

namespace AlertResponder.Tests.Unit.Clients.Slack;

public sealed class ConversationsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task History_ChannelOnly_GetsWithTheDefaults()
    {
        await using var server = await LoopbackServer.AnswerAsync(SlackCalls.Answer("""{"ok":true,"messages":[],"has_more":false}"""));

        var page = await SlackCalls.Client(server).Conversations.History("C1", cancellationToken: Cancellation);

        (server.OnlyRequest.Method, server.OnlyRequest.Text).ShouldBe(("GET", ""));
        server.OnlyRequest.Target.ShouldBe("/api/conversations.history?channel=C1&inclusive=false&limit=100&include_all_metadata=false");
        server.OnlyRequest.Headers["authorization"].ShouldBe("Bearer " + SlackCalls.Token);
        page.Messages.ShouldBeEmpty();
        page.HasMore.ShouldBeFalse();
        page.ResponseMetadata.NextCursor.ShouldBeNull();
    }

    [Fact]
    public async Task History_EverythingSet_PutsItInTheQuery()
    {
        await using var server = await LoopbackServer.AnswerAsync(SlackCalls.Answer("""{"ok":true,"messages":[]}"""));

        await SlackCalls.Client(server).Conversations.History(
            "C1", latestTs: "2.5", oldestTs: "1.5", inclusive: true, limit: 7, includeAllMetadata: true, cursor: "bmV4dA== &", cancellationToken: Cancellation);

        server.OnlyRequest.Target.ShouldBe(
            "/api/conversations.history?channel=C1&cursor=bmV4dA%3D%3D%20%26&inclusive=true&latest=2.5&limit=7&oldest=1.5&include_all_metadata=true");
    }

    [Fact]
    public async Task History_MessagesWithMetadata_AreRead()
    {
        await using var server = await LoopbackServer.AnswerAsync(SlackCalls.Answer(
            """
            {
              "ok": true, "latest": "9.9", "has_more": true, "pin_count": 0, "response_metadata": { "next_cursor": "bmV4dA==" },
              "messages": [
                { "type": "message", "user": "U9", "bot_id": "B9", "ts": "2.1", "text": "ours",
                  "blocks": [ { "type": "header", "text": { "type": "plain_text", "text": "x", "emoji": true } }, { "type": "from_the_future" } ],
                  "metadata": { "event_type": "incident_posted", "event_payload": { "incident_id": "0195", "revision": 3, "tags": [ "a" ] } } },
                { "type": "message", "subtype": "channel_join", "user": "U1", "ts": "1.1", "text": "joined", "thread_ts": null, "reactions": [ { "name": "+1" } ] }
              ]
            }
            """));

        var page = await SlackCalls.Client(server).Conversations.History("C1", includeAllMetadata: true, cancellationToken: Cancellation);

        (page.HasMore, page.ResponseMetadata.NextCursor).ShouldBe((true, "bmV4dA=="));
        page.Messages.Select(message => (message.Ts, message.Text, message.User)).ShouldBe([("2.1", "ours", "U9"), ("1.1", "joined", "U1")]);
        page.Messages.Select(message => message.Subtype).ShouldBe([null, "channel_join"]);
        var metadata = page.Messages[0].Metadata;
        metadata.EventType.ShouldBe("incident_posted");
        JToken.DeepEquals(metadata.EventPayload, JObject.Parse("""{ "incident_id": "0195", "revision": 3, "tags": [ "a" ] }""")).ShouldBeTrue();
        page.Messages[1].Metadata.ShouldBeNull();
    }

    [Fact]
    public async Task History_MetadataThatLooksLikeADate_IsReadAsADate()
    {
        await using var server = await LoopbackServer.AnswerAsync(SlackCalls.Answer(
            """{"ok":true,"messages":[{"type":"message","ts":"1.1","metadata":{"event_type":"e","event_payload":{"at":"2026-01-02T03:04:05Z"}}}]}"""));

        var page = await SlackCalls.Client(server).Conversations.History("C1", includeAllMetadata: true, cancellationToken: Cancellation);

        page.Messages[0].Metadata.EventPayload["at"]!.Type.ShouldBe(JTokenType.Date);
    }

    [Fact]
    public async Task Replies_OfAThread_GetsWithItsTimestamp()
    {
        await using var server = await LoopbackServer.AnswerAsync(SlackCalls.Answer(
            """{"ok":true,"messages":[{"type":"message","ts":"1.1","thread_ts":"1.1"},{"type":"message","ts":"1.2","thread_ts":"1.1"}],"has_more":false}"""));

        var page = await SlackCalls.Client(server).Conversations.Replies("C1", "1.1", includeAllMetadata: true, cancellationToken: Cancellation);

        server.OnlyRequest.Target.ShouldBe("/api/conversations.replies?channel=C1&ts=1.1&inclusive=false&limit=10&include_all_metadata=true");
        page.Messages.Select(message => message.Ts).ShouldBe(["1.1", "1.2"]);
    }
}
