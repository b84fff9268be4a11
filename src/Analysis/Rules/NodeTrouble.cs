using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules;

/// <summary>A node that is the subject, or that the subject's pods run on, is not ready or short of something.</summary>
internal static class NodeTrouble
{
    public const string NotReadyName = "node-not-ready";
    public const string PressureName = "node-pressure";
    public const string CordonedName = "node-cordoned";

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
                yield return Pressure(node) with { IsAlerted = isSubject };
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

    private static Verdict Pressure(NodeState node)
    {
        var what = string.Join(" and ", node.Pressures);
        return new Verdict(
            PressureName,
            Wording.Cause($"Node {node.Name} is short of {what}"),
            $"Node {node.Name} reports {what} pressure: the kubelet evicts pods there and takes no new ones until it is over.",
            $"Node {node.Name} reports {what} pressure.",
            Severity.Warning,
            Confidence.High,
            [node.Id],
            [Actions.Describe(node.Evidence.Source, node.Id), Actions.ViewEvents(node.Evidence.Source, node.Id)])
        {
            Marks = ["node", .. node.Pressures],
        };
    }

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
