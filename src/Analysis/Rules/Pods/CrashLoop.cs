using System.Text.RegularExpressions;
using AlertResponder.Analysis.Rules.Logs;
using AlertResponder.Analysis.Rules.Nodes;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules.Pods;

/// <summary>A container ends again and again, or ended with an error, for another reason than its memory limit.</summary>
internal static partial class CrashLoop
{
    public const string Name = "crash-loop";

    /// <summary>The kubelet forgets the back-off after ten minutes of running: what ran longer is over it.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    public static IEnumerable<Verdict> Check(CaseFile file) =>
        Group.Of(file, container => Applies(file, container), container => container.LastEnd?.ExitCode).Select(group => Verdict(file, group));

    private static bool Applies(CaseFile file, ContainerState container) =>
        !OomKilled.Applies(file, container)
        && !WrongArchitecture.Applies(file, container)
        && (container.IsCrashLooping
            || (container.LastEnd is { } end && !IsGoodEnd(end) && container.LastEndMatters(file.Now, Window)));

    private static bool IsGoodEnd(RunEnd end) => end.ExitCode == 0 || (end.ExitCode is null && end.Reason is null or "Completed");

    private static Verdict Verdict(CaseFile file, Group group)
    {
        var container = group.Worst;
        var end = container.LastEnd;
        var log = file.LogOfLastRun(container);
        var error = Error(log, end);
        var probe = KillingProbe(file, group);
        var dependency = Dependency.Of(file, error);
        var exit = end?.ExitCode is { } code ? $"exit {code}" : end?.Reason ?? "exit code unknown";
        var settled = IsSettled(file, group);
        var keeps = settled ? "crashed and runs again"
            : container.IsCrashLooping || container.Restarts > 1 ? "keeps crashing"
            : "crashed";
        if (end?.ExitCode == 0)
            keeps = "keeps ending without an error, so it is restarted";
        var trouble = error?.Known?.Kind;

        var kind = probe?.Text.Contains("startup probe", StringComparison.OrdinalIgnoreCase) == true ? "startup" : "liveness";
        var stated = probe is null ? null : container.Evidence.Fact(kind == "startup" ? FactNames.StartupProbe : FactNames.LivenessProbe);
        var killed = Killed(file, container, end);
        var why = probe is not null ? $"it fails its {kind} probe"
            : dependency?.Short is { } cause && error is not null ? $"{error.Meaning}; {cause}"
            : error?.Meaning ?? killed?.Why ?? error?.Line ?? Meaning(end);
        var restarts = container.Restarts > 0 ? $", {Wording.Count(container.Restarts, "restart")}" : "";
        var when = end?.FinishedAt is { } finished ? $", last {Wording.At(finished, file.Now)}" : "";
        string[] ids =
        [
            .. group.CitedIds,
            .. error is not null && log is not null ? new[] { log.Id } : [],
            .. probe is not null ? new[] { probe.Id } : [],
            .. dependency is not null ? new[] { dependency.EvidenceId } : [],
            .. killed is not null && probe is null ? new[] { killed.Value.EvidenceId } : [],
        ];

        var explanation = $"{Capital(container.Label)} {keeps}{group.InPods} ({exit}{restarts}{when}).";
        if (probe is not null)
            explanation += $" The kubelet kills it{(stated is null ? "" : $" by its {kind} probe {stated}")}: {Wording.Sentence(Wording.Cut(probe.Said(), 160))}";
        if (error is not null)
            explanation += $" Its log says: \"{error.Line}\".{(dependency is null ? "" : $" {dependency.Clause}.")}";
        else if (probe is null && end?.ExitCode == 0)
            explanation += $" What it was told to do is finished; a {file.Subject.Kind} starts it again whenever it ends. Work that completes belongs into a Job.";
        else if (probe is null)
            explanation += Meaning(end) is { } meaning ? $" That means: {meaning}." : "";
        if (error is null && log is not null && LogError.Last(log.Text) is { } last)
            explanation += $" Its log ends: \"{last}\".";
        if (trouble == LogTrouble.Heap && HeapBound(log, container) is { } bound)
            explanation += $" Its heap is bounded by {bound}, not by the container's memory limit.";
        if (trouble == LogTrouble.Permission && file.PodOf(container)?.Evidence.Fact(FactNames.RunsAs) is { } user)
            explanation += $" It runs as {user}.";
        if (group.OtherImage is { } other)
            explanation += $" It runs {container.Image}, the healthy {(group.Others.Count == 1 ? "pod" : "pods")} {other}.";
        if (settled)
            explanation += $" It is ready again{(container.Evidence.Instant(FactNames.StartedAt) is { } started ? $" and has been running since {Wording.At(started, file.Now)["at ".Length..]}" : "")}.";
        if (error is null && log is null)
            explanation += file.UnreadLog(container) is { } reason ? $" Its log could not be read ({reason})." : " It left no log.";

        return new Verdict(
            Name,
            Wording.Cause(
                $"{container.Label} {keeps}{group.InPods} ({exit})" + (why is null ? "" : $": {why}"),
                $"{container.Name} {keeps} ({exit})" + (why is null ? "" : $": {why}")),
            explanation,
            $"{(trouble is LogTrouble.Disk || error?.Meaning is { } said && said.Contains("port", StringComparison.Ordinal) ? group.WhereOnNode : group.Where)}: {container.Label} {keeps} ({exit}{restarts}{when})"
                + (error is not null ? $"; its log says \"{error.Line}\"." : probe is not null ? $"; its {kind} probe fails." : "."),
            group.Severity(file),
            error is { IsClear: true } || probe is not null ? Confidence.High : Confidence.Medium,
            ids,
            [
                .. new[] { MayComeOfChange(file, group, error, dependency) ? Actions.RollBackWorkload(file, group) : null, error?.Known?.Kind == LogTrouble.Exhausted ? Actions.RestartWorkload(file, ids) : null, Actions.ViewPreviousLogs(container) }.OfType<SuggestedAction>(),
            ])
        {
            IsAlerted = group.Members.Any(file.IsAlerted),
            MayComeOfChange = !settled && MayComeOfChange(file, group, error, dependency),
            IsConsequence = NodeTrouble.IsBehind(file, group.Members),
        };
    }

    /// <summary>
    /// Not where pods of the revision before are sick alike or what it depends on is down; and a database that is migrated half way is
    /// not made whole by an older program.
    /// </summary>
    private static bool MayComeOfChange(CaseFile file, Group group, LogError? error, Dependency? dependency) =>
        !group.SpansRevisions(file) && dependency?.IsDown != true && error?.Known?.Kind != LogTrouble.Migration;

    /// <summary>All of them run again and are ready, for longer than a crash takes.</summary>
    private static bool IsSettled(CaseFile file, Group group) => group.Members.All(member =>
        member.IsRunning && member.IsReady == true && member.Evidence.Instant(FactNames.StartedAt) is { } started && file.Now - started >= Settled);

    private static string? HeapBound(Evidence? log, ContainerState container) =>
        HeapOption().Match($"{container.Evidence.Fact(FactNames.Command)} {log?.Text}") is { Success: true } match ? match.Value : null;

    private static LogError? Error(Evidence? log, RunEnd? end) =>
        (log is null ? null : LogError.Find(log.Text))
        ?? (end?.Message is { Length: > 0 } message ? LogError.Find(message) : null);

    private static string? Meaning(RunEnd? end) => end?.ExitCode is { } code and not 0 ? ExitCodes.Meaning(code) : null;

    /// <summary>Only a killed process can be the probe's doing: a crash makes the probe fail too.</summary>
    private static Evidence? KillingProbe(CaseFile file, Group group) =>
        group.Worst.LastEnd?.ExitCode is 137 or 143
            ? group.Members
                .SelectMany(member => file.EventsOf(member.Evidence.Source.Namespace, member.Pod))
                .FirstOrDefault(item => file.IsRecent(item)
                    && (item.Text.Contains("liveness probe", StringComparison.OrdinalIgnoreCase) || item.Text.Contains("startup probe", StringComparison.OrdinalIgnoreCase)))
            : null;

    /// <summary>Who else may have ended the process; null where nothing tells.</summary>
    private static (string Why, string EvidenceId)? Killed(CaseFile file, ContainerState container, RunEnd? end)
    {
        if (end?.ExitCode is not (137 or 143))
            return null;
        var pod = file.Pods.FirstOrDefault(item => item.Name == container.Pod);
        if (pod?.Evidence.Instant(FactNames.DeletedAt) is not null)
            return (end.ExitCode == 137 ? "its pod is being deleted, and it did not stop within its grace period" : "its pod is being deleted", pod.Id);
        if (file.NodeOf(container) is { } node && node.Pressures.Contains("memory"))
            return ($"node {node.Name} is short of memory", node.Id);
        return file.Events.FirstOrDefault(item => item.Fact(FactNames.Reason) is "SystemOOM" or "OOMKilling" && file.IsRecent(item)) is { } oom
            ? ("its node ran out of memory", oom.Id)
            : null;
    }

    [GeneratedRegex(@"-Xmx\w{1,20}|-XX:MaxRAMPercentage=[\d.]{1,8}|--max-old-space-size=\d{1,10}|GOMEMLIMIT=\w{1,20}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex HeapOption();

    private static string Capital(string text) => text.StartsWith("init ", StringComparison.Ordinal) ? "I" + text[1..] : text;
}
