using AlertResponder.Contracts;

namespace AlertResponder.Incidents;

/// <summary>A proposal as people see it.</summary>
/// <param name="Id">What a button carries.</param>
/// <param name="Revision">The revision whose analysis suggested it.</param>
/// <param name="Action">What it does to what.</param>
/// <param name="Title">For a button: <c>Increase memory limit of scraper to 512Mi</c>.</param>
/// <param name="Risk">Its risk class.</param>
/// <param name="Diff">The whole diff of the server's dry run; null for an action that only reads.</param>
/// <param name="ShortDiff">The same for a confirm dialog, at most 250 characters; null without a diff.</param>
/// <param name="Caution">What to know before it is requested; null when there is nothing.</param>
/// <param name="State">How far it is.</param>
/// <param name="Progress">For people: <c>rolling out 2/3</c>, or how it ended; null when there is nothing to say.</param>
/// <param name="CanBeUndone">Whether undo may be requested now.</param>
/// <param name="RequestedBy">Who requested it; null before.</param>
/// <param name="ApprovedBy">The second person; null when there is none.</param>
/// <param name="UndoneBy">Who asked to undo it; null when nobody did.</param>
/// <param name="ExpiresAt">Refused after this, UTC.</param>
/// <param name="RequestedAt">When it was requested, UTC.</param>
/// <param name="AppliedAt">When the cluster took it, UTC.</param>
/// <param name="EndedAt">When it ended, UTC.</param>
public sealed record ProposalSnapshot(
    Guid Id,
    int Revision,
    SuggestedAction Action,
    string Title,
    RiskClass Risk,
    string? Diff,
    string? ShortDiff,
    string? Caution,
    ProposalState State,
    string? Progress,
    bool CanBeUndone,
    string? RequestedBy,
    string? ApprovedBy,
    string? UndoneBy,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? RequestedAt,
    DateTimeOffset? AppliedAt,
    DateTimeOffset? EndedAt);
