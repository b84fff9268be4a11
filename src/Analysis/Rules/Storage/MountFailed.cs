using System.Text.RegularExpressions;
using AlertResponder.Analysis.Rules.Logs;
using AlertResponder.Analysis.Rules.Pods;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules.Storage;

/// <summary>A placed pod waits for a volume that cannot be attached or mounted.</summary>
internal static partial class MountFailed
{
    public const string Name = "mount-failed";
    public const string SandboxName = "sandbox-failed";

    public static IEnumerable<Verdict> Check(CaseFile file) => [.. Mounts(file), .. Sandboxes(file)];

    private static IEnumerable<Verdict> Mounts(CaseFile file) =>
        file.Pods
            .Where(pod => !pod.IsUnscheduled && pod.Phase is null or "Pending" && !HasStarted(file, pod))
            .Select(pod => (Pod: pod, Shown: Event(file, pod)))
            .Where(item => item.Shown is not null)
            .GroupBy(item => Why(item.Shown!).Text, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count())
            .Select(group => Verdict(file, [.. group.Select(item => item.Pod)], group.First().Shown!));

    private static Verdict Verdict(CaseFile file, IReadOnlyList<PodState> pods, Evidence shown)
    {
        var (why, known) = Why(shown);
        var who = pods.Count == 1 ? $"pod {pods[0].Name}" : $"{pods.Count} of {Wording.Count(file.Pods.Count, "pod")}";
        string[] ids = [.. pods.Take(5).Select(pod => pod.Id), shown.Id];
        return new Verdict(
            Name,
            Wording.Cause($"{file.Subject.Name()}: {who} cannot mount its volume: {why}", $"{who} cannot start: {why}", $"A volume cannot be mounted: {why}"),
            $"{file.Subject.Name()}: {who} {(pods.Count == 1 ? "waits" : "wait")} in ContainerCreating{(pods.Count == 1 && pods[0].Node is { } node ? $" on node {node}" : "")}. The kubelet says: {Wording.Sentence(Wording.CutMiddle(Wording.OneLine(shown.Said()), 240))}",
            $"{file.Subject.Name()}: {who} cannot mount a volume: {why}.",
            pods.Count == file.Pods.Count && file.Subject.Kind is "Deployment" or "StatefulSet" or "DaemonSet" ? Severity.Critical : Severity.Warning,
            known ? Confidence.High : Confidence.Medium,
            ids,
            [Actions.ViewEvents(pods[0].Evidence.Source, ids), Actions.Describe(pods[0].Evidence.Source, pods[0].Id)])
        {
            IsAlerted = file.IsAlerted(pods),
            MayComeOfChange = true,
            Marks = ["volume", "mount", "attach", "configmap", "secret"],
        };
    }

    /// <summary>Before any container there is the pod's sandbox: its network is set up with it.</summary>
    private static IEnumerable<Verdict> Sandboxes(CaseFile file)
    {
        var waiting = file.Pods.Where(pod => !pod.IsUnscheduled && pod.Phase is null or "Pending" && !HasStarted(file, pod))
            .Select(pod => (Pod: pod, Shown: file.EventsOf(pod.Namespace, pod.Name).FirstOrDefault(item => item.Fact(FactNames.Reason) == "FailedCreatePodSandBox" && file.IsRecent(item))!))
            .Where(item => item.Shown is not null)
            .ToArray();
        if (waiting.Length == 0)
            yield break;
        var (pod, shown) = waiting[0];
        var said = Wording.CutMiddle(Wording.OneLine(shown.Said()).TrimEnd('.'), 200);
        var on = pod.Node is null ? "" : $" on node {pod.Node}";
        var who = waiting.Length == 1 ? $"pod {pod.Name}" : $"{waiting.Length} of {Wording.Count(file.Pods.Count, "pod")}";
        yield return new Verdict(
            SandboxName,
            Wording.Cause($"{file.Subject.Name()}: {who} cannot start{on}: its sandbox cannot be made", $"{who} cannot start: its sandbox cannot be made"),
            $"{file.Subject.Name()}: {who} {(waiting.Length == 1 ? "waits" : "wait")} in ContainerCreating{on}. The kubelet says: {Wording.Sentence(said)} The runtime or the network plugin of the node is to be looked at.",
            $"{file.Subject.Name()}: {who}{on}: {Wording.Sentence(said)}",
            Severity.Warning,
            Confidence.High,
            [.. waiting.Take(5).Select(item => item.Pod.Id), shown.Id],
            [Actions.ViewEvents(pod.Evidence.Source, shown.Id), Actions.Describe(pod.Evidence.Source, pod.Id)])
        {
            IsAlerted = file.IsAlerted(waiting.Select(item => item.Pod)),
            IsConsequence = waiting.All(item => file.Nodes.Any(node => node.Name == item.Pod.Node && !node.IsHealthy)),
            Marks = ["sandbox", "network", "runtime", "cni"],
        };
    }

    private static bool HasStarted(CaseFile file, PodState pod) =>
        file.Containers.Any(container => container.Pod == pod.Name && container.Evidence.Source.Namespace == pod.Namespace && !container.IsWaiting);

    /// <summary>The one that names the reason before the one that only says that time is up.</summary>
    private static Evidence? Event(CaseFile file, PodState pod) =>
        file.EventsOf(pod.Namespace, pod.Name)
            .Where(item => item.Fact(FactNames.Reason) is "FailedMount" or "FailedAttachVolume" or "FailedMapVolume" && file.IsRecent(item))
            .OrderByDescending(item => Why(item).Known)
            .ThenByDescending(item => item.Time)
            .FirstOrDefault();

    private static (string Text, bool Known) Why(Evidence item)
    {
        var said = Wording.OneLine(item.Said());
        if (ConfigMissing.Missing(said) is { } missing)
            return (missing, true);
        if (MultiAttach().Match(said) is { Success: true } multi)
        {
            var by = multi.Groups["pods"].Value is { Length: > 0 } pods ? $" by pod {pods}" : " elsewhere";
            return ($"volume {multi.Groups["volume"].Value} is still attached{by}", true);
        }

        if (LogMeanings.Of(said) is { Kind: LogTrouble.Refused or LogTrouble.Timeout } reached)
            return (reached.Text, true);
        if (Driver().Match(said) is { Success: true } driver)
            return ($"the CSI driver {driver.Groups["driver"].Value} is not registered on its node", true);
        return (Wording.CutMiddle(said.TrimEnd('.'), 160), !said.Contains("timed out waiting", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"driver name (?<driver>[\w.-]{1,253}) not found in the list of registered CSI drivers", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Driver();

    [GeneratedRegex(@"Multi-Attach error for volume ""(?<volume>[\w.-]{1,253})"".{0,80}?(already used by pod\(s\) (?<pods>[\w.,/ -]{1,300})|exclusively attached|$)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MultiAttach();
}
