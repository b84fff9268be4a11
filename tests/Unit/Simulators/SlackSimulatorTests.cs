using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AlertResponder.Simulators.Slack;

namespace AlertResponder.Tests.Unit.Simulators;

public sealed class SlackSimulatorTests : IAsyncLifetime
{
    private const string Channel = SlackSimulator.AlertsChannel;

    private readonly SettableTime _time = new();
    private readonly HttpClient _client = new();
    private SlackSimulator _slack = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _slack = await SlackSimulator.StartAsync("xoxb-1", time: _time, cancellationToken: Cancellation);
        _client.BaseAddress = _slack.ApiUrl;
        _client.DefaultRequestHeaders.Authorization = new("Bearer", "xoxb-1");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _slack.DisposeAsync();
    }

    [Fact]
    public async Task AuthTest_RightToken_NamesTheBot()
    {
        var answer = await CallAsync("auth.test", new { });

        answer.GetProperty("ok").GetBoolean().ShouldBeTrue();
        answer.GetProperty("user_id").GetString().ShouldBe(SlackSimulator.BotUser);
        _slack.AssertNoUnexpectedCalls();
    }

    [Theory]
    [InlineData(null, "not_authed")]
    [InlineData("xoxb-2", "invalid_auth")]
    public async Task AuthTest_WrongToken_IsUnexpected(string? token, string error)
    {
        _client.DefaultRequestHeaders.Authorization = token is null ? null : new("Bearer", token);

        Error(await CallAsync("auth.test", new { })).ShouldBe(error);
        _slack.UnexpectedCalls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task AuthTest_TokenAsArgument_IsTaken()
    {
        _client.DefaultRequestHeaders.Authorization = null;

        (await FormAsync("auth.test", ("token", "xoxb-1"))).GetProperty("ok").GetBoolean().ShouldBeTrue();
        JsonSerializer.Deserialize<JsonElement>(await _client.GetStringAsync("auth.test?token=xoxb-1", Cancellation)).GetProperty("ok").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData(Channel)]
    [InlineData("#alerts")]
    [InlineData("alerts")]
    public async Task Post_ByIdOrName_GoesToTheChannel(string channel)
    {
        var answer = await CallAsync("chat.postMessage", new { channel, text = "hello" });

        answer.GetProperty("channel").GetString().ShouldBe(Channel);
        answer.GetProperty("message").GetProperty("text").GetString().ShouldBe("hello");
        answer.GetProperty("message").GetProperty("bot_id").GetString().ShouldNotBeNullOrEmpty();
        var message = _slack.Messages.ShouldHaveSingleItem();
        (message.Channel, message.Text, message.Ts).ShouldBe((Channel, "hello", answer.GetProperty("ts").GetString()));
    }

    [Fact]
    public async Task Post_Several_HaveIncreasingTimestampsOfTheClock()
    {
        await PostAsync("a");
        await PostAsync("b");
        _time.Now += TimeSpan.FromSeconds(1);
        await PostAsync("c");

        var seconds = new SettableTime().Now.ToUnixTimeSeconds();
        _slack.Messages.Select(message => message.Ts).ShouldBe([$"{seconds}.000100", $"{seconds}.000200", $"{seconds + 1}.000100"]);
    }

    [Fact]
    public async Task Post_FormWithBlocksAndMetadata_KeepsBoth()
    {
        await FormAsync(
            "chat.postMessage",
            ("channel", Channel),
            ("text", "fallback"),
            ("blocks", """[{"type":"divider"}]"""),
            ("metadata", """{"event_type":"incident","event_payload":{"id":"i-1"}}"""));

        var message = _slack.Messages.ShouldHaveSingleItem();
        message.Blocks[0].GetProperty("type").GetString().ShouldBe("divider");
        message.Metadata!.Value.GetProperty("event_payload").GetProperty("id").GetString().ShouldBe("i-1");
        _slack.AssertNoUnexpectedCalls();
    }

    [Theory]
    [InlineData("""{"channel":"C0NOWHERE1","text":"a"}""", "channel_not_found", false)]
    [InlineData("""{"channel":"C0ALERTS01","text":"a","thread_ts":"1.000100"}""", "thread_not_found", false)]
    [InlineData("""{"text":"a"}""", "invalid_arguments", true)]
    [InlineData("""{"channel":"C0ALERTS01"}""", "no_text", true)]
    [InlineData("""{"channel":"C0ALERTS01","text":"","blocks":[]}""", "no_text", true)]
    [InlineData("""{"channel":"C0ALERTS01","text":"a","blocks":"[{"}""", "invalid_blocks_format", true)]
    [InlineData("""{"channel":"C0ALERTS01","text":"a","blocks":{}}""", "invalid_blocks_format", true)]
    [InlineData("""{"channel":"C0ALERTS01","text":"a","metadata":{"event_type":"x"}}""", "invalid_metadata_format", true)]
    [InlineData("""{"channel":"C0ALERTS01","text":"a","metadata":{"event_type":"","event_payload":{}}}""", "invalid_metadata_format", true)]
    [InlineData("""{"channel":"C0ALERTS01","text":"a","metadata":{"event_type":"x","event_payload":"y"}}""", "invalid_metadata_format", true)]
    [InlineData("""{"channel":"C0ALERTS01","text":"a","metadata":"nothing"}""", "invalid_metadata_format", true)]
    [InlineData("""{"channel":"C0ALERTS01","text":"a","attachments":[{}]}""", "invalid_attachments", true)]
    [InlineData("[]", "json_not_object", true)]
    [InlineData("{", "invalid_json", true)]
    public async Task Post_NotAccepted_SaysWhy(string body, string error, bool unexpected)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        var answer = await _client.PostAsync("chat.postMessage", content, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Error(await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).ShouldBe(error);
        _slack.Messages.ShouldBeEmpty();
        _slack.UnexpectedCalls.Count.ShouldBe(unexpected ? 1 : 0);
    }

    [Fact]
    public async Task Post_PlainTextBody_IsRefused()
    {
        using var content = new StringContent("channel=x", Encoding.UTF8, "text/plain");

        var answer = await _client.PostAsync("chat.postMessage", content, Cancellation);

        Error(await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).ShouldBe("invalid_post_type");
    }

    [Fact]
    public async Task Post_TextLength_IsLimited()
    {
        Ok(await CallAsync("chat.postMessage", new { channel = Channel, text = new string('x', 40_000) }));
        Error(await CallAsync("chat.postMessage", new { channel = Channel, text = new string('x', 40_001) })).ShouldBe("msg_too_long");
    }

    [Theory]
    [InlineData("""{"type":"section","text":{"type":"mrkdwn","text":"TEXT"}}""", 3000, "/blocks/0/text/text")]
    [InlineData("""{"type":"section","fields":[{"type":"plain_text","text":"TEXT"}]}""", 2000, "/blocks/0/fields/0/text")]
    [InlineData("""{"type":"header","text":{"type":"plain_text","text":"TEXT","emoji":true}}""", 150, "/blocks/0/text/text")]
    [InlineData("""{"type":"divider","block_id":"TEXT"}""", 255, "/blocks/0/block_id")]
    [InlineData("""{"type":"context","elements":[{"type":"mrkdwn","text":"TEXT"}]}""", 3000, "/blocks/0/elements/0/text")]
    [InlineData("""{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"TEXT"}}]}""", 75, "/blocks/0/elements/0/text/text")]
    [InlineData("""{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"a"},"value":"TEXT"}]}""", 2000, "/blocks/0/elements/0/value")]
    [InlineData("""{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"a"},"action_id":"TEXT"}]}""", 255, "/blocks/0/elements/0/action_id")]
    [InlineData("""{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"a"},"url":"TEXT"}]}""", 3000, "/blocks/0/elements/0/url")]
    [InlineData("""{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"a"},"confirm":{"title":{"type":"plain_text","text":"TEXT"},"text":{"type":"mrkdwn","text":"a"},"confirm":{"type":"plain_text","text":"a"},"deny":{"type":"plain_text","text":"a"}}}]}""", 100, "/blocks/0/elements/0/confirm/title/text")]
    [InlineData("""{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"a"},"confirm":{"title":{"type":"plain_text","text":"a"},"text":{"type":"mrkdwn","text":"TEXT"},"confirm":{"type":"plain_text","text":"a"},"deny":{"type":"plain_text","text":"a"}}}]}""", 300, "/blocks/0/elements/0/confirm/text/text")]
    [InlineData("""{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"a"},"confirm":{"title":{"type":"plain_text","text":"a"},"text":{"type":"mrkdwn","text":"a"},"confirm":{"type":"plain_text","text":"TEXT"},"deny":{"type":"plain_text","text":"a"}}}]}""", 30, "/blocks/0/elements/0/confirm/confirm/text")]
    [InlineData("""{"type":"section","text":{"type":"mrkdwn","text":"a"},"accessory":{"type":"overflow","action_id":"o","options":[{"text":{"type":"plain_text","text":"TEXT"},"value":"v"}]}}""", 75, "/blocks/0/accessory/options/0/text/text")]
    public async Task Post_BlockText_IsLimited(string block, int limit, string at)
    {
        Ok(await PostBlocksAsync($"[{block.Replace("TEXT", new string('x', limit), StringComparison.Ordinal)}]"));
        _slack.AssertNoUnexpectedCalls();

        var answer = await PostBlocksAsync($"[{block.Replace("TEXT", new string('x', limit + 1), StringComparison.Ordinal)}]");

        Error(answer).ShouldBe("invalid_blocks");
        answer.GetProperty("errors")[0].GetString().ShouldBe($"must be less than {limit + 1} characters [json-pointer:{at}]");
        answer.GetProperty("response_metadata").GetProperty("messages")[0].GetString().ShouldStartWith("[ERROR] must be less");
        _slack.UnexpectedCalls.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"type":"divider"}""", "[BLOCKS]", 50, "/blocks")]
    [InlineData("""{"type":"button","text":{"type":"plain_text","text":"a"}}""", """[{"type":"actions","elements":[BLOCKS]}]""", 25, "/blocks/0/elements")]
    [InlineData("""{"type":"mrkdwn","text":"a"}""", """[{"type":"context","elements":[BLOCKS]}]""", 10, "/blocks/0/elements")]
    [InlineData("""{"type":"mrkdwn","text":"a"}""", """[{"type":"section","fields":[BLOCKS]}]""", 10, "/blocks/0/fields")]
    public async Task Post_NumberOfItems_IsLimited(string item, string blocks, int limit, string at)
    {
        string Blocks(int count) => blocks.Replace("BLOCKS", string.Join(',', Enumerable.Repeat(item, count)), StringComparison.Ordinal);
        Ok(await PostBlocksAsync(Blocks(limit)));

        var answer = await PostBlocksAsync(Blocks(limit + 1));

        answer.GetProperty("errors")[0].GetString().ShouldBe($"no more than {limit} items allowed [json-pointer:{at}]");
    }

    [Theory]
    [InlineData("""{"type":"table"}""", "unsupported type: table [json-pointer:/blocks/0]")]
    [InlineData("\"text\"", "unsupported type:  [json-pointer:/blocks/0]")]
    [InlineData("""{"type":"section"}""", "missing required field: text [json-pointer:/blocks/0]")]
    [InlineData("""{"type":"section","text":{"type":"mrkdwn","text":""}}""", "must be more than 0 characters [json-pointer:/blocks/0/text/text]")]
    [InlineData("""{"type":"section","text":{"type":"markdown","text":"a"}}""", "must be one of: plain_text, mrkdwn [json-pointer:/blocks/0/text/type]")]
    [InlineData("""{"type":"section","text":{"type":"mrkdwn","text":"a","emoji":true}}""", "invalid additional property: emoji [json-pointer:/blocks/0/text]")]
    [InlineData("""{"type":"header","text":{"type":"mrkdwn","text":"a"}}""", "must be one of: plain_text [json-pointer:/blocks/0/text/type]")]
    [InlineData("""{"type":"divider","Type":"divider"}""", "invalid additional property: Type [json-pointer:/blocks/0]")]
    [InlineData("""{"type":"actions","elements":[]}""", "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]")]
    [InlineData("""{"type":"actions","elements":[{"type":"button","text":{"type":"mrkdwn","text":"a"}}]}""", "must be one of: plain_text [json-pointer:/blocks/0/elements/0/text/type]")]
    [InlineData("""{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"a"},"style":"red"}]}""", "unsupported style: red [json-pointer:/blocks/0/elements/0/style]")]
    [InlineData("""{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"a"},"value":7}]}""", "must be a string [json-pointer:/blocks/0/elements/0/value]")]
    [InlineData("""{"type":"actions","elements":[{"type":"button","action_id":"a","text":{"type":"plain_text","text":"a"}},{"type":"button","action_id":"a","text":{"type":"plain_text","text":"b"}}]}""", "`action_id` already used: a [json-pointer:/blocks/0/elements/1/action_id]")]
    [InlineData("""{"type":"image","image_url":"https://example.org/a.png"}""", "missing required field: alt_text [json-pointer:/blocks/0]")]
    [InlineData("""{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":""}]}]}""", "must be more than 0 characters [json-pointer:/blocks/0/elements/0/elements/0/text]")]
    [InlineData("""{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"mrkdwn","text":"a"}]}]}""", "unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/elements/0]")]
    [InlineData("""{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"a","style":{"big":true}}]}]}""", "invalid additional property: big [json-pointer:/blocks/0/elements/0/elements/0/style]")]
    [InlineData("""{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"link","text":"a"}]}]}""", "missing required field: url [json-pointer:/blocks/0/elements/0/elements/0]")]
    [InlineData("""{"type":"rich_text","elements":[{"type":"rich_text_list","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"a"}]}]}]}""", "must be one of: bullet, ordered [json-pointer:/blocks/0/elements/0/style]")]
    [InlineData("""{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_quote","elements":[{"type":"text","text":"a"}]}]}]}""", "must be one of: rich_text_section [json-pointer:/blocks/0/elements/0/elements/0/type]")]
    [InlineData("""{"type":"rich_text","elements":[{"type":"section","elements":[]}]}""", "unsupported type: section [json-pointer:/blocks/0/elements/0]")]
    [InlineData("""{"type":"divider","block_id":"b"},{"type":"divider","block_id":"b"}""", "`block_id` already used: b [json-pointer:/blocks/1/block_id]")]
    public async Task Post_BlockAgainstTheRules_IsInvalid(string block, string error)
    {
        var answer = await PostBlocksAsync($"[{block}]");

        Error(answer).ShouldBe("invalid_blocks");
        answer.GetProperty("errors").EnumerateArray().Select(item => item.GetString()).ShouldBe([error]);
    }

    [Fact]
    public async Task Post_TextOfAllBlocks_IsLimited()
    {
        string Sections(int count) => $"[{string.Join(',', Enumerable.Repeat($$$"""{"type":"section","text":{"type":"mrkdwn","text":"{{{new string('x', 2900)}}}"}}""", count))}]";

        Ok(await PostBlocksAsync(Sections(4)));
        Error(await PostBlocksAsync(Sections(5))).ShouldBe("msg_blocks_too_long");
    }

    [Fact]
    public async Task Channel_ArchivedOrWithoutTheBot_RefusesWhatItWouldChange()
    {
        var ts = await PostAsync("before");
        async Task RefusesAsync(string error)
        {
            Error(await FormAsync("chat.postMessage", ("channel", Channel), ("text", "a"))).ShouldBe(error);
            Error(await FormAsync("chat.update", ("channel", Channel), ("ts", ts), ("text", "a"))).ShouldBe(error);
        }

        _slack.Archive(Channel);
        await RefusesAsync("is_archived");
        Ok(await FormAsync("conversations.history", ("channel", Channel)));
        _slack.Unarchive(Channel);
        _slack.RemoveBot(Channel);
        await RefusesAsync("not_in_channel");
        Error(await FormAsync("conversations.history", ("channel", Channel))).ShouldBe("not_in_channel");
        _slack.InviteBot(Channel);
        _slack.EditWindowClosed = true;
        Error(await FormAsync("chat.update", ("channel", Channel), ("ts", ts), ("text", "a"))).ShouldBe("edit_window_closed");
        Ok(await FormAsync("chat.postMessage", ("channel", Channel), ("text", "a")));
        _slack.DeleteChannel(Channel);
        await RefusesAsync("channel_not_found");
        _slack.AddChannel(Channel, "alerts");
        Ok(await FormAsync("chat.postMessage", ("channel", Channel), ("text", "a")));
    }

    [Theory]
    [InlineData("look <!channel>", "[]", "<!channel>")]
    [InlineData("<!here|here> and <@U012AB3CD> and <!subteam^S012|x>", "[]", "<!here|here> <@U012AB3CD> <!subteam^S012|x>")]
    [InlineData("&lt;!channel&gt; @channel <https://example.org|x> <#C012>", "[]", "")]
    [InlineData("a", """[{"type":"section","text":{"type":"mrkdwn","text":"<!everyone>"},"fields":[{"type":"mrkdwn","text":"<@W1>"},{"type":"plain_text","text":"<!here>"}]}]""", "<!everyone> <@W1>")]
    [InlineData("a", """[{"type":"header","text":{"type":"plain_text","text":"<!channel>"}},{"type":"context","elements":[{"type":"mrkdwn","text":"<@U2>"}]}]""", "<@U2>")]
    [InlineData("a", """[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"<!here>"},{"type":"user","user_id":"U3"},{"type":"broadcast","range":"channel"}]}]}]""", "<@U3> <!channel>")]
    public async Task Mentions_Message_AreThoseThatNotify(string text, string blocks, string mentions)
    {
        Ok(await FormAsync("chat.postMessage", ("channel", Channel), ("text", text), ("blocks", blocks)));

        string.Join(' ', _slack.Messages.Single().Mentions).ShouldBe(mentions);
    }

    [Fact]
    public async Task Update_TextAndBlocks_ReplacesBothAndKeepsHistory()
    {
        var ts = await PostAsync("before", """[{"type":"divider"}]""", """{"event_type":"incident","event_payload":{"id":"i-1"}}""");

        var answer = await FormAsync("chat.update", ("channel", Channel), ("ts", ts), ("text", "after <!here>"), ("blocks", """[{"type":"divider","block_id":"d"}]"""));

        answer.GetProperty("ts").GetString().ShouldBe(ts);
        answer.GetProperty("text").GetString().ShouldBe("after <!here>");
        var message = _slack.Messages.ShouldHaveSingleItem();
        message.Text.ShouldBe("after <!here>");
        message.Blocks[0].GetProperty("block_id").GetString().ShouldBe("d");
        message.Mentions.ShouldBe(["<!here>"]);
        message.Metadata.ShouldNotBeNull("an update that does not mention it keeps it");
        message.History.Select(content => content.Text).ShouldBe(["before"]);
        message.History[0].Mentions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Update_PartOfTheContent_TreatsTheRestAsSlackDoes()
    {
        var ts = await PostAsync("before", """[{"type":"divider"}]""", """{"event_type":"a","event_payload":{}}""");

        Ok(await FormAsync("chat.update", ("channel", Channel), ("ts", ts), ("blocks", """[{"type":"divider"},{"type":"divider"}]""")));
        _slack.Messages.Single().Text.ShouldBe("before");
        Ok(await FormAsync("chat.update", ("channel", Channel), ("ts", ts), ("text", "after"), ("metadata", "{}")));
        _slack.Messages.Single().Blocks.GetArrayLength().ShouldBe(0, "a new text without blocks takes the blocks away");
        _slack.Messages.Single().Metadata.ShouldBeNull();
    }

    [Fact]
    public async Task Update_NotAccepted_SaysWhy()
    {
        var ts = await PostAsync("mine");
        var theirs = _slack.Say(Channel, "U0SOMEBODY", "theirs").Ts;

        Error(await CallAsync("chat.update", new { channel = Channel, ts = "1.000100", text = "a" })).ShouldBe("message_not_found");
        Error(await CallAsync("chat.update", new { channel = Channel, ts = theirs, text = "a" })).ShouldBe("cant_update_message");
        Error(await CallAsync("chat.update", new { channel = "#alerts", ts, text = "a" })).ShouldBe("channel_not_found");
        _slack.AssertNoUnexpectedCalls();
        Error(await CallAsync("chat.update", new { channel = Channel, ts })).ShouldBe("no_text");
        Error(await CallAsync("chat.update", new { channel = Channel, ts, text = "" })).ShouldBe("no_text");
        Error(await CallAsync("chat.update", new { channel = Channel, ts, text = new string('x', 4001) })).ShouldBe("msg_too_long");
        Ok(await CallAsync("chat.update", new { channel = Channel, ts, text = new string('x', 4000) }));
        _slack.UnexpectedCalls.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Delete_Message_CanNoLongerBeUpdated()
    {
        var ts = await PostAsync("mine");

        _slack.Delete(Channel, ts);

        Error(await CallAsync("chat.update", new { channel = Channel, ts, text = "a" })).ShouldBe("message_not_found");
        Should.Throw<KeyNotFoundException>(() => _slack.Delete(Channel, ts));
    }

    [Fact]
    public async Task History_Channel_IsNewestFirstWithoutReplies()
    {
        var first = await PostAsync("first", metadata: """{"event_type":"incident","event_payload":{"id":"i-1"}}""");
        _slack.Say(Channel, "U0SOMEBODY", "reply", first);
        await PostAsync("second");

        var history = await CallAsync("conversations.history", new { channel = Channel });

        var messages = history.GetProperty("messages").EnumerateArray().ToList();
        messages.Select(message => message.GetProperty("text").GetString()).ShouldBe(["second", "first"]);
        messages[1].GetProperty("reply_count").GetInt32().ShouldBe(1);
        messages[1].TryGetProperty("metadata", out _).ShouldBeFalse();
        history.GetProperty("has_more").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task History_WithAllMetadata_HasIt()
    {
        await PostAsync("first", metadata: """{"event_type":"incident","event_payload":{"id":"i-1"}}""");

        var history = await FormAsync("conversations.history", ("channel", Channel), ("include_all_metadata", "1"));

        history.GetProperty("messages")[0].GetProperty("metadata").GetProperty("event_payload").GetProperty("id").GetString().ShouldBe("i-1");
    }

    [Theory]
    [InlineData("oldest", false, "4 3")]
    [InlineData("oldest", true, "4 3 2")]
    [InlineData("latest", false, "1")]
    [InlineData("latest", true, "2 1")]
    public async Task History_Bound_LimitsIt(string bound, bool inclusive, string texts)
    {
        var ts = new List<string>();
        foreach (var text in new[] { "1", "2", "3", "4" })
            ts.Add(await PostAsync(text));

        var history = await FormAsync("conversations.history", ("channel", Channel), (bound, ts[1]), ("inclusive", inclusive ? "true" : "false"));

        Texts(history).ShouldBe(texts);
    }

    [Fact]
    public async Task History_Limit_IsContinuedByCursor()
    {
        foreach (var text in new[] { "1", "2", "3" })
            await PostAsync(text);

        var first = await CallAsync("conversations.history", new { channel = Channel, limit = 2 });
        var cursor = first.GetProperty("response_metadata").GetProperty("next_cursor").GetString();
        var second = await CallAsync("conversations.history", new { channel = Channel, limit = 2, cursor });

        (Texts(first), Texts(second)).ShouldBe(("3 2", "1"));
        first.GetProperty("has_more").GetBoolean().ShouldBeTrue();
        second.GetProperty("has_more").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("limit", "1000", "invalid_limit")]
    [InlineData("limit", "many", "invalid_limit")]
    [InlineData("cursor", "abc", "invalid_cursor")]
    [InlineData("oldest", "yesterday", "invalid_ts_oldest")]
    [InlineData("latest", "x", "invalid_ts_latest")]
    public async Task History_BadArgument_IsUnexpected(string name, string value, string error)
    {
        await PostAsync("a");

        Error(await FormAsync("conversations.history", ("channel", Channel), (name, value))).ShouldBe(error);
        _slack.UnexpectedCalls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Replies_Thread_IsParentFirst()
    {
        var parent = await PostAsync("parent");
        await PostAsync("other");
        Ok(await CallAsync("chat.postMessage", new { channel = Channel, text = "reply", thread_ts = parent }));
        var last = _slack.Say(Channel, "U0SOMEBODY", "answer", parent);

        Texts(await CallAsync("conversations.replies", new { channel = Channel, ts = parent })).ShouldBe("parent reply answer");
        Texts(await CallAsync("conversations.replies", new { channel = Channel, ts = last.Ts })).ShouldBe("parent reply answer");
        _slack.Messages.Count(message => message.ThreadTs == parent).ShouldBe(2);
        Error(await CallAsync("conversations.replies", new { channel = Channel, ts = "1.000100" })).ShouldBe("thread_not_found");
    }

    [Fact]
    public async Task LimitsPosts_SecondPostWithinASecond_IsRateLimited()
    {
        _slack.LimitsPosts = true;
        await PostAsync("a");
        _time.Now += TimeSpan.FromMilliseconds(400);

        using var form = Form(("channel", Channel), ("text", "b"));
        var answer = await _client.PostAsync("chat.postMessage", form, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldBe("""{"ok":false,"error":"ratelimited"}""");
        _time.Now += TimeSpan.FromMilliseconds(600);
        await PostAsync("b");
        _slack.Messages.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Faults_OfSlack_AreInItsWords()
    {
        _slack.Faults.Next(1, SlackFaults.Error("is_archived"));
        _slack.Faults.Next(1, SlackFaults.RateLimited(TimeSpan.FromSeconds(30)));

        Error(await CallAsync("chat.postMessage", new { channel = Channel, text = "a" })).ShouldBe("is_archived");
        var answer = await _client.GetAsync("auth.test", Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(30));
        _slack.Messages.ShouldBeEmpty();
    }

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] arguments) =>
        new(arguments.Select(argument => KeyValuePair.Create(argument.Name, argument.Value)));

    private static string? Error(JsonElement answer)
    {
        answer.GetProperty("ok").GetBoolean().ShouldBeFalse();
        return answer.GetProperty("error").GetString();
    }

    private static void Ok(JsonElement answer) => answer.GetProperty("ok").GetBoolean().ShouldBeTrue(answer.GetRawText());

    private static string Texts(JsonElement answer) =>
        string.Join(' ', answer.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("text").GetString()));

    private async Task<string> PostAsync(string text, string blocks = "[]", string metadata = "{}")
    {
        var answer = await FormAsync("chat.postMessage", ("channel", Channel), ("text", text), ("blocks", blocks), ("metadata", metadata));
        Ok(answer);
        return answer.GetProperty("ts").GetString()!;
    }

    private Task<JsonElement> PostBlocksAsync(string blocks) => FormAsync("chat.postMessage", ("channel", Channel), ("text", "a"), ("blocks", blocks));

    private async Task<JsonElement> FormAsync(string method, params (string Name, string Value)[] arguments)
    {
        using var form = Form(arguments);
        return await (await _client.PostAsync(method, form, Cancellation)).Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }

    private async Task<JsonElement> CallAsync(string method, object arguments) =>
        await (await _client.PostAsJsonAsync(method, arguments, Cancellation)).Content.ReadFromJsonAsync<JsonElement>(Cancellation);
}
