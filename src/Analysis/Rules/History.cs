using System.Globalization;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules;

/// <summary>Which pods are left over from a story that ended well: their old failures say nothing about now.</summary>
internal static class History
{
    public static bool Contains(CaseFile file, string pod, string? phase)
    {
        if (JobOf(file, pod) is { } job)
            return IsOver(file, job);

        // Failed (often evicted) pods stay listed after their replacements are ready.
        return phase == "Failed" && file.Owners.Any(IsFullyReady);
    }

    /// <summary>The Job succeeded, or a later run of the same CronJob did.</summary>
    public static bool IsOver(CaseFile file, Evidence job) =>
        Succeeded(job) || file.Owners.Any(other => other.Source.Kind == "Job" && Succeeded(other) && IsLaterRun(other, job));

    private static Evidence? JobOf(CaseFile file, string pod) =>
        file.Owners.FirstOrDefault(owner => owner.Source.Kind == "Job" && pod.StartsWith(owner.Source.Name + "-", StringComparison.Ordinal));

    private static bool Succeeded(Evidence job) => job.Number(FactNames.Succeeded) > 0 && job.Number(FactNames.Active) is null or 0;

    /// <summary>A CronJob names its Jobs by their scheduled minute, so the greater number ran later.</summary>
    private static bool IsLaterRun(Evidence other, Evidence job) =>
        ScheduledMinute(other.Source.Name) is { } otherMinute && ScheduledMinute(job.Source.Name) is { } minute
        && otherMinute.CronJob == minute.CronJob && otherMinute.Minute > minute.Minute;

    private static (string CronJob, long Minute)? ScheduledMinute(string job)
    {
        var dash = job.LastIndexOf('-');
        return dash > 0 && long.TryParse(job.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var minute)
            ? (job[..dash], minute)
            : null;
    }

    private static bool IsFullyReady(Evidence owner) =>
        owner.Source.Kind is "Deployment" or "StatefulSet" or "DaemonSet"
        && owner.Number(FactNames.Desired) is > 0 and var desired
        && owner.Number(FactNames.ReadyReplicas) >= desired;
}
