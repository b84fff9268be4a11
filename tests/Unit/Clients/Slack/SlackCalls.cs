using SlackNet;

namespace AlertResponder.Tests.Unit.Clients.Slack;

/// <summary>Another base address, as anyone outside the package would set it.</summary>
internal sealed class UrlsAt(string baseUrl, ISlackUrlBuilder slack) : ISlackUrlBuilder
{
    private const string Official = "https://slack.com/api/";

    public string Url(string apiMethod, Dictionary<string, object> args)
    {
        var url = slack.Url(apiMethod, args);
        url.ShouldStartWith(Official);
        return string.Concat(baseUrl, "/api/", url.AsSpan(Official.Length));
    }
}

internal static class SlackCalls
{
    public const string Token = "xoxb-1-2-three";

    public static SlackApiClient Client(LoopbackServer server) =>
        new(Default.Http(), new UrlsAt(server.Url, Default.UrlBuilder()), Default.JsonSettings(), Token) { DisableRetryOnRateLimit = true };

    public static WireAnswer Answer(string json) => new(200, json, "application/json; charset=utf-8");
}
