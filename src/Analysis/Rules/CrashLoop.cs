using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules;

/// <summary>A container ends again and again, or ended with an error, for another reason than its memory limit.</summary>
internal static class CrashLoop
{
    public const string Name = "crash-loop";

    /// <summary>The kubelet forgets the back-off after ten minutes of running: what ran longer is over it.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    public static IEnumerable<Verdict> Check(CaseFile file) =>
        Group.Of(file, container => Applies(file, container), container => container.LastEnd?.ExitCode).Select(group => Verdict(file, group));

    private static bool Applies(CaseFile file, ContainerState container) =>
        !OomKilled.Applies(file, container)
        && (container.IsCrashLooping
            || (container.LastEnd is { } end && !IsGoodEnd(end) && container.LastEndMatters(file.Now, Window)));

    private static bool IsGoodEnd(RunEnd end) => end.ExitCode == 0 || (end.ExitCode is null && end.Reason is null or "Completed");

    private static Verdict Verdict(CaseFile file, Group group)
    {
        var container = group.Worst;
        var end = container.LastEnd;
        var log = file.LogOfLastRun(container);
        var error = Error(log, end);
        var probe = LivenessProbe(file, group);
        var exit = end?.ExitCode is { } code ? $"exit {code}" : end?.Reason ?? "exit code unknown";
        var keeps = container.IsCrashLooping || container.Restarts > 1 ? "keeps crashing" : "crashed";
        if (end?.ExitCode == 0)
            keeps = "keeps ending without an error, so it is restarted";

        var why = probe is not null ? "it fails its liveness probe" : error?.Meaning ?? error?.Line ?? Meaning(end);
        var restarts = container.Restarts > 0 ? $", {Wording.Count(container.Restarts, "restart")}" : "";
        var when = end?.FinishedAt is { } finished ? $", last {Wording.At(finished, file.Now)}" : "";
        string[] ids =
        [
            .. group.CitedIds,
            .. error is not null && log is not null ? new[] { log.Id } : [],
            .. probe is not null ? new[] { probe.Id } : [],
        ];

        var explanation = $"{Capital(container.Label)} {keeps}{group.InPods} ({exit}{restarts}{when}).";
        if (probe is not null)
            explanation += $" The kubelet kills it: {Wording.Sentence(Wording.Cut(probe.Said(), 160))}";
        if (error is not null)
            explanation += $" Its log says: \"{error.Line}\".";
        else if (probe is null)
            explanation += Meaning(end) is { } meaning ? $" That means: {meaning}." : "";
        if (error is null && log is null)
            explanation += file.UnreadLog(container) is { } reason ? $" Its log could not be read ({reason})." : " It left no log.";

        return new Verdict(
            Name,
            Wording.Cause(
                $"{container.Label} {keeps}{group.InPods} ({exit})" + (why is null ? "" : $": {why}"),
                $"{container.Name} {keeps} ({exit})" + (why is null ? "" : $": {why}")),
            explanation,
            $"{group.Where}: {container.Label} {keeps} ({exit}{restarts}{when})"
                + (error is not null ? $"; its log says \"{error.Line}\"." : probe is not null ? "; its liveness probe fails." : "."),
            group.Severity(file),
            error is { IsClear: true } || probe is not null ? Confidence.High : Confidence.Medium,
            ids,
            [
                .. new[] { Actions.RollBackWorkload(file, group), Actions.ViewPreviousLogs(container) }.OfType<SuggestedAction>(),
            ])
        {
            IsAlerted = group.Members.Any(file.IsAlerted),
        };
    }

    private static LogError? Error(Evidence? log, RunEnd? end) =>
        (log is null ? null : LogError.Find(log.Text))
        ?? (end?.Message is { Length: > 0 } message ? LogError.Find(message) : null);

    private static string? Meaning(RunEnd? end) => end?.ExitCode is { } code and not 0 ? ExitCodes.Meaning(code) : null;

    /// <summary>Only a killed process can be the probe's doing: a crash makes the probe fail too.</summary>
    private static Evidence? LivenessProbe(CaseFile file, Group group) =>
        group.Worst.LastEnd?.ExitCode is 137 or 143
            ? group.Members
                .SelectMany(member => file.EventsOf(member.Evidence.Source.Namespace, member.Pod))
                .FirstOrDefault(item => item.Text.Contains("liveness probe", StringComparison.OrdinalIgnoreCase))
            : null;

    private static string Capital(string text) => text.StartsWith("init ", StringComparison.Ordinal) ? "I" + text[1..] : text;
}
