using System.Collections.Concurrent;
using AlertResponder.Resilience;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using SlackNet;
using SlackNet.WebApi;

namespace AlertResponder.Gateway.Slack;

/// <summary>What Slack knows of who clicks, and of us.</summary>
/// <param name="slack">The Web API, by way of its upstream; null without a bot token, when nobody can be asked.</param>
/// <param name="upstream">Slack's pipeline of retries and breaker.</param>
/// <param name="approvers">Section <c>Remediation:Approvers</c>: an entry that is a user group is <c>@S0123ABCD</c>, or has it as its <c>Group</c>.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">For what a person should mend.</param>
internal sealed partial class SlackDirectory(
    ISlackApiClient? slack, Upstream? upstream, IConfiguration approvers, TimeProvider time, ILogger<SlackDirectory> logger)
{
    private static readonly TimeSpan GroupsLast = TimeSpan.FromMinutes(5);

    // Of the three seconds that Slack waits for the answer to a click.
    private static readonly TimeSpan GroupsDeadline = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Membership> known = new(StringComparer.Ordinal);

    // Asked once: a token is never another workspace's.
    private volatile AuthTestResponse? identity;

    /// <summary>Whether a message is of this app: in its workspace, posted by its bot. Without a bot token the signature must do.</summary>
    /// <param name="team">The workspace; null where Slack names none, as for an app that a whole organisation has installed.</param>
    /// <param name="author">Who posted it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> IsOursAsync(string? team, string? author, CancellationToken cancellationToken)
    {
        if (slack is null || upstream is null)
        {
            return true;
        }

        var bot = identity ??= await upstream.CallAsync(token => slack.Auth.Test(token), cancellationToken);
        return author == bot.UserId && (team is null || team == bot.TeamId);
    }

    /// <summary>The ids of the user groups that approve and have the person; null when none of those that can be read has, and one cannot.</summary>
    public async Task<IReadOnlyList<string>?> GroupsOfAsync(string user, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(GroupsDeadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var groups = approvers.GetChildren().Select(approver => approver.Value?.Trim() is ['@', .. var group] ? group : approver["Group"]).OfType<string>()
            .Distinct(StringComparer.Ordinal).ToArray();
        var members = await Task.WhenAll(groups.Select(group => MembersAsync(group, either.Token)));
        cancellationToken.ThrowIfCancellationRequested();
        string[] having = [.. groups.Where((_, index) => members[index]?.Contains(user, StringComparer.Ordinal) == true)];
        return having.Length == 0 && members.Contains(null) ? null : having;
    }

    /// <returns>Null when they cannot be read.</returns>
    private async Task<IReadOnlyList<string>?> MembersAsync(string group, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (known.TryGetValue(group, out var membership) && now < membership.GoodUntil)
        {
            return membership.Users;
        }

        if (slack is null || upstream is null)
        {
            return null;
        }

        try
        {
            var users = await upstream.CallAsync(token => slack.UserGroupUsers.List(group, cancellationToken: token), cancellationToken);
            known[group] = new Membership(users, now + GroupsLast);
            return users;
        }
        catch (Exception e)
        {
            Log.NotRead(logger, group, (e as SlackException)?.ErrorCode ?? e.GetType().Name);
            return null;
        }
    }

    private sealed record Membership(IReadOnlyList<string> Users, DateTimeOffset GoodUntil);

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The members of Slack's user group {Group} cannot be read ({Error}), so nobody approves by it: see that the bot has the scope usergroups:read and that the group exists")]
        public static partial void NotRead(ILogger logger, string group, string error);
    }
}
