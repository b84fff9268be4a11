namespace AlertResponder.Contracts;

/// <summary>A request was carried out or refused. Published by remediation, consumed by notification.</summary>
/// <param name="IncidentId">The incident.</param>
/// <param name="ProposalId">The proposal.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="Change">What changed; null when nothing did.</param>
/// <param name="RequestedBy">Who asked.</param>
/// <param name="CompletedAt">When, UTC.</param>
public sealed record RemediationCompleted(
    Guid IncidentId,
    Guid ProposalId,
    RemediationOutcome Outcome,
    string Reason,
    string? Change,
    string RequestedBy,
    DateTimeOffset CompletedAt);
