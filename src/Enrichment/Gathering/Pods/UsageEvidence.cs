using AlertResponder.Contracts;
using AlertResponder.Enrichment.Gathering.Nodes;
using k8s.Models;

namespace AlertResponder.Enrichment.Gathering.Pods;

/// <summary>What containers and nodes use at the moment.</summary>
internal static class UsageEvidence
{
    public static IEnumerable<Observation> Of(V1Pod pod, PodMetrics? metrics) =>
        (metrics?.Containers ?? []).Select(container => Of(PodEvidence.Reference(pod) with { Container = container.Name }, container.Usage, metrics!.Timestamp));

    public static IEnumerable<Observation> Of(V1Node node, NodeMetrics? metrics) =>
        metrics is null ? [] : [Of(NodeEvidence.Reference(node), metrics.Usage, metrics.Timestamp)];

    private static Observation Of(ObjectReference source, IDictionary<string, ResourceQuantity>? usage, DateTime? at)
    {
        var (memory, cpu) = (Quantity(usage, "memory"), Quantity(usage, "cpu"));
        return new Observation(
            EvidenceKind.Usage,
            source,
            $"uses memory {memory ?? "unknown"} cpu {cpu ?? "unknown"}{(at is { } measured ? $" at {Times.Text(measured)}" : "")}",
            new Facts().Set(FactNames.UsedMemory, memory).Set(FactNames.UsedCpu, cpu),
            at is { } time ? Times.Utc(time) : null);
    }

    private static string? Quantity(IDictionary<string, ResourceQuantity>? usage, string resource) =>
        usage is not null && usage.TryGetValue(resource, out var quantity) ? quantity.ToString() : null;
}
