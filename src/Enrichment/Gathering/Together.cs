namespace AlertResponder.Enrichment.Gathering;

/// <summary>Reads that don't wait for each other.</summary>
internal static class Together
{
    /// <summary>What all of them found, in their order, however they end.</summary>
    public static async Task<IReadOnlyList<Observation>> AllAsync(params IEnumerable<Task<IReadOnlyList<Observation>>> parts) =>
        [.. (await Task.WhenAll(parts)).SelectMany(part => part)];
}
