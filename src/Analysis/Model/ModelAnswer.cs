using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Model;

/// <summary>The model's answer as it came, its form checked, its claims not.</summary>
/// <param name="Cause">One line.</param>
/// <param name="Explanation">Sentences; possibly empty.</param>
/// <param name="Severity">The model's opinion.</param>
/// <param name="Confidence">The model's opinion.</param>
/// <param name="EvidenceIds">What it cites.</param>
/// <param name="ActionKinds">What it would do, best first.</param>
/// <param name="Commands">What it would look at.</param>
internal sealed record ModelAnswer(
    string Cause,
    string Explanation,
    Severity Severity,
    Confidence Confidence,
    IReadOnlyList<string> EvidenceIds,
    IReadOnlyList<string> ActionKinds,
    IReadOnlyList<string> Commands);
