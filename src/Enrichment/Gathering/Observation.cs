using AlertResponder.Contracts;

namespace AlertResponder.Enrichment.Gathering;

/// <summary>A piece of evidence before it has its place among the others.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Source">The object it was read from.</param>
/// <param name="Text">For people and the model; not yet redacted.</param>
/// <param name="Facts">For the rules.</param>
/// <param name="Time">When it happened; null for a present state.</param>
internal sealed record Observation(EvidenceKind Kind, ObjectReference Source, string Text, Facts Facts, DateTimeOffset? Time = null)
{
    /// <summary>Something beside the sick thing, to compare it with: worth less than anything about the thing itself.</summary>
    public bool IsAside { get; init; }
}
