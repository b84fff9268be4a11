using System.Text.RegularExpressions;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules;

/// <summary>The kernel killed a container for its memory, in its present or its last run.</summary>
internal static partial class OomKilled
{
    public const string Name = "oom-killed";

    /// <summary>A leak may take a while to fill the limit again; older ends of a running container are history.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    public static bool Applies(CaseFile file, ContainerState container) =>
        container.LastEnd?.Reason == "OOMKilled" && container.LastEndMatters(file.Now, Window);

    public static IEnumerable<Verdict> Check(CaseFile file) =>
        Group.Of(file, container => Applies(file, container), container => container.MemoryLimit).Select(group => Verdict(file, group));

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

    [GeneratedRegex(
        @"\b(?:heap|memory|mem|rss|heapUsed|heap_used|working[ _]set)(?:[ _](?:used|usage|size))?\s*(?:[=:]\s*|is\s+|at\s+)?\d+(?:\.\d+)?\s?(?:[KMGT]i?B?|bytes)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MemoryFigure();
}
