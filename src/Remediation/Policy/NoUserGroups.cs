namespace AlertResponder.Remediation.Policy;

/// <summary>Without Slack there are no groups.</summary>
internal sealed class NoUserGroups : IUserGroups
{
    public Task<IReadOnlySet<string>?> MembersAsync(string groupId, CancellationToken cancellationToken) => Task.FromResult<IReadOnlySet<string>?>(null);
}
