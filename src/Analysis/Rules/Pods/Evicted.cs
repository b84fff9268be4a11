using System.Text.RegularExpressions;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules.Pods;

/// <summary>Pods that the kubelet or the scheduler ended: evicted, preempted, or caught by a node's shutdown.</summary>
internal static partial class Evicted
{
    public const string Name = "evicted";

    public static IEnumerable<Verdict> Check(CaseFile file) =>
        file.FailedPods
            .Where(pod => pod.Reason is "Evicted" or "Preempted" or "Preempting" or "NodeShutdown" or "Shutdown" or "Terminated")
            .Where(pod => file.Pods.Any(current => current.Name == pod.Name) || file.IsAlerted([pod]))
            .GroupBy(pod => (pod.Reason, Why(pod)))
            .OrderByDescending(group => group.Count())
            .Select(group => Verdict(file, [.. group], group.Key.Item2));

    private static Verdict Verdict(CaseFile file, IReadOnlyList<PodState> pods, string why)
    {
        var pod = pods[0];
        var alike = file.FailedPods.Count(item => item.Reason == pod.Reason && Why(item) == why);
        var who = alike == 1 ? $"Pod {pod.Name} was" : file.Pods.Count > alike ? $"{alike} of {Wording.Count(file.Pods.Count, "pod")} were" : $"{Wording.Count(alike, "pod")}, such as {pod.Name}, were";
        var leftOver = file.Pods.All(current => current.Name != pod.Name);
        var how = pod.Reason switch
        {
            "Evicted" => "evicted",
            "Preempted" or "Preempting" => "preempted",
            _ => "ended with its node",
        };
        var node = file.Nodes.FirstOrDefault(item => item.Name == pod.Node);
        var on = pod.Node is null ? "" : $" on node {pod.Node}";
        string[] ids = [.. pods.Take(5).Select(item => item.Id), .. node is null ? [] : new[] { node.Id }];
        var message = pod.Message is { } said ? $" The kubelet said: {Wording.Sentence(Wording.CutMiddle(Wording.OneLine(said), 260))}" : "";
        if (leftOver)
            message += $" {file.Subject.Name()} has all its replicas: what is left is the record of it, which can be deleted.";
        return new Verdict(
            Name,
            Wording.Cause($"{who} {how}{on}: {why}", $"{who} {how}: {why}"),
            $"{who} {how}{on}: {why}.{message}",
            $"{who} {how}{on}: {why}.",
            leftOver && alike == 1 ? Severity.Info
                : pods.Count == file.Pods.Count && file.Subject.Kind is "Deployment" or "StatefulSet" or "DaemonSet" ? Severity.Critical
                : Severity.Warning,
            Confidence.High,
            ids,
            [Actions.Describe(pod.Evidence.Source, pod.Id), Actions.ViewEvents(pod.Evidence.Source, pod.Id)])
        {
            IsAlerted = file.IsAlerted(pods),
            Marks = ["evict", "preempt", "shutdown", "storage", "memory", "disk"],
        };
    }

    private static string Why(PodState pod)
    {
        var said = pod.Message ?? "";
        if (EmptyDir().Match(said) is { Success: true } directory)
            return $"its emptyDir volume {directory.Groups["volume"].Value} outgrew its limit of {directory.Groups["limit"].Value}";
        if (OwnStorage().Match(said) is { Success: true } own)
            return own.Groups["limit"].Value is { Length: > 0 } limit ? $"it used more ephemeral storage than its limit of {limit}" : "it used more ephemeral storage than its limit";
        if (LowOn().Match(said) is { Success: true } low)
            return $"the node was low on {low.Groups["resource"].Value}";
        if (Condition().Match(said) is { Success: true } condition)
            return $"the node had {condition.Groups["condition"].Value}";
        return pod.Reason switch
        {
            "Preempted" or "Preempting" => "a pod of higher priority needed the room",
            "Evicted" => "the reason is not told",
            _ => "the node shut down",
        };
    }

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase;

    [GeneratedRegex(@"EmptyDir volume ""(?<volume>[^""]{1,253})"" exceeds the limit ""(?<limit>[^""]{1,40})""", Options, 1000)]
    private static partial Regex EmptyDir();

    [GeneratedRegex(@"(ephemeral local storage usage exceeds the total limit of containers|EmptyDir volume ""[^""]{1,253}"" exceeds the limit|exceeded its local ephemeral storage limit) ?""?(?<limit>\d\w{0,20})?", Options, 1000)]
    private static partial Regex OwnStorage();

    [GeneratedRegex(@"node was low on resource: \[?(?<resource>[\w-]{1,40})", Options, 1000)]
    private static partial Regex LowOn();

    [GeneratedRegex(@"node had condition: \[(?<condition>[\w, ]{1,80})\]", Options, 1000)]
    private static partial Regex Condition();
}
