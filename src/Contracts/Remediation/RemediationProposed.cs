namespace AlertResponder.Contracts;

/// <summary>The suggested actions that are allowed. Published by remediation, consumed by notification.</summary>
/// <param name="IncidentId">The incident.</param>
/// <param name="Revision">The revision whose analysis suggested them.</param>
/// <param name="Proposals">Possibly none.</param>
public sealed record RemediationProposed(Guid IncidentId, int Revision, IReadOnlyList<RemediationProposal> Proposals);
