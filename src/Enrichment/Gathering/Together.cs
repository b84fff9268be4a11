using AlertResponder.Enrichment.Cluster;

namespace AlertResponder.Enrichment.Gathering;

/// <summary>Reads that don't wait for each other.</summary>
internal static class Together
{
    /// <summary>What all of them found, in their order, however they end.</summary>
    public static async Task<IReadOnlyList<Observation>> AllAsync(params IEnumerable<Task<IReadOnlyList<Observation>>> parts) =>
        [.. (await Task.WhenAll(parts)).SelectMany(part => part)];

    /// <summary>One of the parts, by name: what it throws costs that part alone.</summary>
    /// <param name="reads">The incident's reads, which keep the name.</param>
    /// <param name="what">For people: <c>logs</c>, <c>the rollout</c>.</param>
    /// <param name="gather">The part.</param>
    public static async Task<IReadOnlyList<Observation>> GatherAsync(this ClusterReads reads, string what, Func<Task<IReadOnlyList<Observation>>> gather) =>
        await reads.PartAsync(what, gather) ?? [];
}
