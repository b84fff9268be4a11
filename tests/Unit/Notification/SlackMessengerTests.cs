using AlertResponder.Connections.Slack;
using AlertResponder.Notification;
using AlertResponder.Notification.Cards;
using AlertResponder.Notification.Slack;
using AlertResponder.Resilience;
using AlertResponder.Tests.Unit.Time;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using SlackNet;
using SlackNet.WebApi;

namespace AlertResponder.Tests.Unit.Notification;

public sealed class SlackMessengerTests : IAsyncLifetime
{
    private const string Posted = """{"ok":true,"channel":"C0123456789","ts":"1766456000.000100","message":{"type":"message","text":"x"}}""";
    private const string NothingFound = """{"ok":true,"messages":[],"has_more":false}""";

    private readonly WatchedTimeProvider time = new();
    private LoopbackSlack slack = null!;
    private ServiceProvider upstreams = null!;
    private SlackMessenger messenger = null!;
    private SlackChannels channels = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        slack = await LoopbackSlack.StartAsync();
        messenger = Messenger();
    }

    public async ValueTask DisposeAsync()
    {
        messenger.Dispose();
        await upstreams.DisposeAsync();
        await slack.DisposeAsync();
    }

    [Fact]
    public async Task PostAsync_Incident_SendsBlocksFallbackAndMetadataAndUnfurlsNothing()
    {
        slack.Answers(Posted);

        var posted = await messenger.PostAsync(Snapshots.PriceScraper(), _ => Task.CompletedTask, Cancellation);

        posted.ShouldBe(new PostedMessage("C0123456789", "1766456000.000100"));
        var call = slack.Calls.ShouldHaveSingleItem();
        call.Line.ShouldBe("POST /api/chat.postMessage");
        call.Authorization.ShouldBe("Bearer xoxb-test");
        ((string?)call.Body["channel"]).ShouldBe("C0123456789");
        ((string?)call.Body["text"]).ShouldBe("🔴 CronJob cardboard/price-scraper: Container scraper is killed at its memory limit of 256Mi (OOMKilled)");
        ((string?)call.Body["blocks"]![0]!["type"]).ShouldBe("header");
        ((string?)call.Body["blocks"]![1]!["type"]).ShouldBe("rich_text");
        ((string?)call.Body["metadata"]!["event_type"]).ShouldBe("alert_responder_incident");
        ((string?)call.Body["metadata"]!["event_payload"]!["incident_id"]).ShouldBe("0198c0de-0000-7000-8000-000000000001");
        ((bool?)call.Body["unfurl_links"]).ShouldBe(false);
        ((bool?)call.Body["unfurl_media"]).ShouldBe(false);
        ((string?)call.Body["parse"]).ShouldBe("none");
    }

    [Fact]
    public async Task NoteAsync_FirstTry_IsPostedWithItsKey()
    {
        slack.Answers(Posted);

        await messenger.NoteAsync(new Note("refusal/x", "A <!channel> webhook", [new CardPart(CardPartStyle.Body, [CardLine.Of(CardSpan.Plain("too large"))])]), mayBeThere: null, Cancellation);

        var call = slack.Calls.ShouldHaveSingleItem();
        call.Line.ShouldBe("POST /api/chat.postMessage");
        ((string?)call.Body["text"]).ShouldBe("A &lt;!channel&gt; webhook");
        ((string?)call.Body["metadata"]!["event_type"]).ShouldBe("alert_responder_note");
        ((string?)call.Body["metadata"]!["event_payload"]!["key"]).ShouldBe("refusal/x");
    }

    [Fact]
    public async Task NoteAsync_EarlierTryHadPosted_IsNotPostedAgain()
    {
        slack.Answers("""{"ok":true,"messages":[{"type":"message","ts":"1.2","metadata":{"event_type":"alert_responder_note","event_payload":{"key":"refusal/x"}}}],"has_more":false}""");

        await messenger.NoteAsync(new Note("refusal/x", "x", [new CardPart(CardPartStyle.Body, [CardLine.Of(CardSpan.Plain("x"))])]), mayBeThere: time.GetUtcNow(), Cancellation);

        slack.Calls.ShouldHaveSingleItem().Line.ShouldContain("conversations.history");
    }

    [Fact]
    public async Task PostTurnAsync_SecondWithinASecond_Waits()
    {
        await messenger.PostTurnAsync(Cancellation);
        var second = messenger.PostTurnAsync(Cancellation);

        (await time.NextWaitAsync(Cancellation)).ShouldBe(TimeSpan.FromSeconds(1));
        second.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));
        await second.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
    }

    [Fact]
    public void TryUpdateTurn_AMinuteLong_GivesFiftyTurns()
    {
        var turns = 0;
        for (var step = 0; step < 599; step++)
        {
            while (messenger.TryUpdateTurn())
                turns++;
            time.Advance(TimeSpan.FromMilliseconds(100));
        }

        turns.ShouldBeInRange(45, 50);
    }

    [Fact]
    public async Task PostAsync_AnswerLostThoughPosted_FindsItInsteadOfPostingTwice()
    {
        slack.Answers(Abort);
        slack.Answers(History("0198c0de-0000-7000-8000-000000000001"));

        var posted = await messenger.PostAsync(Snapshots.PriceScraper(), _ => Task.CompletedTask, Cancellation);

        posted.Ts.ShouldBe("1766456000.000300");
        slack.Calls.Select(call => call.Line).ShouldBe(["POST /api/chat.postMessage", "GET /api/conversations.history"]);
        slack.Calls[1].Query["oldest"].ShouldBe("1795313280.000000");
    }

    [Fact]
    public async Task PostAsync_AnswerLostAndNothingPosted_PostsAgain()
    {
        slack.Answers(Abort);
        slack.Answers(NothingFound);
        slack.Answers(Posted);

        (await messenger.PostAsync(Snapshots.PriceScraper(), _ => Task.CompletedTask, Cancellation)).Ts.ShouldBe("1766456000.000100");

        slack.Calls.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Create_RateLimited_ThrowsAtOnceWithTheTimeToWait()
    {
        slack.Answers(context =>
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = "7";
            return Task.CompletedTask;
        });

        var exception = await Should.ThrowAsync<SlackRateLimitException>(() => Api().Chat.PostMessage(new Message { Channel = "C1" }, cancellationToken: Cancellation));

        exception.RetryAfter.ShouldBe(TimeSpan.FromSeconds(7));
        slack.Calls.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task Create_ApiUrl_TakesTheMethodWithOrWithoutASlash(string end)
    {
        slack.Answers(NothingFound);

        await Api(end).Conversations.History("C1", oldestTs: "1.2", cancellationToken: Cancellation);

        slack.Calls.ShouldHaveSingleItem().Line.ShouldBe("GET /api/conversations.history");
        slack.Calls[0].Query["oldest"].ShouldBe("1.2");
    }

    [Fact]
    public async Task PostAsync_Refused_Throws()
    {
        slack.Answers("""{"ok":false,"error":"invalid_blocks"}""");

        (await Should.ThrowAsync<SlackException>(() => messenger.PostAsync(Snapshots.PriceScraper(), _ => Task.CompletedTask, Cancellation))).ErrorCode.ShouldBe("invalid_blocks");
        channels.Alarm.ShouldBeNull();
    }

    [Theory]
    [InlineData("invalid_auth")]
    [InlineData("token_revoked")]
    [InlineData("is_archived")]
    [InlineData("not_in_channel")]
    [InlineData("channel_not_found")]
    [InlineData("restricted_action")]
    public async Task PostAsync_NoChannelCanBePostedTo_RaisesTheAlarmAndSendsNothingMore(string error)
    {
        slack.Answers($$"""{"ok":false,"error":"{{error}}"}""");

        await Should.ThrowAsync<BoardUnusableException>(() => messenger.PostAsync(Snapshots.PriceScraper(), _ => Task.CompletedTask, Cancellation));
        await Should.ThrowAsync<BoardUnusableException>(() => messenger.PostAsync(Snapshots.PriceScraper(), _ => Task.CompletedTask, Cancellation));

        slack.Calls.ShouldHaveSingleItem();
        channels.Alarm.ShouldBe($"Slack takes no messages in C0123456789 ({error}, since {time.GetUtcNow():yyyy-MM-dd HH:mm} UTC): they wait until it does.");
        (await channels.CheckHealthAsync(new(), Cancellation)).Status.ShouldBe(HealthStatus.Degraded);
    }

    [Theory]
    [InlineData("channel_not_found")]
    [InlineData("is_archived")]
    [InlineData("is_inactive")]
    [InlineData("not_in_channel")]
    public async Task UpdateAsync_ChannelThatIsNotTheConfiguredOneRefuses_SaysTheMessageIsGone(string error)
    {
        slack.Answers($$"""{"ok":false,"error":"{{error}}"}""");

        (await messenger.UpdateAsync(new PostedMessage("C0OLD", "1.2"), Snapshots.Resolved(), Cancellation)).ShouldBe(UpdateResult.Gone(error));
        channels.Alarm.ShouldBeNull("where messages go nothing is wrong");
    }

    [Fact]
    public async Task UpdateAsync_TheOnlyChannelRefuses_SaysTheMessageIsGoneWithoutAnAlarm()
    {
        slack.Answers("""{"ok":false,"error":"not_in_channel"}""");

        (await messenger.UpdateAsync(new PostedMessage("C0123456789", "1.2"), Snapshots.Resolved(), Cancellation)).ShouldBe(UpdateResult.Gone("not_in_channel"));
        channels.Alarm.ShouldBeNull("whether posts are taken there, a post tells");
    }

    [Fact]
    public async Task UpdateAsync_NoChannelTakesPosts_WaitsForIt()
    {
        channels.Refuses("C0123456789", "is_archived");
        slack.Answers("""{"ok":false,"error":"is_archived"}""");

        await Should.ThrowAsync<BoardUnusableException>(() => messenger.UpdateAsync(new PostedMessage("C0123456789", "1.2"), Snapshots.Resolved(), Cancellation));
        channels.Alarm.ShouldNotBeNull();
    }

    [Fact]
    public async Task FindAsync_MessageWithAnotherNumber_IsNotFound()
    {
        slack.Answers(History("0198c0de-0000-7000-8000-000000000001"));

        (await messenger.FindAsync(new Guid("0198c0de-0000-7000-8000-000000000001"), 1, intended: null, time.GetUtcNow(), Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task PostAsync_PageOfAProxyInsteadOfAnAnswer_Throws()
    {
        for (var call = 0; call < 7; call++)
        {
            slack.Answers(context =>
            {
                context.Response.ContentType = "text/html";
                return context.Response.WriteAsync("<html>Sign in</html>");
            });
        }

        (await Should.ThrowAsync<HttpRequestException>(() => messenger.PostAsync(Snapshots.PriceScraper(), _ => Task.CompletedTask, Cancellation))).Message.ShouldContain("is not Slack's");
    }

    [Fact]
    public async Task UpdateAsync_Message_RedrawsItAndLeavesItsMetadata()
    {
        slack.Answers("""{"ok":true,"channel":"C0123456789","ts":"1766456000.000100","text":"x"}""");

        var result = await messenger.UpdateAsync(new PostedMessage("C0123456789", "1766456000.000100"), Snapshots.Resolved(), Cancellation);

        result.ShouldBe(UpdateResult.Updated);
        var call = slack.Calls.ShouldHaveSingleItem();
        call.Line.ShouldBe("POST /api/chat.update");
        ((string?)call.Body["channel"]).ShouldBe("C0123456789");
        ((string?)call.Body["ts"]).ShouldBe("1766456000.000100");
        ((string?)call.Body["text"]).ShouldNotBeNull().ShouldStartWith("🟢 CronJob cardboard/price-scraper · resolved after 1 h 12 min");
        ((string?)call.Body["blocks"]![0]!["text"]!["text"]).ShouldNotBeNull().ShouldStartWith("🟢");
        call.Body.ContainsKey("metadata").ShouldBeFalse();
    }

    [Theory]
    [InlineData("message_not_found")]
    [InlineData("edit_window_closed")]
    [InlineData("cant_update_message")]
    public async Task UpdateAsync_MessageThatCannotBeUpdatedAnyMore_SaysItIsGone(string error)
    {
        slack.Answers($$"""{"ok":false,"error":"{{error}}"}""");

        (await messenger.UpdateAsync(new PostedMessage("C1", "1.2"), Snapshots.Resolved(), Cancellation)).ShouldBe(UpdateResult.Gone(error));
    }

    [Fact]
    public async Task UpdateAsync_OtherRefusal_Throws()
    {
        slack.Answers("""{"ok":false,"error":"invalid_blocks"}""");

        await Should.ThrowAsync<SlackException>(() => messenger.UpdateAsync(new PostedMessage("C1", "1.2"), Snapshots.Resolved(), Cancellation));
        channels.Alarm.ShouldBeNull();
    }

    [Fact]
    public async Task FindAsync_MessageOnTheSecondPage_IsFoundByItsMetadata()
    {
        slack.Answers(
            """
            {"ok":true,"has_more":true,"response_metadata":{"next_cursor":"bmV4dA=="},"messages":[
              {"type":"message","text":"0198c0de-0000-7000-8000-000000000001","ts":"1766456000.000500"},
              {"type":"message","text":"x","ts":"1766456000.000400","metadata":{"event_type":"other","event_payload":{"incident_id":"0198c0de-0000-7000-8000-000000000001"}}}
            ]}
            """);
        slack.Answers(History("0198c0de-0000-7000-8000-000000000001"));

        var found = await messenger.FindAsync(new Guid("0198c0de-0000-7000-8000-000000000001"), 0, intended: null, DateTimeOffset.FromUnixTimeMilliseconds(1_766_455_000_123), Cancellation);

        found.ShouldBe(new PostedMessage("C0123456789", "1766456000.000300"));
        slack.Calls.Count.ShouldBe(2);
        slack.Calls[0].Query["channel"].ShouldBe("C0123456789");
        slack.Calls[0].Query["oldest"].ShouldBe("1766454700.123000", "clocks differ, and its posting was so soon after");
        slack.Calls[0].Query["include_all_metadata"].ShouldBe("true");
        slack.Calls[0].Query.ShouldNotContainKey("cursor");
        slack.Calls[1].Query["cursor"].ShouldBe("bmV4dA==");
    }

    [Fact]
    public async Task FindAsync_NoSuchMessage_IsNull()
    {
        slack.Answers(History("0198c0de-0000-7000-8000-000000000002"));

        (await messenger.FindAsync(new Guid("0198c0de-0000-7000-8000-000000000001"), 0, intended: null, time.GetUtcNow(), Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task FindAsync_EndlessHistory_GivesUpAfterTenPages()
    {
        for (var page = 0; page < 11; page++)
            slack.Answers("""{"ok":true,"messages":[],"has_more":true,"response_metadata":{"next_cursor":"bmV4dA=="}}""");

        (await messenger.FindAsync(Guid.Empty, 0, intended: null, time.GetUtcNow(), Cancellation)).ShouldBeNull();

        slack.Calls.Count.ShouldBe(10);
    }

    [Theory]
    [InlineData("missing_scope")]
    [InlineData("not_in_channel")]
    [InlineData("channel_not_found")]
    public async Task FindAsync_ChannelThatMayNotBeRead_IsNull(string error)
    {
        slack.Answers($$"""{"ok":false,"error":"{{error}}"}""");

        (await messenger.FindAsync(Guid.Empty, 0, intended: null, time.GetUtcNow(), Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task FindAsync_OtherRefusal_Throws()
    {
        slack.Answers("""{"ok":false,"error":"invalid_auth"}""");

        await Should.ThrowAsync<SlackException>(() => messenger.FindAsync(Guid.Empty, 0, intended: null, time.GetUtcNow(), Cancellation));
    }

    [Fact]
    public async Task ReplyAsync_NothingInTheThreadYet_PostsThereWithItsKey()
    {
        slack.Answers(NothingFound);
        slack.Answers(Posted);

        (await messenger.ReplyAsync(Shown, Reply, ts: null, Cancellation)).ShouldBe("1766456000.000100");

        slack.Calls.Select(call => call.Line).ShouldBe(["GET /api/conversations.replies", "POST /api/chat.postMessage"]);
        slack.Calls[0].Query["ts"].ShouldBe(Shown.Ts);
        var body = slack.Calls[1].Body;
        ((string?)body["thread_ts"]).ShouldBe(Shown.Ts);
        ((string?)body["metadata"]!["event_type"]).ShouldBe("alert_responder_reply");
        ((string?)body["metadata"]!["event_payload"]!["key"]).ShouldBe("overflow");
        ((string?)body["blocks"]![0]!["elements"]![0]!["elements"]![0]!["elements"]![0]!["text"]).ShouldBe("more <!channel>");
    }

    [Fact]
    public async Task ReplyAsync_PostedBefore_IsFoundByItsKeyAndRedrawn()
    {
        slack.Answers(Replies);
        slack.Answers("""{"ok":true,"channel":"C0123456789","ts":"1766456000.000700","text":"x"}""");

        (await messenger.ReplyAsync(Shown, Reply, ts: null, Cancellation)).ShouldBe("1766456000.000700");

        slack.Calls.Select(call => call.Line).ShouldBe(["GET /api/conversations.replies", "POST /api/chat.update"]);
        ((string?)slack.Calls[1].Body["ts"]).ShouldBe("1766456000.000700");
    }

    [Fact]
    public async Task ReplyAsync_AnswerLostThoughPosted_FindsItInsteadOfPostingTwice()
    {
        slack.Answers(NothingFound);
        slack.Answers(Abort);
        slack.Answers(Replies);

        (await messenger.ReplyAsync(Shown, Reply, ts: null, Cancellation)).ShouldBe("1766456000.000700");

        slack.Calls.Count(call => call.Line == "POST /api/chat.postMessage").ShouldBe(1);
    }

    [Fact]
    public async Task ReplyAsync_KnownReplyWasDeleted_PostsAnew()
    {
        slack.Answers("""{"ok":false,"error":"message_not_found"}""");
        slack.Answers(Posted);

        (await messenger.ReplyAsync(Shown, Reply, "1766456000.000700", Cancellation)).ShouldBe("1766456000.000100");
    }

    [Fact]
    public async Task ReplyAsync_MessageIsGone_Throws()
    {
        slack.Answers("""{"ok":false,"error":"thread_not_found"}""");

        (await Should.ThrowAsync<SlackException>(() => messenger.ReplyAsync(Shown, Reply, ts: null, Cancellation))).ErrorCode.ShouldBe("thread_not_found");
    }

    [Theory]
    [InlineData("restricted_action_non_threadable_channel")]
    [InlineData("restricted_action_thread_locked")]
    public async Task ReplyAsync_MessageTakesNoReplies_IsNull(string error)
    {
        slack.Answers(NothingFound);
        slack.Answers($$"""{"ok":false,"error":"{{error}}"}""");

        (await messenger.ReplyAsync(Shown, Reply, ts: null, Cancellation)).ShouldBeNull();
        channels.Alarm.ShouldBeNull();
    }

    private static PostedMessage Shown { get; } = new("C0123456789", "1766456000.000300");

    private static ThreadReply Reply { get; } = new(
        new Guid("0198c0de-0000-7000-8000-000000000001"), ThreadReply.OverflowKey, "more", [new CardPart(CardPartStyle.Body, [CardLine.Item(CardSpan.Plain("more <!channel>"))])]);

    private const string Replies =
        """
        {"ok":true,"has_more":false,"messages":[
          {"type":"message","text":"x","ts":"1766456000.000300","metadata":{"event_type":"alert_responder_incident","event_payload":{"incident_id":"0198c0de-0000-7000-8000-000000000001"} } },
          {"type":"message","text":"x","ts":"1766456000.000700","metadata":{"event_type":"alert_responder_reply","event_payload":{"incident_id":"0198c0de-0000-7000-8000-000000000001","key":"overflow"} } },
          {"type":"message","text":"x","ts":"1766456000.000800","metadata":{"event_type":"alert_responder_reply","event_payload":{"incident_id":"0198c0de-0000-7000-8000-000000000001","key":"logs"} } }
        ]}
        """;

    private static string History(string incidentId) =>
        $$"""
        {"ok":true,"has_more":false,"messages":[
          {"type":"message","text":"x","ts":"1766456000.000300","metadata":{"event_type":"alert_responder_incident","event_payload":{"incident_id":"{{incidentId}}"} } },
          {"type":"message","text":"x","ts":"1766456000.000200","metadata":{"event_type":"alert_responder_incident","event_payload":{"incident_id":"{{incidentId}}"} } }
        ]}
        """;

    private static Task Abort(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    private ISlackApiClient Api(string end = "") =>
        SlackApi.Create(new SlackOptions { BotToken = "xoxb-test", Channel = "C0123456789", ApiUrl = slack.ApiUrl + end });

    private SlackMessenger Messenger()
    {
        upstreams = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(new ImpatientTime())
            .AddUpstream(UpstreamNames.Slack)
            .BuildServiceProvider();
        var options = new SlackOptions { Channel = "C0123456789" };
        channels = new SlackChannels(options, time, NullLogger<SlackChannels>.Instance);
        return new SlackMessenger(Api(), upstreams.GetRequiredKeyedService<Upstream>(UpstreamNames.Slack), options, channels, time, NullLogger<SlackMessenger>.Instance);
    }

    /// <summary>Does not wait between two tries, but leaves a try its time.</summary>
    private sealed class ImpatientTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime < TimeSpan.FromSeconds(5) && dueTime > TimeSpan.Zero ? TimeSpan.Zero : dueTime, period);
    }
}
