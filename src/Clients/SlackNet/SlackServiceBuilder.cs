namespace SlackNet;

/// <summary>The parts that a client is made of.</summary>
public interface ISlackServiceProvider
{
    IHttp GetHttp();

    SlackJsonSettings GetJsonSettings();

    ISlackUrlBuilder GetUrlBuilder();

    ISlackApiClient GetApiClient();
}

/// <summary>Replaces parts of a client. Each part is made once, when it is first asked for.</summary>
public abstract class SlackServiceConfigurationBase<TConfig> where TConfig : SlackServiceConfigurationBase<TConfig>
{
    private string _token;

    private protected SlackServiceConfigurationBase() =>
        ApiClient = services => new SlackApiClient(services.GetHttp(), services.GetUrlBuilder(), services.GetJsonSettings(), _token);

    private protected Func<ISlackServiceProvider, IHttp> HttpPart { get; private set; } =
        services => Default.Http(services.GetJsonSettings());

    private protected Func<ISlackServiceProvider, SlackJsonSettings> Json { get; private set; } = _ => Default.JsonSettings();

    private protected Func<ISlackServiceProvider, ISlackUrlBuilder> Urls { get; private set; } =
        services => Default.UrlBuilder(services.GetJsonSettings());

    private protected Func<ISlackServiceProvider, ISlackApiClient> ApiClient { get; private set; }

    /// <summary>A bot's token (xoxb-).</summary>
    public TConfig UseApiToken(string token)
    {
        _token = token;
        return (TConfig)this;
    }

    public TConfig UseHttp(Func<ISlackServiceProvider, IHttp> httpProvider)
    {
        HttpPart = httpProvider;
        return (TConfig)this;
    }

    public TConfig UseJsonSettings(Func<ISlackServiceProvider, SlackJsonSettings> jsonSettingsProvider)
    {
        Json = jsonSettingsProvider;
        return (TConfig)this;
    }

    public TConfig UseUrlBuilder(Func<ISlackServiceProvider, ISlackUrlBuilder> urlBuilderProvider)
    {
        Urls = urlBuilderProvider;
        return (TConfig)this;
    }

    /// <summary>The client, made of the other parts: the place to set <see cref="SlackApiClient.DisableRetryOnRateLimit"/>.</summary>
    public TConfig UseApiClient(Func<ISlackServiceProvider, ISlackApiClient> apiClientProvider)
    {
        ApiClient = apiClientProvider;
        return (TConfig)this;
    }
}

/// <summary>Makes a client without a dependency injection container.</summary>
public sealed class SlackServiceBuilder : SlackServiceConfigurationBase<SlackServiceBuilder>, ISlackServiceProvider
{
    private readonly Lazy<IHttp> _http;
    private readonly Lazy<SlackJsonSettings> _json;
    private readonly Lazy<ISlackUrlBuilder> _urls;
    private readonly Lazy<ISlackApiClient> _apiClient;

    public SlackServiceBuilder()
    {
        _http = new(() => HttpPart(this));
        _json = new(() => Json(this));
        _urls = new(() => Urls(this));
        _apiClient = new(() => ApiClient(this));
    }

    public IHttp GetHttp() => _http.Value;

    public SlackJsonSettings GetJsonSettings() => _json.Value;

    public ISlackUrlBuilder GetUrlBuilder() => _urls.Value;

    public ISlackApiClient GetApiClient() => _apiClient.Value;
}
