namespace AlertResponder.Contracts;

/// <summary>A typed action that would help. Parameters come from evidence, never from the model's text.</summary>
/// <param name="Kind">Name from the catalogue in kebab case, such as <c>increase-memory-limit</c>.</param>
/// <param name="Target">The object to change.</param>
/// <param name="Parameters">By name, as Kubernetes writes the values.</param>
/// <param name="EvidenceIds">The evidence it was derived from.</param>
public sealed record SuggestedAction(
    string Kind,
    ObjectReference Target,
    IReadOnlyDictionary<string, string> Parameters,
    IReadOnlyList<string> EvidenceIds)
{
    /// <summary>The kind that silences an incident's alerts, which is lifted rather than undone.</summary>
    public const string SilenceKind = "silence";
}
