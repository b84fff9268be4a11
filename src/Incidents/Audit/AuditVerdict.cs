namespace AlertResponder.Incidents.Audit;

/// <summary>What verifying the chain has found.</summary>
/// <param name="Sequence">The last row that is as it was written.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Problem">What is wrong behind it; null when nothing is.</param>
public sealed record AuditVerdict(long Sequence, string Hash, string? Problem)
{
    public bool IsWhole => Problem is null;
}
