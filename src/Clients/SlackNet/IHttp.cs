namespace SlackNet;

/// <summary>Sends a request and reads its JSON answer.</summary>
public interface IHttp
{
    /// <summary>The answer; null when it is successful but no JSON.</summary>
    /// <exception cref="SlackRateLimitException">429.</exception>
    /// <exception cref="HttpRequestException">Any other status that is not a success, or no connection.</exception>
    /// <exception cref="Newtonsoft.Json.JsonException">The answer says that it is JSON and is not.</exception>
    Task<T> Execute<T>(HttpRequestMessage requestMessage, CancellationToken cancellationToken = default);
}
