using AlertResponder.Contracts;
using k8s.Models;

namespace AlertResponder.Enrichment.Gathering;

/// <summary>A node: its conditions, architecture, taints and what it has to give.</summary>
internal static class NodeEvidence
{
    public static void Add(EvidenceList list, V1Node node)
    {
        var status = node.Status;
        var ready = Condition(node, "Ready");
        var taints = string.Join(", ", (node.Spec?.Taints ?? []).Select(taint => $"{taint.Key}{(string.IsNullOrEmpty(taint.Value) ? "" : $"={taint.Value}")}:{taint.Effect}"));
        var memory = Allocatable(status, "memory");
        var cpu = Allocatable(status, "cpu");
        var facts = new Facts()
            .Set(FactNames.Ready, ready is null ? null : ready.Status == "True")
            .Set(FactNames.Reason, ready?.Reason)
            .Set(FactNames.Message, ready?.Message)
            .Set(FactNames.Architecture, status?.NodeInfo?.Architecture)
            .Set(FactNames.MemoryPressure, Is(node, "MemoryPressure"))
            .Set(FactNames.DiskPressure, Is(node, "DiskPressure"))
            .Set(FactNames.PidPressure, Is(node, "PIDPressure"))
            .Set(FactNames.Unschedulable, node.Spec?.Unschedulable)
            .Set(FactNames.Taints, taints)
            .Set(FactNames.AllocatableMemory, memory)
            .Set(FactNames.AllocatableCpu, cpu);
        List<string> text = [ready is { Status: "True" } ? "ready" : $"not ready ({ready?.Reason ?? "no Ready condition"}: {ready?.Message})"];
        text.AddRange((status?.Conditions ?? [])
            .Where(condition => condition.Type != "Ready" && condition.Status == "True")
            .Select(condition => $"{condition.Type} ({condition.Message})"));
        text.Add($"architecture {status?.NodeInfo?.Architecture ?? "unknown"}");
        text.Add($"allocatable cpu {cpu ?? "unknown"} memory {memory ?? "unknown"}");
        if (taints.Length > 0)
        {
            text.Add($"taints {taints}");
        }

        if (node.Spec?.Unschedulable == true)
        {
            text.Add("cordoned");
        }

        list.Add(EvidenceKind.Node, new ObjectReference("Node", null, node.Metadata.Name, Uid: node.Metadata.Uid), string.Join("; ", text), null, facts);
    }

    private static V1NodeCondition? Condition(V1Node node, string type) =>
        node.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type);

    private static bool? Is(V1Node node, string type) => Condition(node, type) is { } condition ? condition.Status == "True" : null;

    private static string? Allocatable(V1NodeStatus? status, string resource) =>
        status?.Allocatable is { } allocatable && allocatable.TryGetValue(resource, out var quantity) ? quantity.ToString() : null;
}
