using AlertResponder.Contracts;

namespace AlertResponder.Incidents;

/// <summary>One action that people may request, from its offer to its outcome. Written by remediation alone.</summary>
public sealed class Proposal
{
    /// <summary>Derived from what it would do, to what, in which state of that.</summary>
    public Guid Id { get; init; }

    public Guid IncidentId { get; init; }

    /// <summary>The revision whose analysis suggested it.</summary>
    public int Revision { get; init; }

    /// <summary>The best is 0.</summary>
    public int Position { get; init; }

    /// <summary>The incident's: what did not help a subject is not offered to it in its next incident.</summary>
    public required string SubjectKey { get; init; }

    /// <summary>Name from the catalogue.</summary>
    public required string Kind { get; init; }

    /// <summary>The <c>SuggestedAction</c>, its parameters complete.</summary>
    public required string ActionJson { get; init; }

    /// <summary>For people: <c>Increase memory limit of scraper to 512Mi</c>.</summary>
    public required string Title { get; init; }

    public RiskClass Risk { get; init; }

    /// <summary>From the server's dry run; null where nothing is changed.</summary>
    public string? Diff { get; init; }

    /// <summary>The same for a confirm dialog: at most 250 characters.</summary>
    public string? ShortDiff { get; init; }

    /// <summary>What to know before it is requested, such as who may revert it; null when there is nothing.</summary>
    public string? Caution { get; init; }

    /// <summary>What must still be so when it is carried out.</summary>
    public string? PreconditionJson { get; init; }

    /// <summary>What undo puts back; null when it cannot be undone.</summary>
    public string? UndoJson { get; set; }

    public ProposalState State { get; set; }

    /// <summary>For people: <c>rolling out 2/3</c>, or how it ended.</summary>
    public string? Progress { get; set; }

    /// <summary>Who requested it.</summary>
    public string? RequestedBy { get; set; }

    /// <summary>The second person.</summary>
    public string? ApprovedBy { get; set; }

    /// <summary>Who asked to undo it.</summary>
    public string? UndoneBy { get; set; }

    /// <summary>The request by which a worker carries it out, or takes it back.</summary>
    public Guid? RequestId { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Refused after this.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RequestedAt { get; set; }

    public DateTimeOffset? AppliedAt { get; set; }

    /// <summary>When its present state, of those that don't pass by themselves, began.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Ineffective when it is not verified by then.</summary>
    public DateTimeOffset? DeadlineAt { get; set; }

    /// <summary>When it is looked at next: it expires, is observed, or its worker has stopped; null when nothing will happen by itself.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>The span that last requested it or its undoing, as a W3C traceparent; null without tracing.</summary>
    public string? Traceparent { get; set; }
}
