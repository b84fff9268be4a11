namespace AlertResponder.Analysis.Rules;

/// <summary>A rule of the engine.</summary>
/// <param name="Name">In kebab case, for people; the same for all verdicts of a rule that has several.</param>
/// <param name="Check">What it says about a case; nothing where it does not apply.</param>
internal sealed record Rule(string Name, Func<CaseFile, IEnumerable<Verdict>> Check);
