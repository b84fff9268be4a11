namespace AlertResponder.Enrichment.Comparison;

/// <summary>Whose an alert is, as far as it says: the Alertmanagers of two clusters may state the same address.</summary>
/// <param name="ExternalUrl">Alertmanager's address as the webhook stated it.</param>
/// <param name="Cluster">The alert's label <c>cluster</c>.</param>
internal sealed record AlertOrigin(string? ExternalUrl, string? Cluster);
