using System.Net.Http.Headers;
using System.Text;
using Newtonsoft.Json;
using SlackNet.WebApi;

namespace SlackNet;

/// <summary>Calls Slack's Web API with one token. Thread-safe.</summary>
public sealed class SlackApiClient(IHttp http, ISlackUrlBuilder urlBuilder, SlackJsonSettings jsonSettings, string token) : ISlackApiClient
{
    /// <summary>
    /// Whether a 429 is thrown at once. By default the call waits as long as Slack says, however long that is, and is sent again.
    /// </summary>
    public bool DisableRetryOnRateLimit { get; set; }

    public IAppsConnectionsApi AppsConnectionsApi => new AppsConnectionsApi(this);

    public IAuthApi Auth => new AuthApi(this);

    public IChatApi Chat => new ChatApi(this);

    public IConversationsApi Conversations => new ConversationsApi(this);

    public IUserGroupUsersApi UserGroupUsers => new UserGroupUsersApi(this);

    /// <inheritdoc />
    public ISlackApiClient WithAccessToken(string accessToken) =>
        new SlackApiClient(http, urlBuilder, jsonSettings, accessToken) { DisableRetryOnRateLimit = DisableRetryOnRateLimit };

    /// <inheritdoc />
    public Task<T> Get<T>(string apiMethod, Dictionary<string, object> args, CancellationToken cancellationToken) where T : class =>
        Call<T>(() => new HttpRequestMessage(HttpMethod.Get, urlBuilder.Url(apiMethod, args)), cancellationToken);

    /// <inheritdoc />
    public Task<T> Post<T>(string apiMethod, Dictionary<string, object> args, CancellationToken cancellationToken) where T : class
    {
        var given = args.Where(arg => arg.Value is not null).ToDictionary(StringComparer.Ordinal);
        var body = JsonConvert.SerializeObject(given, jsonSettings.SerializerSettings);

        return Call<T>(
            () => new HttpRequestMessage(HttpMethod.Post, urlBuilder.Url(apiMethod, [])) { Content = new StringContent(body, Encoding.UTF8, "application/json") },
            cancellationToken);
    }

    private async Task<T> Call<T>(Func<HttpRequestMessage> createRequest, CancellationToken cancellationToken) where T : class
    {
        while (true)
        {
            try
            {
                return await CallOnce<T>(createRequest, cancellationToken);
            }
            catch (SlackRateLimitException limit) when (!DisableRetryOnRateLimit)
            {
                await Task.Delay(limit.RetryAfter ?? TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
            }
        }
    }

    private async Task<T> CallOnce<T>(Func<HttpRequestMessage> createRequest, CancellationToken cancellationToken) where T : class
    {
        using var request = createRequest();
        if (!string.IsNullOrEmpty(token))
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

        var response = await http.Execute<WebApiResponse>(request, cancellationToken);
        if (response is { Ok: false })
            throw new SlackException(Read<ErrorResponse>(response));

        return Read<T>(response);
    }

    private T Read<T>(WebApiResponse response) where T : class =>
        response?.Data?.ToObject<T>(JsonSerializer.Create(jsonSettings.SerializerSettings));
}
