namespace AlertResponder.Contracts;

/// <summary>A person clicked. Published by the gateway, consumed by remediation.</summary>
/// <param name="IncidentId">The incident.</param>
/// <param name="ProposalId">The proposal of the button.</param>
/// <param name="Verb">Execute, preview or undo.</param>
/// <param name="RequestedBy">The person, as the channel names them (a Slack user id).</param>
/// <param name="RequestedAt">When the click arrived, UTC.</param>
/// <param name="Channel">How it came: <c>slack</c>, <c>socket-mode</c>, <c>page</c>.</param>
/// <param name="SourceChannelId">The Slack channel that the button was clicked in; null when it came another way.</param>
/// <param name="Groups">Those of the Slack user groups named in <c>Remediation:Approvers</c> that have the person, as Slack says; null when that could not be found out.</param>
/// <param name="ClickId">The same for the same click, whenever its copies arrive and however they come; null from a gateway that told none.</param>
public sealed record RemediationRequested(
    Guid IncidentId,
    Guid ProposalId,
    RemediationVerb Verb,
    string RequestedBy,
    DateTimeOffset RequestedAt,
    string Channel,
    string? SourceChannelId = null,
    IReadOnlyList<string>? Groups = null,
    Guid? ClickId = null);
