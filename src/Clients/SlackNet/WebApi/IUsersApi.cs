namespace SlackNet.WebApi;

public interface IUsersApi
{
    /// <summary>Who a user is; user_not_found for an unknown id.</summary>
    /// <remarks>https://docs.slack.dev/reference/methods/users.info</remarks>
    Task<User> Info(string userId, bool includeLocale = false, CancellationToken cancellationToken = default);
}
