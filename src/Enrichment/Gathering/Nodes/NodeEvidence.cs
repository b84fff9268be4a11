using AlertResponder.Contracts;
using k8s.Models;

namespace AlertResponder.Enrichment.Gathering.Nodes;

/// <summary>A node: its conditions, architecture, taints and what it has to give.</summary>
internal static class NodeEvidence
{
    private static readonly string[] OfKubelet = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable"];
    private static readonly string[] OrdinaryLabels = ["beta.kubernetes.io/", "kubernetes.io/os", "node.kubernetes.io/instance-type"];

    public static Observation Of(V1Node node)
    {
        var status = node.Status;
        var ready = Condition(node, "Ready");
        var taints = string.Join(", ", (node.Spec?.Taints ?? []).Select(taint => $"{taint.Key}{(string.IsNullOrEmpty(taint.Value) ? "" : $"={taint.Value}")}:{taint.Effect}"));
        var memory = Allocatable(status, "memory");
        var cpu = Allocatable(status, "cpu");
        var facts = new Facts()
            .Set(FactNames.Ready, ready is null ? null : ready.Status == "True")
            .Set(FactNames.ReadyStatus, ready?.Status)
            .Set(FactNames.ReadySince, ready?.LastTransitionTime)
            .Set(FactNames.Reason, ready?.Reason)
            .Set(FactNames.Message, ready?.Message)
            .Set(FactNames.Architecture, status?.NodeInfo?.Architecture)
            .Set(FactNames.KubeletVersion, status?.NodeInfo?.KubeletVersion)
            .Set(FactNames.MemoryPressure, Is(node, "MemoryPressure"))
            .Set(FactNames.DiskPressure, Is(node, "DiskPressure"))
            .Set(FactNames.PidPressure, Is(node, "PIDPressure"))
            .Set(FactNames.NetworkUnavailable, Is(node, "NetworkUnavailable"))
            .Set(FactNames.Unschedulable, node.Spec?.Unschedulable)
            .Set(FactNames.Taints, taints)
            .Set(FactNames.Problems, string.Join(", ", Problems(node).Select(problem => $"{problem.Type}: {problem.Message}")))
            .Set(FactNames.Labels, string.Join(",", (node.Metadata.Labels ?? new Dictionary<string, string>())
                .Where(label => !OrdinaryLabels.Any(ordinary => label.Key.StartsWith(ordinary, StringComparison.Ordinal)))
                .Select(label => $"{label.Key}={label.Value}")))
            .Set(FactNames.AllocatableMemory, memory)
            .Set(FactNames.AllocatableCpu, cpu)
            .Set(FactNames.AllocatablePods, Allocatable(status, "pods"));
        var since = ready?.LastTransitionTime is { } changed ? $" since {Times.Text(changed)}" : "";
        List<string> text = [ready is { Status: "True" } ? $"ready{since}" : $"not ready{since} ({ready?.Reason ?? "no Ready condition"}: {ready?.Message})"];
        text.AddRange((status?.Conditions ?? [])
            .Where(condition => condition.Type != "Ready" && condition.Status == "True")
            .Select(condition => $"{condition.Type} ({condition.Message})"));
        text.Add($"architecture {status?.NodeInfo?.Architecture ?? "unknown"}");
        text.Add($"kubelet {status?.NodeInfo?.KubeletVersion ?? "unknown"}");
        text.Add($"allocatable cpu {cpu ?? "unknown"} memory {memory ?? "unknown"}");
        if (taints.Length > 0)
        {
            text.Add($"taints {taints}");
        }

        if (node.Spec?.Unschedulable == true)
        {
            text.Add("cordoned");
        }

        return new Observation(EvidenceKind.Node, Reference(node), string.Join("; ", text), facts);
    }

    public static ObjectReference Reference(V1Node node) => new("Node", null, node.Metadata.Name, Uid: node.Metadata.Uid);

    /// <summary>Ready and under no pressure, so that its events are of no interest.</summary>
    public static bool IsWell(V1Node node) =>
        (node.Status?.Conditions ?? []).All(condition => condition.Status == (condition.Type == "Ready" ? "True" : "False"));

    /// <summary>What a problem detector found: conditions that are false as long as all is well.</summary>
    private static IEnumerable<V1NodeCondition> Problems(V1Node node) =>
        (node.Status?.Conditions ?? []).Where(condition => condition.Status == "True" && !OfKubelet.Contains(condition.Type, StringComparer.Ordinal));

    /// <summary>How much it has to give, to compare nodes.</summary>
    public static decimal Room(V1Node node) => node.Status?.Allocatable is { } allocatable && allocatable.TryGetValue("memory", out var memory) ? memory.ToDecimal() : 0;

    private static V1NodeCondition? Condition(V1Node node, string type) =>
        node.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type);

    private static bool? Is(V1Node node, string type) => Condition(node, type) is { } condition ? condition.Status == "True" : null;

    private static string? Allocatable(V1NodeStatus? status, string resource) =>
        status?.Allocatable is { } allocatable && allocatable.TryGetValue(resource, out var quantity) ? quantity.ToString() : null;
}
