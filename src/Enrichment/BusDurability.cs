namespace AlertResponder.Enrichment;

/// <summary>Whether messages survive a restart of this process.</summary>
internal sealed record BusDurability(bool KeepsMessages);
