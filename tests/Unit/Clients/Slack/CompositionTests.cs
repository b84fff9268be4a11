using SlackNet;

namespace AlertResponder.Tests.Unit.Clients.Slack;

public sealed class CompositionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void UrlBuilder_Default_IsSlacks()
    {
        var urls = Default.UrlBuilder();

        urls.Url("chat.postMessage", []).ShouldBe("https://slack.com/api/chat.postMessage");
        urls.Url("conversations.history", new Dictionary<string, object> { ["channel"] = "C&1", ["limit"] = 5, ["inclusive"] = true, ["cursor"] = null! })
            .ShouldBe("https://slack.com/api/conversations.history?channel=C%261&limit=5&inclusive=true");
    }

    [Fact]
    public async Task Builder_OwnClient_TakesTheOtherParts()
    {
        await using var server = await LoopbackServer.AnswerAsync(new WireAnswer(429, "", null, ("Retry-After", "600")));
        var builder = new SlackServiceBuilder()
            .UseApiClient(services => new SlackApiClient(
                services.GetHttp(), new UrlsAt(server.Url, services.GetUrlBuilder()), services.GetJsonSettings(), SlackCalls.Token)
            {
                DisableRetryOnRateLimit = true,
            });

        await Should.ThrowAsync<SlackRateLimitException>(() => builder.GetApiClient().Auth.Test(Cancellation));
        builder.GetApiClient().ShouldBeSameAs(builder.GetApiClient());
    }

    [Fact]
    public async Task Client_EmptyToken_SendsNone()
    {
        await using var server = await LoopbackServer.AnswerAsync(SlackCalls.Answer("""{"ok":false,"error":"not_authed"}"""));
        var client = new SlackApiClient(Default.Http(), new UrlsAt(server.Url, Default.UrlBuilder()), Default.JsonSettings(), "");

        (await Should.ThrowAsync<SlackException>(() => client.Auth.Test(Cancellation))).ErrorCode.ShouldBe("not_authed");

        server.OnlyRequest.Headers.Keys.ShouldNotContain("authorization");
    }
}
