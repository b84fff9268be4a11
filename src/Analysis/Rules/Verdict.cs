using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules;

/// <summary>What one rule says about one sick thing.</summary>
/// <param name="Rule">Stable name of the rule in kebab case.</param>
/// <param name="Cause">One line of at most <see cref="Wording.CauseLength"/> characters.</param>
/// <param name="Explanation">One to three sentences.</param>
/// <param name="Finding">One sentence with the object, the container and the numbers.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Confidence">High means certain: the model may explain it, not deny it.</param>
/// <param name="EvidenceIds">What shows it; never empty.</param>
/// <param name="Actions">What would help, best first.</param>
internal sealed record Verdict(
    string Rule,
    string Cause,
    string Explanation,
    string Finding,
    Severity Severity,
    Confidence Confidence,
    IReadOnlyList<string> EvidenceIds,
    IReadOnlyList<SuggestedAction> Actions)
{
    /// <summary>It is about what the alert names, not about a neighbour.</summary>
    public bool IsAlerted { get; init; }

    /// <summary>A change of the workload's template may have brought it, so that a recent one is a suspect.</summary>
    public bool MayComeOfChange { get; init; }

    /// <summary>It follows from something underneath: any other verdict names the cause better.</summary>
    public bool IsConsequence { get; init; }

    /// <summary>Words of which a cause must contain one to agree with this rule; none when many wordings agree.</summary>
    public IReadOnlyList<string> Marks { get; init; } = [];
}
