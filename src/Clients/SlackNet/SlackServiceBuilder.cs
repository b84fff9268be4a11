using SlackNet.Interaction;

namespace SlackNet;

/// <summary>The parts that a client is made of.</summary>
public interface ISlackServiceProvider
{
    IHttp GetHttp();

    SlackJsonSettings GetJsonSettings();

    ISlackUrlBuilder GetUrlBuilder();

    IWebSocketFactory GetWebSocketFactory();

    ISlackApiClient GetApiClient();
}

/// <summary>Replaces parts of a client. Each part is made once, when it is first asked for.</summary>
public abstract class SlackServiceConfigurationBase<TConfig> where TConfig : SlackServiceConfigurationBase<TConfig>
{
    private readonly List<IBlockActionHandler> _blockActionHandlers = [];
    private string _appLevelToken;

    private protected SlackServiceConfigurationBase()
    {
        ApiClient = services => new SlackApiClient(services.GetHttp(), services.GetUrlBuilder(), services.GetJsonSettings(), token: null);
        SocketModeClient = services => new SlackSocketModeClient(
            services.GetApiClient().WithAccessToken(_appLevelToken),
            services.GetWebSocketFactory(),
            services.GetJsonSettings(),
            _blockActionHandlers);
    }

    private protected Func<ISlackServiceProvider, IWebSocketFactory> WebSockets { get; private set; } = _ => Default.WebSocketFactory;

    private protected Func<ISlackServiceProvider, ISlackApiClient> ApiClient { get; private set; }

    private protected Func<ISlackServiceProvider, ISlackSocketModeClient> SocketModeClient { get; }

    /// <summary>An app's token (xapp-) with the scope connections:write, for Socket Mode.</summary>
    public TConfig UseAppLevelToken(string token)
    {
        _appLevelToken = token;
        return (TConfig)this;
    }

    public TConfig UseWebSocketFactory(Func<ISlackServiceProvider, IWebSocketFactory> webSocketFactoryProvider)
    {
        WebSockets = webSocketFactoryProvider;
        return (TConfig)this;
    }

    /// <summary>The client, made of the other parts: the place to set <see cref="SlackApiClient.DisableRetryOnRateLimit"/>.</summary>
    public TConfig UseApiClient(Func<ISlackServiceProvider, ISlackApiClient> apiClientProvider)
    {
        ApiClient = apiClientProvider;
        return (TConfig)this;
    }

    /// <summary>Takes every click that comes through Socket Mode.</summary>
    public TConfig RegisterBlockActionHandler(IBlockActionHandler handler)
    {
        _blockActionHandlers.Add(handler);
        return (TConfig)this;
    }
}

/// <summary>Makes a client without a dependency injection container.</summary>
public sealed class SlackServiceBuilder : SlackServiceConfigurationBase<SlackServiceBuilder>, ISlackServiceProvider
{
    private readonly Lazy<IHttp> _http;
    private readonly Lazy<SlackJsonSettings> _json;
    private readonly Lazy<ISlackUrlBuilder> _urls;
    private readonly Lazy<IWebSocketFactory> _webSockets;
    private readonly Lazy<ISlackApiClient> _apiClient;
    private readonly Lazy<ISlackSocketModeClient> _socketModeClient;

    public SlackServiceBuilder()
    {
        _http = new(() => Default.Http(GetJsonSettings()));
        _json = new(Default.JsonSettings);
        _urls = new(() => Default.UrlBuilder(GetJsonSettings()));
        _webSockets = new(() => WebSockets(this));
        _apiClient = new(() => ApiClient(this));
        _socketModeClient = new(() => SocketModeClient(this));
    }

    public IHttp GetHttp() => _http.Value;

    public SlackJsonSettings GetJsonSettings() => _json.Value;

    public ISlackUrlBuilder GetUrlBuilder() => _urls.Value;

    public IWebSocketFactory GetWebSocketFactory() => _webSockets.Value;

    public ISlackApiClient GetApiClient() => _apiClient.Value;

    public ISlackSocketModeClient GetSocketModeClient() => _socketModeClient.Value;
}
