using System.Text.RegularExpressions;
using AlertResponder.Connections.Slack;
using AlertResponder.Contracts;
using Newtonsoft.Json.Linq;
using SlackNet.Blocks;
using SlackNet.Interaction;

namespace AlertResponder.Gateway.Slack;

/// <summary>A click on one of our buttons: ids, and nothing else of what Slack sends along.</summary>
/// <param name="Id">The same for the same click, however often and whichever way it comes.</param>
/// <param name="User">Who clicked.</param>
/// <param name="Team">The workspace; null where Slack names none.</param>
/// <param name="Channel">Where.</param>
/// <param name="Author">Who posted the message with the button.</param>
/// <param name="Verb">What is asked for.</param>
/// <param name="ProposalId">The proposal.</param>
/// <param name="IncidentId">As the message's metadata says; null when it says nothing.</param>
internal sealed partial record Click(
    Guid Id, string User, string? Team, string Channel, string? Author, RemediationVerb Verb, Guid ProposalId, Guid? IncidentId)
{
    /// <summary>The click that Slack tells of; null when it is on something else than a button of ours.</summary>
    public static Click? Read(BlockActionRequest request)
    {
        var (user, channel) = (request.User?.Id, request.Container?.ChannelId ?? request.Channel?.Id);
        return request.Actions is [ButtonAction action]
            && RemediationButtons.Read(action.ActionId, action.Value) is var (verb, proposalId)
            && user is not null && SlackId().IsMatch(user)
            && channel is not null && SlackId().IsMatch(channel)
            && action.ActionTs is { } at && SlackTimestamp().IsMatch(at)
            && request.Container?.MessageTs is { } messageTs && SlackTimestamp().IsMatch(messageTs)
                ? new Click(
                    MessageIds.For(nameof(Click), channel, messageTs, user, verb, proposalId, at),
                    user,
                    request.Team?.Id,
                    channel,
                    request.Message?.User,
                    verb,
                    proposalId,
                    IncidentOf(request))
                : null;
    }

    private static Guid? IncidentOf(BlockActionRequest request) =>
        request.Message?.Metadata is { EventType: RemediationButtons.EventType, EventPayload: JObject payload }
        && payload[RemediationButtons.IncidentId] is JValue { Value: string value }
        && Guid.TryParseExact(value, "D", out var id)
            ? id
            : null;

    [GeneratedRegex(@"\A[A-Z0-9]{1,32}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SlackId();

    [GeneratedRegex(@"\A[0-9]{1,12}\.[0-9]{1,8}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SlackTimestamp();
}
