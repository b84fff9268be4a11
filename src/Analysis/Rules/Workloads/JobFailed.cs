using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules.Workloads;

/// <summary>A Job gave up. Where its pods can still be read, their own finding says why and comes first.</summary>
internal static class JobFailed
{
    public const string Name = "job-failed";

    public static IEnumerable<Verdict> Check(CaseFile file) =>
        Failed(file)
            .OrderByDescending(job => job.Source.Name, StringComparer.Ordinal)
            .Take(1)
            .Select(job => Verdict(file, job));

    /// <summary>The Jobs that failed and that no later run made good.</summary>
    public static IEnumerable<Evidence> Failed(CaseFile file) =>
        file.Owners
            .DistinctBy(owner => owner.Source.Name)
            .Where(owner => owner.Source.Kind == "Job" && (owner.Number(FactNames.Failed) > 0 || owner.Fact(FactNames.FailedReason) is not null) && owner.Number(FactNames.Succeeded) is null or 0)
            .Where(job => job.Number(FactNames.Active) is null or 0 && !History.IsOver(file, job));

    private static Verdict Verdict(CaseFile file, Evidence job)
    {
        var failed = job.Number(FactNames.Failed) ?? 0;
        var reason = (job.Fact(FactNames.FailedReason) ?? job.Text) switch
        {
            var text when text.Contains("BackoffLimitExceeded", StringComparison.Ordinal) =>
                job.Number(FactNames.BackoffLimit) is { } limit ? $"its retries are used up (backoffLimit {limit})" : "its retries are used up",
            var text when text.Contains("DeadlineExceeded", StringComparison.Ordinal) =>
                job.Number(FactNames.ActiveDeadlineSeconds) is { } deadline ? $"it ran longer than its deadline of {deadline} s" : "it ran longer than its deadline",
            _ => null,
        };
        var pods = $"{Wording.Count(failed, "pod")} failed";

        // With the pods gone, nothing says that another run would fail as well.
        var mayRunAgain = file.Containers.Count == 0;
        return new Verdict(
            Name,
            Wording.Cause($"Job {job.Source.Name} failed: {reason ?? pods}", $"Job {job.Source.Name} failed"),
            $"Job {job.Source.Name} failed{(reason is null ? "" : $": {reason}")}; {pods}, none succeeded."
                + (file.Containers.Count == 0 ? " Its pods are gone, so their logs cannot tell why." : ""),
            $"Job {job.Source.Name}: {pods}, none succeeded{(reason is null ? "" : $"; {reason}")}.",
            Severity.Warning,
            Confidence.Medium,
            [job.Id],
            [
                .. mayRunAgain ? new[] { Actions.OnObject(ActionKinds.RerunJob, job) } : [],
                Actions.Describe(job.Source, job.Id),
                Actions.ViewEvents(job.Source, job.Id),
            ])
        {
            IsConsequence = true,
        };
    }
}
