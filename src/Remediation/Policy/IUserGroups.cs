namespace AlertResponder.Remediation.Policy;

/// <summary>The user groups of the chat that people click in.</summary>
public interface IUserGroups
{
    /// <summary>The ids of a group's members; null when they cannot be found out at the moment.</summary>
    Task<IReadOnlySet<string>?> MembersAsync(string groupId, CancellationToken cancellationToken);
}
