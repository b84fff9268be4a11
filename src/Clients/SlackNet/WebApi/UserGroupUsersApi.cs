namespace SlackNet.WebApi;

internal sealed class UserGroupUsersApi(ISlackApiClient client) : IUserGroupUsersApi
{
    public async Task<IReadOnlyList<string>> List(string userGroupId, bool includeDisabled = false, CancellationToken cancellationToken = default) =>
        (await client.Get<MembershipResponse>(
            "usergroups.users.list",
            new Dictionary<string, object>(StringComparer.Ordinal) { ["usergroup"] = userGroupId, ["include_disabled"] = includeDisabled },
            cancellationToken)).Users;

    private sealed record MembershipResponse(IReadOnlyList<string> Users);
}
