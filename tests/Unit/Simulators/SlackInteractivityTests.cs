using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AlertResponder.Simulators.Slack;
using AlertResponder.Tests.Unit.Clients;
using Microsoft.AspNetCore.WebUtilities;

namespace AlertResponder.Tests.Unit.Simulators;

public sealed class SlackInteractivityTests : IAsyncLifetime
{
    private const string Channel = SlackSimulator.AlertsChannel;
    private const string Alice = "U0ALICE";

    private readonly SettableTime _time = new();
    private readonly HttpClient _client = new();
    private SlackSimulator _slack = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _slack = await SlackSimulator.StartAsync("xoxb-1", time: _time, appToken: "xapp-1", cancellationToken: Cancellation);
        _client.BaseAddress = _slack.ApiUrl;
        _client.DefaultRequestHeaders.Authorization = new("Bearer", "xoxb-1");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _slack.DisposeAsync();
    }

    [Fact]
    public async Task PostEphemeral_ToAPerson_IsSeenByThemOnly()
    {
        _slack.AddUser(Alice, "alice");

        var answer = await CallAsync("chat.postEphemeral", new { channel = Channel, user = Alice, text = "not yours" });

        var message = _slack.EphemeralMessages.ShouldHaveSingleItem();
        (message.Channel, message.User, message.Content.Text).ShouldBe((Channel, Alice, "not yours"));
        answer.GetProperty("message_ts").GetString().ShouldBe(message.Ts);
        _slack.Messages.ShouldBeEmpty();
        _slack.AssertNoUnexpectedCalls();
    }

    [Theory]
    [InlineData("C0OTHER", Alice, "hi", "channel_not_found", 0)]
    [InlineData(Channel, "U0NOBODY", "hi", "user_not_in_channel", 0)]
    [InlineData(Channel, Alice, "", "no_text", 1)]
    public async Task PostEphemeral_Wrong_SaysWhy(string channel, string user, string text, string error, int unexpected)
    {
        _slack.AddUser(Alice, "alice");

        Error(await CallAsync("chat.postEphemeral", new { channel, user, text })).ShouldBe(error);

        _slack.UnexpectedCalls.Count.ShouldBe(unexpected);
        _slack.EphemeralMessages.ShouldBeEmpty();
    }

    [Fact]
    public async Task UserInfo_KnownOrNot_SaysWhoItIsOrThatThereIsNoSuch()
    {
        _slack.AddUser(Alice, "alice", "alice@example.org", deleted: true);

        var user = (await GetAsync($"users.info?user={Alice}")).GetProperty("user");
        (user.GetProperty("name").GetString(), user.GetProperty("profile").GetProperty("email").GetString(), user.GetProperty("deleted").GetBoolean())
            .ShouldBe(("alice", "alice@example.org", true));
        Error(await GetAsync("users.info?user=U0NOBODY")).ShouldBe("user_not_found");
        (await GetAsync($"users.info?user={SlackSimulator.BotUser}")).GetProperty("user").GetProperty("is_bot").GetBoolean().ShouldBeTrue();
        _slack.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task UserGroupUsers_KnownOrNot_ListsThemOrSaysThatThereIsNoSuch()
    {
        _slack.AddUserGroup("S0ONCALL", Alice, "U0BOB");

        (await GetAsync("usergroups.users.list?usergroup=S0ONCALL")).GetProperty("users").EnumerateArray().Select(user => user.GetString()).ShouldBe([Alice, "U0BOB"]);
        Error(await GetAsync("usergroups.users.list?usergroup=S0OTHER")).ShouldBe("no_such_subteam");
        _slack.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task OpenView_OfAClick_OpensOnceForWhoClicked()
    {
        var click = _slack.Press(await PostAsync(), "execute", Alice);

        var answer = await OpenViewAsync(click.TriggerId);

        var view = _slack.OpenedViews.ShouldHaveSingleItem();
        (view.User, view.Id).ShouldBe((Alice, answer.GetProperty("view").GetProperty("id").GetString()));
        _slack.AssertNoUnexpectedCalls();
        Error(await OpenViewAsync(click.TriggerId)).ShouldBe("exchanged_trigger_id");
        Error(await OpenViewAsync("1.2.3")).ShouldBe("invalid_trigger_id");
        _slack.OpenedViews.Count.ShouldBe(1);
    }

    [Fact]
    public async Task OpenView_FourSecondsLater_IsTooLate()
    {
        var click = _slack.Press(await PostAsync(), "execute", Alice);
        _time.Now += TimeSpan.FromSeconds(4);

        Error(await OpenViewAsync(click.TriggerId)).ShouldBe("expired_trigger_id");
    }

    [Theory]
    [InlineData("""{"type":"home","blocks":[]}""", "must be one of: modal")]
    [InlineData("""{"type":"modal","blocks":[]}""", "missing required field: title")]
    [InlineData("""{"type":"modal","title":{"type":"plain_text","text":"a title of twenty-five cha"},"blocks":[]}""", "must be less than 25 characters")]
    [InlineData("""{"type":"modal","title":{"type":"plain_text","text":"Logs"}}""", "missing required field: blocks")]
    [InlineData("""{"type":"modal","title":{"type":"plain_text","text":"Logs"},"blocks":[{"type":"header"}]}""", "missing required field: text [json-pointer:/view/blocks/0]")]
    public async Task OpenView_AgainstTheRules_IsUnexpected(string view, string violation)
    {
        var click = _slack.Press(await PostAsync(), "execute", Alice);

        var answer = await CallAsync("views.open", new { trigger_id = click.TriggerId, view = JsonSerializer.Deserialize<JsonElement>(view) });

        Error(answer).ShouldBe("invalid_arguments");
        _slack.UnexpectedCalls.ShouldHaveSingleItem().Reason.ShouldContain(violation);
    }

    [Fact]
    public async Task Click_ByCallback_IsSignedAsSlackSigns()
    {
        await using var app = await LoopbackServer.AnswerAsync(new WireAnswer(200, ""));
        var message = await PostAsync();

        var answer = await _slack.ClickAsync(message, "execute", Alice, new Uri(app.Url + "/slack/interactions"), Cancellation);

        answer.Status.ShouldBe(HttpStatusCode.OK);
        var request = app.OnlyRequest;
        request.Target.ShouldBe("/slack/interactions");
        request.Headers["content-type"].ShouldStartWith("application/x-www-form-urlencoded");
        var timestamp = request.Headers["x-slack-request-timestamp"];
        timestamp.ShouldBe(_time.Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(SlackSimulator.DefaultSigningSecret), Encoding.UTF8.GetBytes($"v0:{timestamp}:{request.Text}"));
        request.Headers["x-slack-signature"].ShouldBe("v0=" + Convert.ToHexString(mac).ToLowerInvariant());
        var payload = JsonSerializer.Deserialize<JsonElement>(QueryHelpers.ParseQuery(request.Text)["payload"].ToString());
        payload.GetProperty("type").GetString().ShouldBe("block_actions");
        payload.GetProperty("user").GetProperty("id").GetString().ShouldBe(Alice);
        payload.GetProperty("message").GetProperty("ts").GetString().ShouldBe(message.Ts);
        var action = payload.GetProperty("actions").EnumerateArray().ShouldHaveSingleItem();
        (action.GetProperty("action_id").GetString(), action.GetProperty("value").GetString(), action.GetProperty("block_id").GetString()).ShouldBe(("execute", "p1", "proposals"));
    }

    [Fact]
    public async Task Callback_ForgedOrLate_DiffersInWhatIsWrongOnly()
    {
        var click = _slack.Press(await PostAsync(), "execute", Alice);
        var right = _slack.Sign(click);

        var forged = _slack.Sign(click, secret: "another");
        var late = _slack.Sign(click, at: _time.Now - TimeSpan.FromMinutes(6));

        (forged.Body, forged.Timestamp).ShouldBe((right.Body, right.Timestamp));
        forged.Signature.ShouldNotBe(right.Signature);
        late.Body.ShouldBe(right.Body);
        (long.Parse(right.Timestamp, CultureInfo.InvariantCulture) - long.Parse(late.Timestamp, CultureInfo.InvariantCulture)).ShouldBe(360);
        late.Signature.ShouldNotBe(right.Signature);
        _slack.Sign(click).ShouldBe(right);
    }

    [Fact]
    public async Task Callback_NobodyThere_HasNoStatus()
    {
        var app = await LoopbackServer.AnswerAsync(new WireAnswer(200, ""));
        var url = new Uri(app.Url);
        await app.DisposeAsync();

        (await _slack.ClickAsync(await PostAsync(), "execute", Alice, url, Cancellation)).Status.ShouldBeNull();
    }

    [Fact]
    public async Task Press_ButtonThatIsNotThereAnyMore_Throws()
    {
        var message = await PostAsync();
        await CallAsync("chat.update", new { channel = Channel, ts = message.Ts, text = "done" });

        Should.Throw<KeyNotFoundException>(() => _slack.Press(message, "execute", Alice)).Message.ShouldContain("execute");
    }

    [Fact]
    public async Task Response_Ephemeral_IsSeenByWhoClicked()
    {
        var click = _slack.Press(await PostAsync(), "execute", Alice);

        (await RespondAsync(click, new { response_type = "ephemeral", text = "no" })).ShouldBe((HttpStatusCode.OK, "ok"));

        _slack.Responses.ShouldHaveSingleItem().User.ShouldBe(Alice);
        var message = _slack.EphemeralMessages.ShouldHaveSingleItem();
        (message.User, message.Content.Text).ShouldBe((Alice, "no"));
    }

    [Fact]
    public async Task Response_ReplacingOrDeleting_ChangesTheMessage()
    {
        var click = _slack.Press(await PostAsync(), "execute", Alice);

        await RespondAsync(click, new { replace_original = true, text = "done" });
        var message = _slack.Messages.ShouldHaveSingleItem();
        (message.Text, message.History.Count).ShouldBe(("done", 1));

        await RespondAsync(click, new { delete_original = true });
        _slack.Messages.ShouldBeEmpty();
        _slack.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Response_SixthOrLate_IsRefused()
    {
        var click = _slack.Press(await PostAsync(), "execute", Alice);
        for (var use = 0; use < 5; use++)
            (await RespondAsync(click, new { text = "again" })).Status.ShouldBe(HttpStatusCode.OK);
        (await RespondAsync(click, new { text = "again" })).ShouldBe((HttpStatusCode.NotFound, "used_url"));

        var another = _slack.Press(_slack.Messages[0], "execute", Alice);
        _time.Now += TimeSpan.FromMinutes(31);
        (await RespondAsync(another, new { text = "late" })).ShouldBe((HttpStatusCode.NotFound, "expired_url"));
        _slack.Responses.Count.ShouldBe(5);
        _slack.AssertNoUnexpectedCalls();
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "text=hi", "invalid_payload")]
    [InlineData("application/json", "{}", "no_text")]
    [InlineData("application/json", """{"blocks":[{"type":"header"}]}""", "invalid_blocks")]
    [InlineData("application/json", "{", "invalid_json")]
    public async Task Response_AgainstTheRules_IsUnexpected(string type, string body, string error)
    {
        var click = _slack.Press(await PostAsync(), "execute", Alice);
        using var content = new StringContent(body, Encoding.UTF8, type);

        using var response = await _client.PostAsync(click.ResponseUrl, content, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldBe(error);
        _slack.UnexpectedCalls.ShouldHaveSingleItem().Reason.ShouldStartWith(error);
        _slack.Responses.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("xoxb-1", "not_allowed_token_type")]
    [InlineData("xapp-2", "invalid_auth")]
    public async Task OpenConnection_WrongToken_IsUnexpected(string token, string error)
    {
        _client.DefaultRequestHeaders.Authorization = new("Bearer", token);

        Error(await CallAsync("apps.connections.open", new { })).ShouldBe(error);
        _slack.UnexpectedCalls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task AppToken_ForAnotherMethod_IsUnexpected()
    {
        _client.DefaultRequestHeaders.Authorization = new("Bearer", "xapp-1");

        Error(await CallAsync("auth.test", new { })).ShouldBe("not_allowed_token_type");
    }

    [Fact]
    public async Task Socket_Connected_IsGreetedAndItsTicketIsUsedUp()
    {
        var url = await ConnectionUrlAsync();
        using var socket = await ConnectAsync(url);

        var hello = await ReadAsync(socket);

        hello.GetProperty("type").GetString().ShouldBe("hello");
        hello.GetProperty("num_connections").GetInt32().ShouldBe(1);
        await _slack.WaitForSocketsAsync(1, Cancellation);
        await Should.ThrowAsync<WebSocketException>(() => ConnectAsync(url));
        _slack.UnexpectedCalls.ShouldHaveSingleItem().Reason.ShouldBe("there is no such WebSocket");
    }

    [Fact]
    public async Task Envelope_NotAcknowledged_ComesAgainMarkedAsRetry()
    {
        _slack.AcknowledgementPatience = TimeSpan.FromMilliseconds(50);
        using var socket = await ConnectAsync(await ConnectionUrlAsync());
        await ReadAsync(socket);

        var sending = _slack.ClickAsync(await PostAsync(), "execute", Alice, Cancellation);
        var first = await ReadAsync(socket);
        var second = await ReadAsync(socket);
        await AcknowledgeAsync(socket, second.GetProperty("envelope_id").GetString()!);
        var envelope = await sending;

        first.GetProperty("envelope_id").GetString().ShouldBe(envelope.Id);
        second.GetProperty("envelope_id").GetString().ShouldBe(envelope.Id);
        first.TryGetProperty("retry_attempt", out _).ShouldBeFalse();
        (second.GetProperty("retry_attempt").GetInt32(), second.GetProperty("retry_reason").GetString()).ShouldBe((1, "timeout"));
        envelope.AcknowledgedAfter.ShouldNotBeNull();
        _slack.Envelopes.ShouldHaveSingleItem().Id.ShouldBe(envelope.Id);
        _slack.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Envelope_NeverAcknowledged_IsGivenUpAfterThreeTimes()
    {
        _slack.AcknowledgementPatience = TimeSpan.FromMilliseconds(20);
        using var socket = await ConnectAsync(await ConnectionUrlAsync());

        var envelope = await _slack.ClickAsync(await PostAsync(), "execute", Alice, Cancellation);

        (envelope.Attempts, envelope.AcknowledgedAfter).ShouldBe((3, null));
    }

    [Theory]
    [InlineData("""{"envelope_id":"never-sent"}""")]
    [InlineData("""{"type":"hello"}""")]
    [InlineData("hello")]
    public async Task Socket_StrangeMessage_IsUnexpected(string message)
    {
        using var socket = await ConnectAsync(await ConnectionUrlAsync());
        await ReadAsync(socket);

        await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, Cancellation);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);

        _slack.UnexpectedCalls.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(SocketDisconnect.Warning, "warning", false)]
    [InlineData(SocketDisconnect.RefreshRequested, "refresh_requested", true)]
    public async Task Disconnect_ForAReason_IsToldAndDone(SocketDisconnect reason, string name, bool closes)
    {
        using var socket = await ConnectAsync(await ConnectionUrlAsync());
        await ReadAsync(socket);
        await _slack.WaitForSocketsAsync(1, Cancellation);

        await _slack.DisconnectSocketsAsync(reason, Cancellation);

        var told = await ReadAsync(socket);
        (told.GetProperty("type").GetString(), told.GetProperty("reason").GetString()).ShouldBe(("disconnect", name));
        if (closes)
            (await socket.ReceiveAsync(new byte[10], Cancellation)).MessageType.ShouldBe(WebSocketMessageType.Close);
        else
            _slack.SocketConnections.ShouldBe(1);
    }

    private static string? Error(JsonElement answer) => answer.GetProperty("ok").GetBoolean() ? null : answer.GetProperty("error").GetString();

    private static async Task<ClientWebSocket> ConnectAsync(Uri url)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(url, Cancellation);
        return socket;
    }

    private static async Task<JsonElement> ReadAsync(ClientWebSocket socket)
    {
        var buffer = new byte[16_384];
        var length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), Cancellation);
            length += part.Count;
            if (part.EndOfMessage)
                return JsonSerializer.Deserialize<JsonElement>(buffer.AsSpan(0, length));
        }
    }

    private static Task AcknowledgeAsync(ClientWebSocket socket, string id) =>
        socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(new { envelope_id = id }), WebSocketMessageType.Text, endOfMessage: true, Cancellation);

    private async Task<Uri> ConnectionUrlAsync()
    {
        using var app = new HttpClient();
        app.DefaultRequestHeaders.Authorization = new("Bearer", "xapp-1");
        using var response = await app.PostAsync(new Uri(_slack.ApiUrl, "apps.connections.open"), null, Cancellation);
        return new Uri((await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("url").GetString()!);
    }

    private async Task<SlackMessage> PostAsync()
    {
        await CallAsync("chat.postMessage", new
        {
            channel = Channel,
            text = "an incident",
            blocks = new object[]
            {
                new { type = "actions", block_id = "proposals", elements = new[] { new { type = "button", action_id = "execute", value = "p1", text = new { type = "plain_text", text = "Restart" } } } },
            },
        });
        return _slack.Messages[^1];
    }

    private Task<JsonElement> OpenViewAsync(string trigger) => CallAsync("views.open", new
    {
        trigger_id = trigger,
        view = new { type = "modal", title = new { type = "plain_text", text = "Logs" }, blocks = new[] { new { type = "divider" } } },
    });

    private async Task<(HttpStatusCode Status, string Body)> RespondAsync(SlackClick click, object answer)
    {
        using var response = await _client.PostAsJsonAsync(click.ResponseUrl, answer, Cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    private async Task<JsonElement> CallAsync(string method, object arguments)
    {
        using var response = await _client.PostAsJsonAsync(method, arguments, Cancellation);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }

    private async Task<JsonElement> GetAsync(string target) => JsonSerializer.Deserialize<JsonElement>(await _client.GetStringAsync(target, Cancellation));
}
