using System.Text.RegularExpressions;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules.Pods;

/// <summary>The kernel killed a container for its memory, in its present or its last run.</summary>
internal static partial class OomKilled
{
    public const string Name = "oom-killed";

    /// <summary>A leak may take a while to fill the limit again; older ends of a running container are history.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    public static bool Applies(CaseFile file, ContainerState container) =>
        container.LastEnd?.Reason == "OOMKilled" && container.LastEndMatters(file.Now, Window);

    public static IEnumerable<Verdict> Check(CaseFile file) =>
    [
        .. Group.Of(file, container => Applies(file, container), container => container.MemoryLimit).Select(group => Verdict(file, group)),
        .. Gone(file),
    ];

    /// <summary>Of a pod that is gone only the alert tells; what it was allowed stands in the template still.</summary>
    private static IEnumerable<Verdict> Gone(CaseFile file)
    {
        var gone = file.GonePods.FirstOrDefault(pod => file.Alerts.Any(alert =>
            alert.Status == AlertStatus.Firing && Alerted().IsMatch(alert.Name()) && alert.Labels.GetValueOrDefault("pod") == pod.Source.Name));
        if (gone is null || file.Owners.Any(owner => owner.Source.Kind == "Job" && owner.Number(FactNames.Succeeded) > 0 && string.CompareOrdinal(owner.Source.Name, gone.Source.Name) > 0))
            yield break;
        var alert = file.Alerts.Last(item => item.Labels.GetValueOrDefault("pod") == gone.Source.Name);
        var container = alert.Labels.GetValueOrDefault("container") ?? "a container";
        var owner = file.Owners.FirstOrDefault(item => item.Fact(FactNames.TemplateMemoryLimitPrefix + container) is not null);
        var limit = owner?.Fact(FactNames.TemplateMemoryLimitPrefix + container);
        var at = limit is null ? "" : $" at its {limit} memory limit";
        string[] ids = [gone.Id, .. owner is null ? [] : new[] { owner.Id }];
        yield return new Verdict(
            Name,
            Wording.Cause($"{container} was OOMKilled{at}; its pod {gone.Source.Name} is gone", $"{container} was OOMKilled{at}; its pod is gone"),
            $"The alert says that {container} was OOMKilled{at}. Pod {gone.Source.Name} no longer exists, so neither its status nor its log can tell more.",
            $"Pod {gone.Source.Name} no longer exists; {container} was OOMKilled{at}, says the alert.",
            Severity.Warning,
            Confidence.Medium,
            ids,
            [
                .. new[]
                {
                    limit is not null && file.Subject.Kind is "Deployment" or "StatefulSet" or "DaemonSet" or "CronJob"
                        ? new SuggestedAction(
                            ActionKinds.IncreaseMemoryLimit,
                            file.SubjectReference(),
                            new Dictionary<string, string> { [ActionKinds.Container] = container, [ActionKinds.CurrentLimit] = limit! },
                            ids)
                        : null,
                }.OfType<SuggestedAction>(),
                Actions.Describe(file.SubjectReference(), ids),
            ])
        {
            IsAlerted = true,
            Marks = ["oom", "memory"],
        };
    }

    private static Verdict Verdict(CaseFile file, Group group)
    {
        var container = group.Worst;
        var end = container.LastEnd!;
        var log = file.LogOfLastRun(container);
        var figure = log is null ? null : LastMemoryFigure(log.Text);
        string[] ids = figure is null ? [.. group.CitedIds] : [.. group.CitedIds, log!.Id];
        var exit = end.ExitCode is { } code ? $" (exit {code})" : "";
        var restarts = container.Restarts > 0 ? $", {Wording.Count(container.Restarts, "restart")}" : "";
        var when = end.FinishedAt is { } finished ? $", last {Wording.At(finished, file.Now)}" : "";
        var now = container.IsHealthy ? " It runs again for now." : "";
        var heard = figure is null ? "" : $" Its log last showed {figure}.";

        return new Verdict(
            Name,
            container.MemoryLimit is { } limit
                ? Wording.Cause(
                    $"{container.Label} was OOMKilled{group.InPods}: it needs more than its {limit} memory limit",
                    $"{container.Name} was OOMKilled: it needs more than its {limit} memory limit",
                    $"{container.Name} was OOMKilled at its {limit} limit")
                : Wording.Cause(
                    $"{container.Label} was OOMKilled{group.InPods}: it has no memory limit, so its node ran out of memory",
                    $"{container.Name} was OOMKilled without a memory limit of its own"),
            container.MemoryLimit is { } reached
                ? $"The kernel killed {container.Label} at its {reached} memory limit{exit}{restarts}{when}.{heard}{now}"
                : $"The kernel killed {container.Label}{exit}{restarts}{when}. It has no memory limit, so the node's memory was the bound.{heard}{now}",
            $"{group.Where}: {container.Label} OOMKilled{exit}{(container.MemoryLimit is { } stated ? $" at memory limit {stated}" : "")}{restarts}{when}"
                + (figure is null ? "." : $"; its log last showed {figure}."),
            group.Severity(file),
            Confidence.High,
            ids,
            [
                .. new[] { Actions.IncreaseMemoryLimit(file, container), Actions.ViewPreviousLogs(container) }.OfType<SuggestedAction>(),
            ])
        {
            IsAlerted = group.Members.Any(file.IsAlerted),
            MayComeOfChange = true,
            Marks = ["oom", "memory"],
        };
    }

    /// <summary>The last heap or memory figure that a log shows, as it is written there (<c>heap=360Mi</c>); null without one.</summary>
    public static string? LastMemoryFigure(string log)
    {
        var last = MemoryFigure().Matches(log).LastOrDefault();
        return last is null ? null : Wording.OneLine(last.Value);
    }

    [GeneratedRegex("OOM|OutOfMemory|Oom", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Alerted();

    [GeneratedRegex(
        @"\b(?:heap|memory|mem|rss|heapUsed|heap_used|working[ _]set)(?:[ _](?:used|usage|size))?\s*(?:[=:]\s*|is\s+|at\s+)?\d+(?:\.\d+)?\s?(?:[KMGT]i?B?|bytes)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MemoryFigure();
}
