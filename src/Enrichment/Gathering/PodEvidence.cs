using AlertResponder.Contracts;
using k8s.Models;

namespace AlertResponder.Enrichment.Gathering;

/// <summary>A pod: its phase, what keeps it from being ready, where it runs.</summary>
internal static class PodEvidence
{
    public static ObjectReference Reference(V1Pod pod) => new("Pod", pod.Metadata.NamespaceProperty, pod.Metadata.Name, Uid: pod.Metadata.Uid);

    public static void Add(EvidenceList list, V1Pod pod)
    {
        var scheduled = pod.Status?.Conditions?.FirstOrDefault(condition => condition.Type == "PodScheduled");
        var unscheduled = scheduled is { Status: "False" };
        var facts = new Facts()
            .Set(FactNames.Phase, pod.Status?.Phase)
            .Set(FactNames.Node, pod.Spec?.NodeName)
            .Set(FactNames.RestartPolicy, pod.Spec?.RestartPolicy)
            .Set(FactNames.Scheduled, scheduled is null ? null : !unscheduled)
            .Set(FactNames.Reason, unscheduled ? scheduled?.Reason : pod.Status?.Reason)
            .Set(FactNames.Message, unscheduled ? scheduled?.Message : pod.Status?.Message);
        List<string> text = [$"phase {pod.Status?.Phase ?? "unknown"}"];
        if (!string.IsNullOrEmpty(pod.Status?.Reason))
        {
            text.Add($"{pod.Status.Reason} {pod.Status.Message}".TrimEnd());
        }

        text.AddRange((pod.Status?.Conditions ?? [])
            .Where(condition => condition.Status == "False")
            .Select(condition => $"not {condition.Type} ({condition.Reason}{(string.IsNullOrEmpty(condition.Message) ? "" : $": {condition.Message}")})"));
        text.Add(string.IsNullOrEmpty(pod.Spec?.NodeName) ? "on no node" : $"on node {pod.Spec.NodeName}");
        list.Add(EvidenceKind.Pod, Reference(pod), string.Join("; ", text), null, facts);
    }

    /// <summary>How much a pod deserves a look: the sickest first.</summary>
    public static int Sickness(V1Pod pod)
    {
        var statuses = (pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.ContainerStatuses ?? []).ToArray();
        var ready = pod.Status?.Phase == "Succeeded" || (statuses.Length > 0 && statuses.All(status => status.Ready));
        return (ready ? 0 : 1_000_000) + Math.Min(statuses.Sum(status => status.RestartCount), 999_999);
    }
}
