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
                yield return NotReady(file, node) with { IsAlerted = isSubject };
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
        return new Verdict(
            NotReadyName,
            Wording.Cause($"Node {node.Name} is NotReady" + (says is null ? "" : $": {says}"), $"Node {node.Name} is NotReady"),
            (says is null ? $"Node {node.Name} does not report ready." : $"Node {node.Name} is not ready: {Wording.Sentence(says)}")
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
