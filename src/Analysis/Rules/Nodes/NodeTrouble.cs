using AlertResponder.Analysis.Rules.Pods;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules.Nodes;

/// <summary>A node that is the subject, or that the subject's pods run on, is not ready or short of something.</summary>
internal static class NodeTrouble
{
    public const string NotReadyName = "node-not-ready";
    public const string PressureName = "node-pressure";
    public const string CordonedName = "node-cordoned";
    public const string ProblemName = "node-problem";

    /// <summary>Their node has a problem of its own, and it is not said that the pods would be sick elsewhere.</summary>
    public static bool IsBehind(CaseFile file, IEnumerable<ContainerState> sick) =>
        sick.All(container => file.NodeOf(container)?.Problems is not null);

    public static IEnumerable<Verdict> Check(CaseFile file)
    {
        foreach (var node in file.Nodes)
        {
            var isSubject = file.Subject.Kind == "Node" && file.Subject.Name == node.Name;
            if (node.IsNotReady)
                yield return NotReady(file, node) with { IsAlerted = isSubject || Chain(file, node).Length > 0 };
            if (node.IsCutOff && !node.IsNotReady)
                yield return CutOff(node) with { IsAlerted = isSubject };
            if (node.Pressures.Count > 0)
                yield return Pressure(file, node) with { IsAlerted = isSubject };
            if (node.Problems is not null && (isSubject || Sick(file, node).Length > 0))
                yield return Problem(file, node) with { IsAlerted = true };
            if (isSubject && node.IsHealthy && node.IsCordoned)
                yield return Cordoned(node) with { IsAlerted = true };
        }
    }

    private static Verdict NotReady(CaseFile file, NodeState node)
    {
        var says = node.Message is { } message ? Wording.OneLine(message).TrimEnd('.') : null;
        var pods = file.Pods.Count(pod => pod.Node == node.Name);
        var chain = Chain(file, node);
        var state = node.IsUnreachable ? "NotReady: its kubelet no longer reports" : "NotReady";
        var since = node.Evidence.Instant(FactNames.ReadySince) is { } changed ? $" since {Wording.At(changed, file.Now)["at ".Length..]}" : "";
        return new Verdict(
            NotReadyName,
            chain.Length > 0
                ? Wording.Cause($"Node {node.Name} is {state}{chain}", $"Node {node.Name} is NotReady{chain}", $"Node {node.Name} is NotReady")
                : Wording.Cause($"Node {node.Name} is NotReady" + (says is null ? "" : $": {says}"), $"Node {node.Name} is NotReady"),
            (says is null ? $"Node {node.Name} does not report ready." : $"Node {node.Name} is not ready: {Wording.Sentence(says)}")
                + (since.Length > 0 ? $" It is so{since}." : "")
                + (chain.Length > 0 ? $" {Wording.Sentence("That is why" + chain[", so".Length..])}" : "")
                + (pods > 0 ? $" It runs {Wording.Count(pods, "pod")} of {file.Subject.Name()}." : ""),
            $"Node {node.Name} is NotReady" + (says is null ? "." : $": {Wording.Sentence(says)}"),
            Severity.Critical,
            Confidence.High,
            [node.Id],
            [Actions.Describe(node.Evidence.Source, node.Id), Actions.ViewEvents(node.Evidence.Source, node.Id)])
        {
            Marks = ["node", "kubelet"],
        };
    }

    /// <summary>
    /// What follows for the subject's pods, as <c>, so 2 pods of it cannot be reached</c> or <c>, so pod x cannot be scheduled</c>; empty
    /// where nothing does.
    /// </summary>
    private static string Chain(CaseFile file, NodeState node)
    {
        if (file.Subject.Kind == "Node")
            return "";
        var waiting = file.Pods.Where(pod => pod.IsUnscheduled && Unschedulable.IsKeptOffByNodeFailure(file, pod)).ToArray();
        if (waiting.Length > 0)
            return waiting.Length == 1 ? $", so pod {waiting[0].Name} cannot be scheduled" : $", so {waiting.Length} pods cannot be scheduled";
        var lost = file.Pods.Where(pod => pod.Node == node.Name && (pod.Phase == "Unknown" || pod.Reason == "NodeLost" || pod.Evidence.Instant(FactNames.DeletedAt) is not null || IsUnready(file, pod))).ToArray();
        return lost.Length switch
        {
            0 => "",
            1 => $", so pod {lost[0].Name} is not available",
            _ => $", so {lost.Length} pods are not available",
        };
    }

    /// <summary>The node controller sets the pods of a lost node unready; their containers keep the state that was last reported.</summary>
    private static bool IsUnready(CaseFile file, PodState pod) =>
        file.Containers.Any(container => container.Pod == pod.Name && container.IsRunning && container.IsReady == false);

    private static Verdict CutOff(NodeState node) =>
        new(
            NotReadyName,
            Wording.Cause($"Node {node.Name} has no network set up"),
            $"Node {node.Name} reports NetworkUnavailable: its network plugin has not set up routes.",
            $"Node {node.Name} reports NetworkUnavailable.",
            Severity.Warning,
            Confidence.High,
            [node.Id],
            [Actions.Describe(node.Evidence.Source, node.Id), Actions.ViewEvents(node.Evidence.Source, node.Id)])
        {
            Marks = ["network", "node"],
        };

    private static Verdict Pressure(CaseFile file, NodeState node)
    {
        var what = string.Join(" and ", node.Pressures);
        var condition = string.Join(", ", node.Pressures.Select(pressure => pressure == "process ids" ? "PIDPressure" : pressure == "disk" ? "DiskPressure" : "MemoryPressure"));
        var said = file.EventsOf(null, node.Name).Where(file.IsRecent).FirstOrDefault(item => item.Fact(FactNames.Reason) is not (null or "NodeNotReady" or "NodeReady"));
        var evicted = file.FailedPods.Where(pod => pod.Node == node.Name && pod.Reason == "Evicted").ToArray();
        return new Verdict(
            PressureName,
            evicted.Length > 0
                ? Wording.Cause($"Node {node.Name} is short of {what}: {Wording.Count(evicted.Length, "pod")} evicted, such as {evicted[0].Name}", $"Node {node.Name} is short of {what}: {Wording.Count(evicted.Length, "pod")} evicted")
                : Wording.Cause($"Node {node.Name} is short of {what}"),
            $"Node {node.Name} reports {condition}: the kubelet evicts pods there and takes no new ones until it is over."
                + (said is null ? "" : $" It says: {Wording.Sentence(Wording.Cut(Wording.OneLine(said.Said()), 160))}"),
            $"Node {node.Name} reports {condition}.",
            Severity.Warning,
            Confidence.High,
            [node.Id],
            [Actions.Describe(node.Evidence.Source, node.Id), Actions.ViewEvents(node.Evidence.Source, node.Id)])
        {
            Marks = ["node", .. node.Pressures],
        };
    }

    private static Verdict Problem(CaseFile file, NodeState node)
    {
        var problem = Wording.OneLine(node.Problems!).TrimEnd('.');
        var type = problem.Split(':')[0];
        var sick = Sick(file, node);
        var chain = sick.Length == 0 ? "" : sick.Length == 1 ? $", so pod {sick[0].Name} cannot work there" : $", so {sick.Length} pods cannot work there";
        return new Verdict(
            ProblemName,
            Wording.Cause($"Node {node.Name} reports {Wording.Cut(problem, 80)}{chain}", $"Node {node.Name} reports {type}{chain}", $"Node {node.Name} reports {type}"),
            $"Node {node.Name} has a problem of its own: {Wording.Sentence(Wording.Cut(problem, 240))}"
                + (sick.Length > 0 ? $" {Wording.Sentence("That is why" + chain[", so".Length..])}" : "")
                + (node.IsCordoned ? "" : " It takes new pods still."),
            $"Node {node.Name} reports {Wording.Sentence(Wording.Cut(problem, 160))}",
            Severity.Warning,
            Confidence.High,
            [node.Id, .. sick.Take(3).Select(pod => pod.Id)],
            [
                .. new[] { Actions.CordonNode(node), sick.Length == 1 ? Actions.DeletePod(file, sick[0], [sick[0].Id, node.Id]) : null }.OfType<SuggestedAction>(),
                Actions.Describe(node.Evidence.Source, node.Id),
                Actions.ViewEvents(node.Evidence.Source, node.Id),
            ])
        {
            Marks = ["node", type],
        };
    }

    private static PodState[] Sick(CaseFile file, NodeState node) =>
        [.. file.Pods.Where(pod => pod.Node == node.Name && pod.Phase is not "Succeeded" && (pod.Phase == "Pending" || file.Containers.Any(container => container.Pod == pod.Name && !container.IsHealthy)))];

    private static Verdict Cordoned(NodeState node) =>
        new(
            CordonedName,
            Wording.Cause($"Node {node.Name} is cordoned: it takes no new pods"),
            $"Node {node.Name} is ready but marked unschedulable. Someone may have cordoned it for maintenance.",
            $"Node {node.Name} is cordoned.",
            Severity.Warning,
            Confidence.Medium,
            [node.Id],
            [Actions.UncordonNode(node), Actions.Describe(node.Evidence.Source, node.Id)]);
}
