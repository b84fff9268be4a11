using SlackNet;

namespace AlertResponder.Notification.Slack;

/// <summary>Builds SlackNet's client for the Web API.</summary>
internal static class SlackApi
{
    // Only a backstop: the time of one try is limited by the upstream's pipeline.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>A client for <see cref="SlackOptions.ApiUrl"/>. It retries nothing: the upstream's pipeline does.</summary>
    public static ISlackApiClient Create(SlackOptions options)
    {
        var settings = Default.JsonSettings();
        var http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout };
        return new SlackApiClient(
            Default.Http(settings, getHttpClient: () => http),
            new BaseAddress(Default.UrlBuilder(settings), options.ApiUrl),
            settings,
            options.BotToken)
        {
            DisableRetryOnRateLimit = true,
        };
    }

    /// <summary>Sends what SlackNet addresses to slack.com to another base address.</summary>
    private sealed class BaseAddress(ISlackUrlBuilder inner, string address) : ISlackUrlBuilder
    {
        private const string Original = "https://slack.com/api/";

        private readonly string address = address.TrimEnd('/') + '/';

        public string Url(string apiMethod, Dictionary<string, object> args)
        {
            var url = inner.Url(apiMethod, args);
            return url.StartsWith(Original, StringComparison.OrdinalIgnoreCase) ? address + url[Original.Length..] : url;
        }
    }
}
