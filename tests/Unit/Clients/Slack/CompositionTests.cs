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
    public async Task Builder_OtherUrlsAndHttp_MakesAClientOfThem()
    {
        await using var server = await LoopbackServer.AnswerAsync(SlackCalls.Answer("""{"ok":true,"user_id":"U9"}"""));
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("X-Through", "ours");
        var asked = 0;
        var builder = new SlackServiceBuilder()
            .UseApiToken(SlackCalls.Token)
            .UseHttp(services => Default.Http(services.GetJsonSettings(), getHttpClient: () => { asked++; return http; }))
            .UseUrlBuilder(services => new UrlsAt(server.Url, Default.UrlBuilder(services.GetJsonSettings())));

        await builder.GetApiClient().Auth.Test(Cancellation);
        await builder.GetApiClient().Auth.Test(Cancellation);

        builder.GetApiClient().ShouldBeSameAs(builder.GetApiClient());
        asked.ShouldBe(2);
        server.Requests.ShouldAllBe(request => request.Headers["x-through"] == "ours" && request.Headers["authorization"] == "Bearer " + SlackCalls.Token);
    }

    [Fact]
    public async Task Builder_OwnClient_TakesTheOtherParts()
    {
        await using var server = await LoopbackServer.AnswerAsync(new WireAnswer(429, "", null, ("Retry-After", "600")));
        var builder = new SlackServiceBuilder()
            .UseUrlBuilder(services => new UrlsAt(server.Url, Default.UrlBuilder(services.GetJsonSettings())))
            .UseApiClient(services => new SlackApiClient(services.GetHttp(), services.GetUrlBuilder(), services.GetJsonSettings(), SlackCalls.Token)
            {
                DisableRetryOnRateLimit = true,
            });

        await Should.ThrowAsync<SlackRateLimitException>(() => builder.GetApiClient().Auth.Test(Cancellation));
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
