using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using SlackNet;
using SlackNet.Blocks;
using SlackNet.Interaction;
using SlackNet.WebApi;

namespace AlertResponder.Tests.Unit.Clients.Slack;

public sealed class InteractionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Payload_OfAClick_IsReadWithItsAction()
    {
        const string Payload = """
            {"type":"block_actions","user":{"id":"U1","username":"alice","name":"alice","team_id":"T1"},"api_app_id":"A1","token":"x",
             "container":{"type":"message","message_ts":"1700000000.000100","channel_id":"C1","is_ephemeral":true,"thread_ts":"1600000000.000100"},
             "trigger_id":"1.2.3","team":{"id":"T1","domain":"cardboard"},"enterprise":null,"is_enterprise_install":false,
             "channel":{"id":"C1","name":"alerts"},"state":{"values":{}},"response_url":"https://hooks.example/actions/1",
             "actions":[{"action_id":"execute","block_id":"b","text":{"type":"plain_text","text":"Restart","emoji":true},"value":"p1","style":"danger","type":"button","action_ts":"1700000001.123456"}]}
            """;

        var request = JsonConvert.DeserializeObject<InteractionRequest>(Payload, Default.JsonSettings().SerializerSettings)
            .ShouldBeOfType<BlockActionRequest>();

        (request.ApiAppId, request.ResponseUrl, request.TriggerId, request.Message).ShouldBe(("A1", "https://hooks.example/actions/1", "1.2.3", null));
        (request.Container.IsEphemeral, request.Container.ThreadTs).ShouldBe((true, "1600000000.000100"));
        var action = request.Action.ShouldBeOfType<ButtonAction>();
        (action.Value, action.Text.Text, action.ActionTs).ShouldBe(("p1", "Restart", "1700000001.123456"));
    }

    [Fact]
    public void Payload_OfAnotherElement_IsReadAsAnyAction()
    {
        const string Payload = """{"type":"block_actions","actions":[{"type":"something_new","action_id":"a"}]}""";

        var request = JsonConvert.DeserializeObject<BlockActionRequest>(Payload, Default.JsonSettings().SerializerSettings)!;

        request.Action.ShouldBeOfType<BlockAction>().ActionId.ShouldBe("a");
    }

    [Theory]
    [InlineData("""{"type":"something_new","user":{"id":"U1"}}""")]
    [InlineData("{}")]
    public void Payload_OfAnotherKind_IsNothing(string payload) =>
        JsonConvert.DeserializeObject<InteractionRequest>(payload, Default.JsonSettings().SerializerSettings).ShouldBeNull();

    [Fact]
    public void Payload_NotJson_CannotBeRead() =>
        Should.Throw<JsonException>(() => JsonConvert.DeserializeObject<InteractionRequest>("""{"type":""", Default.JsonSettings().SerializerSettings));

    [Fact]
    public async Task Respond_ToAClick_PostsToItsUrl()
    {
        await using var server = await LoopbackServer.AnswerAsync(new WireAnswer(200, "ok", "text/html"));
        var request = new BlockActionRequest { ResponseUrl = server.Url + "/actions/T1/2/x" };

        await SlackCalls.Client(server).Respond(
            request,
            new MessageResponse { ResponseType = ResponseType.Ephemeral, ReplaceOriginal = false, Message = new Message { Text = "no", ThreadTs = "1.2" } },
            Cancellation);

        server.OnlyRequest.Target.ShouldBe("/actions/T1/2/x");
        var body = JObject.Parse(server.OnlyRequest.Text);
        ((string?)body["text"], (string?)body["response_type"], (bool?)body["replace_original"], (bool?)body["delete_original"], (string?)body["thread_ts"])
            .ShouldBe(("no", "ephemeral", false, false, "1.2"));
    }

    [Fact]
    public async Task Respond_UrlThatIsUsedUp_ThrowsTheStatus()
    {
        await using var server = await LoopbackServer.AnswerAsync(new WireAnswer(404, "used_url", "text/html"));

        var error = await Should.ThrowAsync<HttpRequestException>(() => SlackCalls.Client(server).Respond(
            new BlockActionRequest { ResponseUrl = server.Url + "/actions/T1/2/x" },
            new MessageResponse { DeleteOriginal = true },
            Cancellation));

        error.StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task PostEphemeral_SendsTheUserAndReadsTheTimestamp()
    {
        await using var server = await LoopbackServer.AnswerAsync(SlackCalls.Answer("""{"ok":true,"message_ts":"1.2"}"""));

        var answer = await SlackCalls.Client(server).Chat.PostEphemeral("U1", new Message { Channel = "C1", Text = "no" }, Cancellation);

        answer.MessageTs.ShouldBe("1.2");
        server.OnlyRequest.Target.ShouldBe("/api/chat.postEphemeral");
        JToken.DeepEquals(
            JObject.Parse(server.OnlyRequest.Text),
            JObject.Parse("""{"channel":"C1","text":"no","user":"U1","attachments":[],"blocks":[],"link_names":false,"parse":"none"}""")).ShouldBeTrue(server.OnlyRequest.Text);
    }

    [Fact]
    public async Task OpenView_SendsTheViewAndReadsItsId()
    {
        await using var server = await LoopbackServer.AnswerAsync(SlackCalls.Answer("""{"ok":true,"view":{"id":"V1","type":"modal","title":{"type":"plain_text","text":"Logs"}}}"""));

        var answer = await SlackCalls.Client(server).Views.Open(
            "1.2.3",
            new ModalViewDefinition { Title = "Logs", Close = "Close", Blocks = [new DividerBlock()] },
            Cancellation);

        answer.View.Id.ShouldBe("V1");
        var body = JObject.Parse(server.OnlyRequest.Text);
        ((string?)body["trigger_id"], (string?)body["view"]!["type"], (string?)body["view"]!["title"]!["text"], body["view"]!["blocks"]!.Count())
            .ShouldBe(("1.2.3", "modal", "Logs", 1));
    }

    [Fact]
    public async Task UserInfo_ReadsWhoItIs()
    {
        await using var server = await LoopbackServer.AnswerAsync(SlackCalls.Answer(
            """{"ok":true,"user":{"id":"U1","name":"alice","real_name":"Alice","deleted":true,"is_bot":false,"profile":{"email":"alice@example.org"}}}"""));

        var user = await SlackCalls.Client(server).Users.Info("U1", cancellationToken: Cancellation);

        server.OnlyRequest.Target.ShouldBe("/api/users.info?user=U1&include_locale=false");
        (user.Id, user.Name, user.RealName, user.Deleted, user.IsBot, user.Profile.Email).ShouldBe(("U1", "alice", "Alice", true, false, "alice@example.org"));
    }

    [Fact]
    public async Task UserGroupUsers_ReadsTheMembers()
    {
        await using var server = await LoopbackServer.AnswerAsync(SlackCalls.Answer("""{"ok":true,"users":["U1","U2"]}"""));

        (await SlackCalls.Client(server).UserGroupUsers.List("S1", cancellationToken: Cancellation)).ShouldBe(["U1", "U2"]);

        server.OnlyRequest.Target.ShouldBe("/api/usergroups.users.list?usergroup=S1&include_disabled=false");
    }
}
