using System.Text.RegularExpressions;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules;

/// <summary>A placed pod waits for a volume that cannot be attached or mounted.</summary>
internal static partial class MountFailed
{
    public const string Name = "mount-failed";

    public static IEnumerable<Verdict> Check(CaseFile file) =>
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
            $"{file.Subject.Name()}: {who} {(pods.Count == 1 ? "waits" : "wait")} in ContainerCreating. The kubelet says: {Wording.Sentence(Wording.Cut(Wording.OneLine(shown.Said()), 240))}",
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
        return (Wording.Cut(said.TrimEnd('.'), 160), !said.Contains("timed out waiting", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"Multi-Attach error for volume ""(?<volume>[\w.-]{1,253})"".{0,80}?(already used by pod\(s\) (?<pods>[\w.,/ -]{1,300})|exclusively attached|$)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MultiAttach();
}
