namespace AlertResponder.Contracts;

/// <summary>The incident's message must be redrawn. Published by enrichment, consumed by notification.</summary>
/// <param name="IncidentId">The incident.</param>
/// <param name="Revision">Its present revision.</param>
/// <param name="Change">What happened.</param>
public sealed record IncidentChanged(Guid IncidentId, int Revision, IncidentChange Change);
