using System.Net;
using Newtonsoft.Json;

namespace SlackNet;

internal sealed class Http(Func<HttpClient> getHttpClient, SlackJsonSettings jsonSettings) : IHttp
{
    public async Task<T> Execute<T>(HttpRequestMessage requestMessage, CancellationToken cancellationToken = default)
    {
        using var response = await getHttpClient().SendAsync(requestMessage, cancellationToken);

        if (response.StatusCode == HttpStatusCode.TooManyRequests)
            throw new SlackRateLimitException(response.Headers.RetryAfter?.Delta);
        response.EnsureSuccessStatusCode();

        var contentType = response.Content.Headers.ContentType ?? throw new HttpRequestException("Slack answered without a content type.");
        if (contentType.MediaType != "application/json")
            return default;

        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        return JsonConvert.DeserializeObject<T>(body, jsonSettings.SerializerSettings);
    }
}
