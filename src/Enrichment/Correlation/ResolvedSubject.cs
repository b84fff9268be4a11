using AlertResponder.Contracts;

namespace AlertResponder.Enrichment.Correlation;

/// <summary>What an alert is about.</summary>
/// <param name="Subject">The sick thing.</param>
/// <param name="IsGuess">It was told from names, since the cluster did not answer, and may be another when it does.</param>
internal sealed record ResolvedSubject(Subject Subject, bool IsGuess = false);
