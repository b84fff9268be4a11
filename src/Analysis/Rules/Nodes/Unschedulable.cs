using AlertResponder.Analysis.Rules.Pods;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules.Nodes;

/// <summary>Pods that fit on no node: what is in the way, by the scheduler's message.</summary>
internal static class Unschedulable
{
    public const string Name = "unschedulable";

    public static IEnumerable<Verdict> Check(CaseFile file)
    {
        // A scheduled pod may keep an old FailedScheduling event: the pod decides, the event explains.
        var pending = file.Pods.Where(pod => pod.IsUnscheduled).ToArray();
        if (pending.Length == 0)
            yield break;

        foreach (var group in pending
            .Select(pod => (Pod: pod, Said: Said(file, pod)))
            .GroupBy(item => item.Said.Text, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()))
        {
            yield return Verdict(file, [.. group.Select(item => item.Pod)], group.Key, group.First().Said.Event);
        }
    }

    /// <summary>A failed node is among what keeps the pod from being placed.</summary>
    public static bool IsKeptOffByNodeFailure(CaseFile file, PodState pod) =>
        SchedulerMessage.Parse(Said(file, pod).Text).Obstacles.Any(obstacle =>
            obstacle.Detail.StartsWith("node.kubernetes.io/not-ready", StringComparison.Ordinal)
            || obstacle.Detail.StartsWith("node.kubernetes.io/unreachable", StringComparison.Ordinal));

    private static Verdict Verdict(CaseFile file, IReadOnlyList<PodState> pods, string text, Evidence? shown)
    {
        var all = file.Pods.Count;
        var who = all > 1 ? $"{pods.Count} of {Wording.Count(all, "pod")}" : $"pod {pods[0].Name}";
        var message = SchedulerMessage.Parse(text);
        var obstacles = text.Length == 0 ? "the scheduler does not say why" : string.Join(", ", message.Obstacles);
        var nodes = message.Nodes is { } count ? $"none of {Wording.Count(count, "node")} fits" : "no node fits";
        var selector = message.Obstacles.Any(obstacle => obstacle.Kind == ObstacleKind.Affinity) && pods[0].Evidence.Fact(FactNames.NodeSelector) is { } wanted
            ? $" It asks for nodes with {Wording.Cut(wanted, 160)}."
            : "";
        selector += Room(file, message);
        var closed = message.Obstacles.Any(obstacle => obstacle.Kind == ObstacleKind.Cordoned || obstacle.Detail.StartsWith("node.kubernetes.io/unschedulable", StringComparison.Ordinal))
            ? file.Nodes.Where(node => node.IsCordoned).ToArray()
            : [];
        if (closed.Length > 0)
            selector += $" Cordoned: {string.Join(", ", closed.Take(3).Select(node => node.Name))}.";
        var asked = Asked(file, pods[0], message);
        string[] ids = [.. pods.Take(5).Select(pod => pod.Id), .. shown is null ? [] : new[] { shown.Id }, .. closed.Take(3).Select(node => node.Id)];

        return new Verdict(
            Name,
            Wording.Cause(
                $"{file.Subject.Name()}: {who} cannot be scheduled: {obstacles}",
                $"{who} cannot be scheduled: {obstacles}",
                $"{who} cannot be scheduled: {nodes}"),
            $"{file.Subject.Name()}: {who} {(pods.Count > 1 ? "wait" : "waits")} for a node; {nodes}: {obstacles}.{asked}{selector}",
            $"{Capital(who)} cannot be scheduled; {nodes}: {obstacles}.",
            pods.Count == all && file.Subject.Kind is "Deployment" or "StatefulSet" or "DaemonSet" or "Pod" ? Severity.Critical : Severity.Warning,
            text.Length == 0 ? Confidence.Medium : Confidence.High,
            ids,
            [
                .. closed.Where(node => node.IsHealthy).Select(Actions.UncordonNode),
                .. FewerReplicas(file, message, ids) is { } fewer ? new[] { fewer } : [],
                Actions.ViewEvents(pods[0].Evidence.Source, ids),
                Actions.Describe(pods[0].Evidence.Source, pods[0].Id),
            ])
        {
            IsAlerted = file.IsAlerted(pods),
            MayComeOfChange = true,
            IsConsequence = file.Nodes.Any(node => node.IsNotReady) && pods.Any(pod => IsKeptOffByNodeFailure(file, pod)),
            Marks = ["schedul", "node", "pending", "insufficient", "taint", "affinity", "selector", "claim", "volume"],
        };
    }

    /// <summary>
    /// As many as have found their place, where each wants a node to itself and there are no more nodes: that passes neither by waiting nor
    /// by itself. Not in the middle of a roll-out.
    /// </summary>
    private static SuggestedAction? FewerReplicas(CaseFile file, SchedulerMessage message, IReadOnlyList<string> ids) =>
        message.Obstacles.Count > 0 && message.Obstacles.All(obstacle => obstacle.Kind is ObstacleKind.Spread or ObstacleKind.Taint)
        && message.Obstacles.Any(obstacle => obstacle.Detail.Contains("anti-affinity", StringComparison.Ordinal))
        && file.Owner(file.Subject.Kind, file.Subject.Name) is { } owner
        && owner.Number(FactNames.ReadyReplicas) is > 0 and var ready && ready < owner.Number(FactNames.Desired)
        && (file.Subject.Kind != "Deployment" || owner.Number(FactNames.UpdatedReplicas) == owner.Number(FactNames.Desired))
            ? Actions.ScaleWorkload(file, ready, [.. ids, owner.Id])
            : null;

    /// <summary>What the pod asks for of that which the nodes lack.</summary>
    private static string Asked(CaseFile file, PodState pod, SchedulerMessage message)
    {
        List<string> asked = [];
        foreach (var (resource, request) in new[] { ("cpu", FactNames.CpuRequest), ("memory", FactNames.MemoryRequest) })
        {
            if (!message.Obstacles.Any(obstacle => obstacle.Kind == ObstacleKind.Resource && obstacle.Detail == resource))
                continue;
            var requests = file.Containers.Where(container => container.Pod == pod.Name && !container.IsInit).Select(container => container.Evidence.Fact(request)).OfType<string>().ToArray();
            if (requests.Length > 0)
                asked.Add($"{resource} {string.Join(" + ", requests)}{Most(file, resource, requests)}");
        }

        return asked.Count == 0 ? "" : $" It requests {string.Join(" and ", asked)}.";
    }

    // Only where no node of the cluster could ever take it: then waiting and moving others is in vain.
    private static string Most(CaseFile file, string resource, string[] requests)
    {
        var most = file.Nodes.Select(node => node.Evidence.Fact(resource == "cpu" ? FactNames.AllocatableCpu : FactNames.AllocatableMemory)).OfType<string>().MaxBy(Quantity.Parse);
        return most is not null && requests.Sum(Quantity.Parse) > Quantity.Parse(most) ? $" (the largest node has {most})" : "";
    }

    /// <summary>What the nodes themselves tell of it.</summary>
    private static string Room(CaseFile file, SchedulerMessage message)
    {
        if (message.Obstacles.Any(obstacle => obstacle.Kind == ObstacleKind.Pods)
            && file.Nodes.Where(node => node.Evidence.Fact(FactNames.Taints) is null && node.Evidence.Fact(FactNames.AllocatablePods) is not null).Take(3).ToArray() is { Length: > 0 } full)
        {
            return $" {string.Join(", ", full.Select(node => $"{node.Name} takes {node.Evidence.Fact(FactNames.AllocatablePods)} pods"))}.";
        }

        if (!message.Obstacles.Any(obstacle => obstacle.Kind == ObstacleKind.Volume))
            return "";
        var volume = file.Of(EvidenceKind.Volume).FirstOrDefault(item => item.Source.Kind == "PersistentVolume" && item.Fact(FactNames.Nodes) is not null);
        if (volume?.Fact(FactNames.Nodes) is not { } only)
            return "";
        var isGone = file.Nodes.Count > 0 && only.Split(',').All(name => file.Nodes.All(node => node.Name != name));
        return $" Its volume {volume.Source.Name} can be reached from node {only} alone{(isGone ? ", which is not among the nodes of the cluster" : "")}.";
    }

    /// <summary>The pod's own condition, else its latest FailedScheduling event.</summary>
    private static (string Text, Evidence? Event) Said(CaseFile file, PodState pod)
    {
        if (pod.Message is { } message)
            return (message, null);
        var shown = file.EventsOf(pod.Namespace, pod.Name)
            .Where(item => item.Fact(FactNames.Reason) == "FailedScheduling")
            .MaxBy(item => item.Time);
        return (shown?.Said() ?? "", shown);
    }

    private static string Capital(string text) => text.StartsWith("pod ", StringComparison.Ordinal) ? "P" + text[1..] : text;
}
