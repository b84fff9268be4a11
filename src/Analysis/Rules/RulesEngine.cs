using AlertResponder.Analysis.Rules.Logs;
using AlertResponder.Analysis.Rules.Nodes;
using AlertResponder.Analysis.Rules.Pods;
using AlertResponder.Analysis.Rules.Storage;
using AlertResponder.Analysis.Rules.Workloads;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules;

/// <summary>Reads the evidence with every rule and always answers; the same evidence gets the same answer.</summary>
internal static class RulesEngine
{
    private const int MostFindings = 6;

    /// <summary>In the order of their rank: of two that are equally close to the alert, the cause is from the earlier.</summary>
    public static readonly IReadOnlyList<Rule> Rules =
    [
        new(OomKilled.Name, OomKilled.Check),
        new(Evicted.Name, Evicted.Check),
        new(ImagePull.Name, ImagePull.Check),
        new(ConfigMissing.Name, ConfigMissing.Check),
        new(WrongArchitecture.Name, WrongArchitecture.Check),
        new(ContainerNotCreated.Name, ContainerNotCreated.Check),
        new(CrashLoop.Name, CrashLoop.Check),
        new(ProbeFailing.Name, ProbeFailing.Check),
        new(PodsNotCreated.Name, PodsNotCreated.Check),
        new("volume", VolumeTrouble.Check),
        new(MountFailed.Name, MountFailed.Check),
        new(Unschedulable.Name, Unschedulable.Check),
        new("node", NodeTrouble.Check),
        new(LonghornTrouble.Name, LonghornTrouble.Check),
        new(CertificateTrouble.Name, CertificateTrouble.Check),
        new(VolumeFilling.Name, VolumeFilling.Check),
        new("resource-use", ResourceUse.Check),
        new("autoscaler", AutoscalerTrouble.Check),
        new(BudgetTrouble.Name, BudgetTrouble.Check),
        new(ErrorInLog.Name, ErrorInLog.Check),
        new(StuckRollout.Name, StuckRollout.Check),
        new("cronjob", CronJobTrouble.Check),
        new(JobFailed.Name, JobFailed.Check),
    ];

    public static RulesDiagnosis Diagnose(ContextEnriched context) => Diagnose(context, Rules);

    /// <remarks>A rule that throws is left out and named: the others' answer is better than none.</remarks>
    public static RulesDiagnosis Diagnose(ContextEnriched context, IReadOnlyList<Rule> rules)
    {
        var isolation = new RuleIsolation();
        var diagnosis = isolation.Try("evidence", () => new CaseFile(context)) is { } file && isolation.Try("diagnosis", () => Diagnose(file, rules, isolation)) is { } made
            ? made
            : AlertAlone(context, isolation);

        // Done to another cluster than the alert's, or typed at a terminal that is connected to it, they would hit the wrong one.
        return context.ConnectedCluster is null ? diagnosis : diagnosis with { SuggestedActions = [], OfferedActions = [], Commands = [] };
    }

    private static RulesDiagnosis Diagnose(CaseFile file, IReadOnlyList<Rule> rules, RuleIsolation isolation)
    {
        Verdict[] verdicts =
        [
            .. rules.SelectMany(rule => isolation.Try<Verdict[]>(rule.Name, () => [.. rule.Check(file)]) ?? [])
                .OrderBy(verdict => verdict.IsConsequence)
                .ThenByDescending(verdict => verdict.IsAlerted),
        ];

        // What was not looked at is not known to be well.
        if (verdicts.Length == 0 && isolation.Failures.Count == 0)
            verdicts = isolation.Try<Verdict[]>(Recovered.Name, () => [.. Recovered.Check(file)]) ?? [];
        if (verdicts.Length == 0)
            verdicts = [Unknown.Check(file)];

        var primary = verdicts[0];
        var change = primary.Rule == Recovered.Name ? null : isolation.Try(RecentChange.Name, () => RecentChange.Find(file));
        SuggestedAction[] suggested =
            isolation.Try<SuggestedAction[]>("actions", () => [.. Distinct([.. RollBack(file, primary, change), .. verdicts.SelectMany(verdict => verdict.Actions)])]) ?? [];
        return new RulesDiagnosis(
            new Diagnosis(
                primary.Cause,
                change is null ? primary.Explanation : $"{primary.Explanation} It {change.Clause}.",
                verdicts.Max(verdict => verdict.Severity),
                primary.Confidence,
                [
                    .. verdicts.Take(MostFindings).Select(verdict => new Finding(verdict.Rule, verdict.Finding, verdict.EvidenceIds)),
                    .. change is null ? [] : new[] { new Finding(RecentChange.Name, $"It {change.Clause}.", [change.EvidenceId]) },
                ]),
            primary,
            suggested,
            isolation.Try<SuggestedAction[]>("actions", () => [.. Distinct([.. suggested, .. More(file, primary)])]) ?? suggested,
            isolation.Try("commands", () => LookFurther.Commands(file, suggested)) ?? [],
            isolation.Failures);
    }

    /// <summary>The evidence cannot be used at all: what the alert says is all there is.</summary>
    private static RulesDiagnosis AlertAlone(ContextEnriched context, RuleIsolation isolation)
    {
        var verdict = Unknown.AlertAlone(context);
        return new RulesDiagnosis(
            new Diagnosis(verdict.Cause, verdict.Explanation, verdict.Severity, verdict.Confidence, [new Finding(verdict.Rule, verdict.Finding, verdict.EvidenceIds)]),
            verdict,
            [],
            [],
            [],
            isolation.Failures);
    }

    /// <summary>Only where a change of the template may have brought the trouble; first, as it undoes the suspect.</summary>
    private static IEnumerable<SuggestedAction> RollBack(CaseFile file, Verdict primary, RecentChange? change) =>
        change is not null && primary.MayComeOfChange && Actions.RollBackWorkload(file, [.. primary.EvidenceIds.Take(1), change.EvidenceId]) is { } rollBack
            ? primary.Actions.Where(action => action.Kind is ActionKinds.IncreaseMemoryLimit or ActionKinds.IncreaseCpuLimit or ActionKinds.PinArchitecture).Append(rollBack)
            : [];

    /// <summary>What the model may choose besides: changing things only where the rules don't know better.</summary>
    private static IEnumerable<SuggestedAction> More(CaseFile file, Verdict primary)
    {
        if (primary.Rule == CrashLoop.Name && primary.Confidence != Confidence.High && Actions.RestartWorkload(file, primary.EvidenceIds) is { } restart)
            yield return restart;
        if (file.Containers.FirstOrDefault(container => !container.IsHealthy) is { } container)
        {
            yield return Actions.ViewLogs(container);
            yield return Actions.Describe(container.Evidence.Source, container.Id);
            yield return Actions.ViewEvents(container.Evidence.Source, container.Id);
        }
    }

    /// <summary>One action of a kind for one target: a button for each of 25 pods would help nobody, so read-only kinds come once.</summary>
    private static IEnumerable<SuggestedAction> Distinct(IEnumerable<SuggestedAction> actions) =>
        actions.DistinctBy(action => ActionKinds.IsReadOnly(action.Kind)
            ? (action.Kind, "", "")
            : (action.Kind, action.Target.ToString(), action.Parameters.GetValueOrDefault(ActionKinds.Container, "")));
}
