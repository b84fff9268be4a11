using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules;

/// <summary>What the rules say about a context, at no cost.</summary>
/// <param name="Diagnosis">With a finding for each rule that fired.</param>
/// <param name="Primary">The verdict that the cause is from.</param>
/// <param name="SuggestedActions">What would help, best first.</param>
/// <param name="OfferedActions">What the model may choose from: the suggested ones and more, all with parameters from evidence.</param>
/// <param name="Commands">kubectl commands to look further.</param>
/// <param name="Failures">The rules that failed and were left out.</param>
internal sealed record RulesDiagnosis(
    Diagnosis Diagnosis,
    Verdict Primary,
    IReadOnlyList<SuggestedAction> SuggestedActions,
    IReadOnlyList<SuggestedAction> OfferedActions,
    IReadOnlyList<string> Commands,
    IReadOnlyList<RuleFailure> Failures)
{
    /// <summary>The rule is sure: its cause can be explained better, not denied.</summary>
    public bool IsCertain => Diagnosis.Confidence == Confidence.High;

    /// <summary>The subject was seen to be healthy.</summary>
    public bool IsHealthy => Primary.Rule == Recovered.Name;
}
