namespace SlackNet.WebApi;

internal sealed class UsersApi(ISlackApiClient client) : IUsersApi
{
    public async Task<User> Info(string userId, bool includeLocale = false, CancellationToken cancellationToken = default) =>
        (await client.Get<UserResponse>(
            "users.info",
            new Dictionary<string, object>(StringComparer.Ordinal) { ["user"] = userId, ["include_locale"] = includeLocale },
            cancellationToken)).User;

    private sealed record UserResponse(User User);
}
