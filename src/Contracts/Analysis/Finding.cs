namespace AlertResponder.Contracts;

/// <summary>What one rule, or one checked claim of the model, says.</summary>
/// <param name="Rule">Stable name of the rule in kebab case (<c>oom-killed</c>); <c>model</c> for a claim of the model.</param>
/// <param name="Text">One sentence with the object, the container and the numbers.</param>
/// <param name="EvidenceIds">The evidence that shows it; never empty for a rule.</param>
public sealed record Finding(string Rule, string Text, IReadOnlyList<string> EvidenceIds);
