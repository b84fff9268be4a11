namespace AlertResponder.Enrichment;

/// <summary>A message to publish, with the id that its meaning gives it.</summary>
internal sealed record Emission(Guid Id, object Message);
