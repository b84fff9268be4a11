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

        (request.User.Id, request.Team.Id, request.Channel.Id, request.Message).ShouldBe(("U1", "T1", "C1", null));
        (request.Container.ChannelId, request.Container.MessageTs).ShouldBe(("C1", "1700000000.000100"));
        var action = request.Actions.ShouldHaveSingleItem().ShouldBeOfType<ButtonAction>();
        (action.Value, action.Text.Text, action.ActionTs).ShouldBe(("p1", "Restart", "1700000001.123456"));
    }

    [Fact]
    public void Payload_OfAnotherElement_IsReadAsAnyAction()
    {
        const string Payload = """{"type":"block_actions","actions":[{"type":"something_new","action_id":"a"}]}""";

        var request = JsonConvert.DeserializeObject<BlockActionRequest>(Payload, Default.JsonSettings().SerializerSettings)!;

        request.Actions.ShouldHaveSingleItem().ShouldBeOfType<BlockAction>().ActionId.ShouldBe("a");
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
    public async Task UserGroupUsers_ReadsTheMembers()
    {
        await using var server = await LoopbackServer.AnswerAsync(SlackCalls.Answer("""{"ok":true,"users":["U1","U2"]}"""));

        (await SlackCalls.Client(server).UserGroupUsers.List("S1", cancellationToken: Cancellation)).ShouldBe(["U1", "U2"]);

        server.OnlyRequest.Target.ShouldBe("/api/usergroups.users.list?usergroup=S1&include_disabled=false");
    }
}
