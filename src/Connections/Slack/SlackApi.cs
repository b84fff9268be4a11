using System.Net.WebSockets;
using SlackNet;
using SlackNet.Interaction;

namespace AlertResponder.Connections.Slack;

/// <summary>Builds SlackNet's clients.</summary>
public static class SlackApi
{
    // Only a backstop: the time of one try is limited by the upstream's pipeline.
    private static readonly HttpClient Http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>A client of the Web API at <see cref="SlackOptions.ApiUrl"/>. It retries nothing: the upstream's pipeline does.</summary>
    public static ISlackApiClient Create(SlackOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Create(options, Default.JsonSettings(), options.BotToken);
    }

    /// <summary>A client of Socket Mode, to be connected once.</summary>
    /// <param name="options">The app token, and where to ask for connections.</param>
    /// <param name="handler">Takes every click.</param>
    public static ISlackSocketModeClient CreateSocketMode(SlackOptions options, IBlockActionHandler handler)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new SlackServiceBuilder()
            .UseAppLevelToken(options.AppToken)
            .UseApiClient(services => Create(options, services.GetJsonSettings(), options.AppToken))
            .UseWebSocketFactory(_ => new KeptAliveSockets())
            .RegisterBlockActionHandler(handler)
            .GetSocketModeClient();
    }

    private static SlackApiClient Create(SlackOptions options, SlackJsonSettings settings, string? token) => new(
        Default.Http(settings, getHttpClient: () => Http),
        new BaseAddress(Default.UrlBuilder(settings), options.ApiUrl),
        settings,
        token)
    {
        DisableRetryOnRateLimit = true,
    };

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

    /// <summary>A peer that vanishes without a word is noticed by its missing pongs.</summary>
    private sealed class KeptAliveSockets : IWebSocketFactory
    {
        public IWebSocket Create(string uri)
        {
            var socket = new ClientWebSocket();
            socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(10);
            socket.Options.KeepAliveTimeout = TimeSpan.FromSeconds(20);
            return new WebSocketWrapper(socket, uri);
        }
    }
}
