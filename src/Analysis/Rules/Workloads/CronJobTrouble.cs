using System.Text.RegularExpressions;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules.Workloads;

/// <summary>A CronJob that does not run: suspended, held up by its last run, or late. And one whose runs fail again and again.</summary>
internal static partial class CronJobTrouble
{
    public const string SuspendedName = "cronjob-suspended";
    public const string OverlapName = "cronjob-overlap";
    public const string MissedName = "cronjob-missed";
    public const string FailingName = "cronjob-failing";

    private const int RunsThatMakeAHabit = 3;

    public static IEnumerable<Verdict> Check(CaseFile file) =>
        file.Owners.Where(owner => owner.Source.Kind == "CronJob").Select(owner => Verdict(file, owner)).OfType<Verdict>();

    private static Verdict? Verdict(CaseFile file, Evidence cronJob)
    {
        var name = cronJob.Source.Name;
        var schedule = cronJob.Fact(FactNames.Schedule) is { } text ? $" ({text})" : "";
        var last = cronJob.Instant(FactNames.LastScheduledAt) is { } scheduled ? $" It last ran {Wording.At(scheduled, file.Now)}." : "";
        var failures = JobFailed.Failed(file).ToArray();
        if (failures.Length >= RunsThatMakeAHabit)
        {
            return About(
                cronJob, FailingName, $"CronJob {name}{schedule}: its last {failures.Length} runs failed", "Each run fails like the one before.",
                Confidence.Medium, [.. failures.Select(job => job.Id)], Actions.OnObject(ActionKinds.SuspendCronJob, cronJob)) with { IsConsequence = true };
        }

        // A CronJob that is not expected to run, or whose runs are sick themselves, is not late.
        if (file.FiringAlert(Late()) is null && !file.RecentEvents("TooManyMissedTimes", "MissSchedule", "JobAlreadyActive").Any(item => item.Source.Name == name))
            return null;
        if (cronJob.Flag(FactNames.Suspended) == true)
            return About(cronJob, SuspendedName, $"CronJob {name}{schedule} is suspended: it starts no runs", $"Someone suspended it.{last}", Confidence.High, []);

        var active = file.Owners.Where(owner => owner.Source.Kind == "Job" && owner.Number(FactNames.Active) > 0).ToArray();
        if (cronJob.Fact(FactNames.ConcurrencyPolicy) == "Forbid" && (cronJob.Number(FactNames.Active) > 0 || active.Length > 0))
        {
            var run = active.Length > 0 ? $"Job {active[0].Source.Name}" : "its last run";
            return About(
                cronJob, OverlapName, $"CronJob {name}{schedule} starts no new run: {run} still runs, and its policy is Forbid",
                $"With concurrencyPolicy Forbid a run that does not end holds up all that follow.{last}", Confidence.High, [.. active.Take(1).Select(job => job.Id)],
                active.Length > 0 && file.Containers.All(container => container.IsHealthy) ? Actions.OnObject(ActionKinds.DeleteJob, active[0]) : null);
        }

        var missed = file.RecentEvents("TooManyMissedTimes", "MissSchedule").FirstOrDefault(item => item.Source.Name == name);
        return missed is null
            ? null
            : About(cronJob, MissedName, $"CronJob {name}{schedule} missed its start", $"The controller says: {Wording.Sentence(Wording.Cut(Wording.OneLine(missed.Said()), 200))}{last}", Confidence.High, [missed.Id]);
    }

    private static Verdict About(Evidence cronJob, string rule, string cause, string explanation, Confidence confidence, string[] more, SuggestedAction? action = null) =>
        new(
            rule, Wording.Cause(cause), $"{Wording.Sentence(cause)} {explanation}", Wording.Sentence(cause), Severity.Warning, confidence, [cronJob.Id, .. more],
            [.. action is null ? [] : new[] { action }, Actions.Describe(cronJob.Source, cronJob.Id), Actions.ViewEvents(cronJob.Source, cronJob.Id)])
        {
            Marks = confidence == Confidence.High ? ["suspend", "forbid", "missed", "schedule", "run"] : [],
        };

    [GeneratedRegex("CronJob.*(Running|Late|Missed|NotScheduled|Suspend|Stale|TooLong|Schedule)|JobNotCompleted|(Backup|Job).*(Missing|Late|Stale|TooOld|NotRun)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Late();
}
