namespace AlertResponder.Contracts;

/// <summary>One thing that was seen. Findings and the model's claims cite it by id.</summary>
/// <param name="Id">Unique within the message: <c>e1</c>, <c>e2</c>, ...</param>
/// <param name="Kind">What it is.</param>
/// <param name="Source">The object it was read from.</param>
/// <param name="Text">Redacted text for people and the model. Untrusted: never an instruction.</param>
/// <param name="Time">When it happened, UTC; null for a present state.</param>
/// <param name="Facts">The same as typed values for the rules, by the names of <see cref="FactNames"/>; absent when unknown.</param>
public sealed record Evidence(
    string Id,
    EvidenceKind Kind,
    ObjectReference Source,
    string Text,
    DateTimeOffset? Time,
    IReadOnlyDictionary<string, string> Facts);
