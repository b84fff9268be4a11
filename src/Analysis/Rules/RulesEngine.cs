using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules;

/// <summary>Reads the evidence with every rule and always answers; the same evidence gets the same answer.</summary>
internal static class RulesEngine
{
    private const int MostFindings = 6;

    /// <summary>In the order of their rank: of two that are equally close to the alert, the cause is from the earlier.</summary>
    private static readonly Func<CaseFile, IEnumerable<Verdict>>[] Rules =
    [
        OomKilled.Check,
        Evicted.Check,
        ImagePull.Check,
        ConfigMissing.Check,
        WrongArchitecture.Check,
        ContainerNotCreated.Check,
        CrashLoop.Check,
        ProbeFailing.Check,
        PodsNotCreated.Check,
        VolumeTrouble.Check,
        MountFailed.Check,
        Unschedulable.Check,
        NodeTrouble.Check,
        LonghornTrouble.Check,
        CertificateTrouble.Check,
        VolumeFilling.Check,
        ResourceUse.Check,
        AutoscalerTrouble.Check,
        BudgetTrouble.Check,
        ErrorInLog.Check,
        StuckRollout.Check,
        CronJobTrouble.Check,
        JobFailed.Check,
    ];

    public static RulesDiagnosis Diagnose(ContextEnriched context)
    {
        var file = new CaseFile(context);
        Verdict[] verdicts =
        [
            .. Rules.SelectMany(rule => rule(file))
                .OrderBy(verdict => verdict.IsConsequence)
                .ThenByDescending(verdict => verdict.IsAlerted),
        ];
        if (verdicts.Length == 0)
            verdicts = [.. Recovered.Check(file)];
        if (verdicts.Length == 0)
            verdicts = [Unknown.Check(file)];

        var primary = verdicts[0];
        var change = primary.Rule == Recovered.Name ? null : RecentChange.Find(file);
        SuggestedAction[] suggested = [.. Distinct([.. RollBack(file, primary, change), .. verdicts.SelectMany(verdict => verdict.Actions)])];
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
            [.. Distinct([.. suggested, .. More(file, primary)])],
            LookFurther.Commands(file, suggested));
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
