using System.Net;
using Newtonsoft.Json;
using SlackNet;
using SlackNet.WebApi;

namespace AlertResponder.Tests.Unit.Clients.Slack;

public sealed class FailureTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("channel_not_found")]
    [InlineData("ratelimited")]
    public async Task PostMessage_OkIsFalse_ThrowsTheErrorCode(string code)
    {
        await using var server = await LoopbackServer.AnswerAsync(SlackCalls.Answer($$"""{"ok":false,"error":"{{code}}"}"""));

        var error = await Should.ThrowAsync<SlackException>(() => PostAsync(SlackCalls.Client(server)));

        error.ErrorCode.ShouldBe(code);
        error.ErrorMessages.ShouldBeEmpty();
        error.Message.ShouldContain(code);
    }

    [Fact]
    public async Task PostMessage_RefusedWithDetails_TellsThem()
    {
        await using var server = await LoopbackServer.AnswerAsync(SlackCalls.Answer(
            """
            {
              "ok": false, "error": "invalid_blocks", "errors": [ "no" ], "needed": "chat:write",
              "response_metadata": { "messages": [ "[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]" ] }
            }
            """));

        var error = await Should.ThrowAsync<SlackException>(() => PostAsync(SlackCalls.Client(server)));

        error.ErrorCode.ShouldBe("invalid_blocks");
        error.ErrorMessages.ShouldHaveSingleItem().ShouldContain("json-pointer:/blocks/1/text/text");
        error.Message.ShouldContain("3001");
        error.Message.ShouldContain("needed: chat:write");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"ok":false}""")]
    public async Task PostMessage_RefusedWithoutReason_ThrowsUnknown(string body)
    {
        await using var server = await LoopbackServer.AnswerAsync(SlackCalls.Answer(body));

        (await Should.ThrowAsync<SlackException>(() => PostAsync(SlackCalls.Client(server)))).ErrorCode.ShouldBe("unknown");
    }

    [Theory]
    [InlineData("30", 30)]
    [InlineData("Wed, 21 Oct 2015 07:28:00 GMT", null)]
    public async Task PostMessage_TooManyRequests_ThrowsHowLongToWait(string retryAfter, int? seconds)
    {
        await using var server = await LoopbackServer.AnswerAsync(
            new WireAnswer(429, """{"ok":false,"error":"ratelimited"}""", "application/json", ("Retry-After", retryAfter)));

        var limit = await Should.ThrowAsync<SlackRateLimitException>(() => PostAsync(SlackCalls.Client(server)));

        limit.RetryAfter.ShouldBe(seconds is { } s ? TimeSpan.FromSeconds(s) : null);
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task PostMessage_TooManyRequestsAndRetryNotDisabled_SendsTheSameAgain()
    {
        var answers = new Queue<WireAnswer>(
            [new WireAnswer(429, "", null, ("Retry-After", "0")), SlackCalls.Answer("""{"ok":true,"channel":"C1","ts":"1.2"}""")]);
        await using var server = await LoopbackServer.AnswerAsync((_, _) => Task.FromResult(answers.Dequeue()));
        var client = SlackCalls.Client(server);
        client.DisableRetryOnRateLimit = false;

        (await PostAsync(client)).Ts.ShouldBe("1.2");

        server.Requests.Count.ShouldBe(2);
        server.Requests[1].Text.ShouldBe(server.Requests[0].Text);
        server.Requests[1].Headers["authorization"].ShouldBe("Bearer " + SlackCalls.Token);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(404)]
    [InlineData(302)]
    public async Task PostMessage_OtherStatus_ThrowsHttpRequestExceptionWithIt(int status)
    {
        await using var server = await LoopbackServer.AnswerAsync(new WireAnswer(status, """{"ok":true}"""));

        var error = await Should.ThrowAsync<HttpRequestException>(() => PostAsync(SlackCalls.Client(server)));

        error.StatusCode.ShouldBe((HttpStatusCode)status);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("""{"ok":true,"ts":""")]
    public async Task PostMessage_AnswerIsNoJson_ThrowsThatItCannotBeRead(string body)
    {
        await using var server = await LoopbackServer.AnswerAsync(SlackCalls.Answer(body));

        await Should.ThrowAsync<JsonException>(() => PostAsync(SlackCalls.Client(server)));
    }

    [Theory]
    [InlineData("""{"ok":true}""", "application/json")]
    [InlineData("", "application/json")]
    [InlineData("<html>Sign in to the hotel's network</html>", "text/html")]
    public async Task PostMessage_SuccessWithoutContent_AnswersNull(string body, string contentType)
    {
        await using var server = await LoopbackServer.AnswerAsync(new WireAnswer(200, body, contentType));

        (await PostAsync(SlackCalls.Client(server))).ShouldBeNull();
    }

    [Fact]
    public async Task PostMessage_Cancelled_StopsWaiting()
    {
        var arrived = new TaskCompletionSource();
        await using var server = await LoopbackServer.AnswerAsync(async (_, aborted) =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, aborted);
            return SlackCalls.Answer("""{"ok":true}""");
        });
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var call = SlackCalls.Client(server).Chat.PostMessage(new Message { Channel = "C1" }, cancellation.Token);
        await arrived.Task.WaitAsync(Cancellation);
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(call);
    }

    [Fact]
    public async Task PostMessage_CancelledWhileWaitingOutALimit_StopsWaiting()
    {
        await using var server = await LoopbackServer.AnswerAsync(new WireAnswer(429, "", null, ("Retry-After", "600")));
        var client = SlackCalls.Client(server);
        client.DisableRetryOnRateLimit = false;
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(300), TimeProvider.System);

        await Should.ThrowAsync<OperationCanceledException>(() => client.Chat.PostMessage(new Message { Channel = "C1" }, cancellation.Token));

        server.Requests.Count.ShouldBe(1);
    }

    private static Task<PostMessageResponse> PostAsync(SlackApiClient client) =>
        client.Chat.PostMessage(new Message { Channel = "C1", Text = "hello" }, Cancellation);
}
