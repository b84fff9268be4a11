namespace AlertResponder.Incidents.Audit;

/// <summary>A row of the audit trail: an <see cref="AuditRecord"/> with its place in the chain. Never changed, never deleted.</summary>
public sealed class AuditEntry
{
    /// <summary>1, 2, 3 ... without a gap.</summary>
    public long Sequence { get; init; }

    public Guid Id { get; init; }

    public DateTimeOffset At { get; init; }

    public AuditStep Step { get; init; }

    public Guid IncidentId { get; init; }

    public Guid ProposalId { get; init; }

    public required string Actor { get; init; }

    public string? Channel { get; init; }

    public required string Action { get; init; }

    public required string Target { get; init; }

    public string? Reason { get; init; }

    public string? Before { get; init; }

    public string? After { get; init; }

    /// <summary>The hash of the row before; 64 zeros for the first.</summary>
    public required string PreviousHash { get; init; }

    /// <summary>SHA-256 over all the others, in lower-case hex.</summary>
    public required string Hash { get; init; }
}
