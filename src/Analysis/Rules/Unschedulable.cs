using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules;

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
        string[] ids = [.. pods.Take(5).Select(pod => pod.Id), .. shown is null ? [] : new[] { shown.Id }];
        var cordoned = message.Obstacles.Any(obstacle => obstacle.Kind == ObstacleKind.Cordoned || obstacle.Detail.StartsWith("node.kubernetes.io/unschedulable", StringComparison.Ordinal))
            ? file.Nodes.Where(node => node.IsCordoned)
            : [];

        return new Verdict(
            Name,
            Wording.Cause(
                $"{file.Subject.Name()}: {who} cannot be scheduled: {obstacles}",
                $"{who} cannot be scheduled: {obstacles}",
                $"{who} cannot be scheduled: {nodes}"),
            $"{file.Subject.Name()}: {who} {(pods.Count > 1 ? "wait" : "waits")} for a node; {nodes}: {obstacles}.{selector}",
            $"{Capital(who)} cannot be scheduled; {nodes}: {obstacles}.",
            pods.Count == all && file.Subject.Kind is "Deployment" or "StatefulSet" or "DaemonSet" or "Pod" ? Severity.Critical : Severity.Warning,
            text.Length == 0 ? Confidence.Medium : Confidence.High,
            ids,
            [
                .. cordoned.Select(Actions.UncordonNode),
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
