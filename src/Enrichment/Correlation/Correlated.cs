namespace AlertResponder.Enrichment.Correlation;

/// <summary>What an alert became.</summary>
/// <param name="Outcome">The decision.</param>
/// <param name="IncidentId">Its incident; null when it has none.</param>
/// <param name="Revision">The incident's revision.</param>
/// <param name="Version">The incident's version.</param>
internal sealed record Correlated(CorrelationOutcome Outcome, Guid? IncidentId, int Revision, int Version);
