using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules;

/// <summary>A Job gave up. Where its pods can still be read, their own finding says why and comes first.</summary>
internal static class JobFailed
{
    public const string Name = "job-failed";

    public static IEnumerable<Verdict> Check(CaseFile file) =>
        file.Owners
            .Where(owner => owner.Source.Kind == "Job" && owner.Number(FactNames.Failed) > 0 && owner.Number(FactNames.Succeeded) is null or 0)
            .Where(job => job.Number(FactNames.Active) is null or 0 && !History.IsOver(file, job))
            .OrderByDescending(job => job.Source.Name, StringComparer.Ordinal)
            .Take(1)
            .Select(job => Verdict(file, job));

    private static Verdict Verdict(CaseFile file, Evidence job)
    {
        var failed = job.Number(FactNames.Failed) ?? 0;
        var reason = job.Text.Contains("BackoffLimitExceeded", StringComparison.Ordinal) ? "its retries are used up"
            : job.Text.Contains("DeadlineExceeded", StringComparison.Ordinal) ? "it ran longer than its deadline"
            : null;
        var pods = $"{Wording.Count(failed, "pod")} failed";
        return new Verdict(
            Name,
            Wording.Cause($"Job {job.Source.Name} failed: {reason ?? pods}", $"Job {job.Source.Name} failed"),
            $"Job {job.Source.Name} failed{(reason is null ? "" : $": {reason}")}; {pods}, none succeeded."
                + (file.Containers.Count == 0 ? " Its pods are gone, so their logs cannot tell why." : ""),
            $"Job {job.Source.Name}: {pods}, none succeeded{(reason is null ? "" : $"; {reason}")}.",
            Severity.Warning,
            Confidence.Medium,
            [job.Id],
            [Actions.Describe(job.Source, job.Id), Actions.ViewEvents(job.Source, job.Id)]);
    }
}
