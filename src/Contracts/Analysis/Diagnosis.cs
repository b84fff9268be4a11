namespace AlertResponder.Contracts;

/// <summary>What is wrong and why.</summary>
/// <param name="Cause">One line.</param>
/// <param name="Explanation">One to three sentences.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Confidence">How sure that is.</param>
/// <param name="Findings">The reasons, most important first.</param>
/// <param name="Doubt">What the model holds against the cause where the rules are certain of it, one line; null without.</param>
public sealed record Diagnosis(
    string Cause,
    string Explanation,
    Severity Severity,
    Confidence Confidence,
    IReadOnlyList<Finding> Findings,
    string? Doubt = null);
