namespace AlertResponder.Enrichment.Correlation;

/// <summary>What came of resolving a guessed subject with the cluster.</summary>
/// <param name="IsCertain">The incident is open, and its subject is the true one now.</param>
/// <param name="Emissions">What there is to tell.</param>
internal sealed record GuessOutcome(bool IsCertain, IReadOnlyList<Emission> Emissions);
