using Newtonsoft.Json;
using Newtonsoft.Json.Converters;
using Newtonsoft.Json.Serialization;

namespace SlackNet;

/// <summary>The parts of a client, to build one whose parts differ.</summary>
public static class Default
{
    /// <param name="jsonSettings">Those of <see cref="JsonSettings"/> without.</param>
    /// <param name="getHttpClient">Asked for every request, so that a factory can rotate it; without, one client that lives on.</param>
    public static IHttp Http(SlackJsonSettings jsonSettings = null, Func<HttpClient> getHttpClient = null) =>
        new Http(getHttpClient ?? OneClient(), jsonSettings ?? JsonSettings());

    /// <summary>Slack's own address: https://slack.com/api/.</summary>
    public static ISlackUrlBuilder UrlBuilder(SlackJsonSettings jsonSettings = null) => new SlackUrlBuilder(jsonSettings ?? JsonSettings());

    /// <summary>Sockets with the defaults of .NET.</summary>
    public static IWebSocketFactory WebSocketFactory => new WebSocketFactory();

    /// <summary>snake_case names, enums by name, nothing for null; reads what people did, too.</summary>
    public static SlackJsonSettings JsonSettings() => new(new JsonSerializerSettings
    {
        NullValueHandling = NullValueHandling.Ignore,
        DateFormatString = "yyyy-MM-dd",
        ContractResolver = new SlackContractResolver(),
        Converters = { new StringEnumConverter(new SnakeCaseNamingStrategy(), allowIntegerValues: false), new SlackTypeConverter() },
    });

    private static Func<HttpClient> OneClient()
    {
        var client = new HttpClient();
        return () => client;
    }
}
