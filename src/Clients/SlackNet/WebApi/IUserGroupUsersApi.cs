namespace SlackNet.WebApi;

public interface IUserGroupUsersApi
{
    /// <summary>The ids of a user group's members; no_such_subteam for an unknown group.</summary>
    /// <param name="userGroupId">S...; a handle is refused.</param>
    /// <param name="includeDisabled">Whether a disabled group is found too.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <remarks>https://docs.slack.dev/reference/methods/usergroups.users.list</remarks>
    Task<IReadOnlyList<string>> List(string userGroupId, bool includeDisabled = false, CancellationToken cancellationToken = default);
}
