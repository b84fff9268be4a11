using Newtonsoft.Json;
using SlackNet;
using SlackNet.WebApi;

namespace AlertResponder.Tests.Unit.Clients.Slack;

/// <summary>Where the stand-in does better than the official client on answers that Slack itself does not give.</summary>
public sealed class StandInTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PostMessage_TooManyRequestsWithoutRetryAfter_ThrowsTheLimitWithoutIt()
    {
        await using var server = await LoopbackServer.AnswerAsync(new WireAnswer(429, ""));

        var limit = await Should.ThrowAsync<SlackRateLimitException>(
            () => SlackCalls.Client(server).Chat.PostMessage(new Message { Channel = "C1" }, Cancellation));

        limit.RetryAfter.ShouldBeNull();
    }

    [Fact]
    public async Task PostMessage_NoContentType_ThrowsHttpRequestException()
    {
        await using var server = await LoopbackServer.AnswerAsync(new WireAnswer(200, """{"ok":true}""", ContentType: null));

        await Should.ThrowAsync<HttpRequestException>(
            () => SlackCalls.Client(server).Chat.PostMessage(new Message { Channel = "C1" }, Cancellation));
    }

    [Theory]
    [InlineData("""{"ok":true,"ts":{"seconds":1}}""")]
    [InlineData("""{"ok":true,"ts":"1.2"} and more""")]
    public async Task PostMessage_AnswerOfAnotherShape_ThrowsThatItCannotBeRead(string body)
    {
        await using var server = await LoopbackServer.AnswerAsync(SlackCalls.Answer(body));

        await Should.ThrowAsync<JsonException>(
            () => SlackCalls.Client(server).Chat.PostMessage(new Message { Channel = "C1" }, Cancellation));
    }
}
