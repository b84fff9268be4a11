namespace AlertResponder.Contracts;

/// <summary>A request was carried out or refused. Published by remediation, consumed by notification.</summary>
/// <param name="IncidentId">The incident.</param>
/// <param name="ProposalId">The proposal.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="Change">What changed; null when nothing did.</param>
/// <param name="RequestedBy">Who asked.</param>
/// <param name="CompletedAt">When, UTC.</param>
/// <param name="RequestId">The request that this answers, the same for the same click; null for what was found out later (verified, ineffective).</param>
/// <param name="Reply">For the incident's thread: a whole diff, a log, a description, events. Redacted, at most 48 KiB; untrusted.</param>
/// <param name="ReplyTitle">What the reply is: <c>Diff of "Restart web"</c>, <c>Log of Pod shop/web-1 (web)</c>; null without a reply.</param>
/// <param name="ForRequesterOnly">A refusal that is told to the requester alone and changes nothing that others see.</param>
public sealed record RemediationCompleted(
    Guid IncidentId,
    Guid ProposalId,
    RemediationOutcome Outcome,
    string Reason,
    string? Change,
    string RequestedBy,
    DateTimeOffset CompletedAt,
    Guid? RequestId = null,
    string? Reply = null,
    string? ReplyTitle = null,
    bool ForRequesterOnly = false);
