using SlackNet.WebApi;

namespace SlackNet;

/// <summary>Slack's Web API, as far as the pipeline calls it. Every method throws what <see cref="Post{T}"/> throws.</summary>
public interface ISlackApiClient
{
    IAppsConnectionsApi AppsConnectionsApi { get; }

    IAuthApi Auth { get; }

    IChatApi Chat { get; }

    IConversationsApi Conversations { get; }

    IUserGroupUsersApi UserGroupUsers { get; }

    /// <summary>Calls a method that takes its arguments in the query.</summary>
    /// <inheritdoc cref="Post{T}" path="/returns | /exception" />
    Task<T> Get<T>(string apiMethod, Dictionary<string, object> args, CancellationToken cancellationToken) where T : class;

    /// <summary>Calls a method that takes its arguments as JSON. Arguments that are null are left out.</summary>
    /// <returns>The answer; null when it is successful and has nothing but <c>ok</c>, or is no JSON at all.</returns>
    /// <exception cref="SlackException">Slack refuses the request; <see cref="SlackException.ErrorCode"/> says why.</exception>
    /// <exception cref="SlackRateLimitException">429, with <see cref="SlackApiClient.DisableRetryOnRateLimit"/>.</exception>
    /// <exception cref="HttpRequestException">Any other status that is not a success (<c>StatusCode</c>), or no connection.</exception>
    /// <exception cref="Newtonsoft.Json.JsonException">The answer cannot be read.</exception>
    Task<T> Post<T>(string apiMethod, Dictionary<string, object> args, CancellationToken cancellationToken) where T : class;

    /// <summary>A client like this one with another token.</summary>
    ISlackApiClient WithAccessToken(string accessToken);
}
