namespace AlertResponder.Incidents.Audit;

/// <summary>Where the chain ends, in a row of its own: without it nobody would miss the last rows.</summary>
public sealed class AuditHead
{
    /// <summary>There is one row, with this id.</summary>
    public const int OnlyId = 1;

    public int Id { get; init; } = OnlyId;

    /// <summary>Of the last row; 0 while there is none.</summary>
    public long Sequence { get; init; }

    /// <summary>Of the last row.</summary>
    public required string Hash { get; init; }
}
