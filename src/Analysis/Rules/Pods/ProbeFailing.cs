using System.Text.RegularExpressions;
using AlertResponder.Analysis.Rules.Logs;
using AlertResponder.Analysis.Rules.Nodes;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules.Pods;

/// <summary>A container runs, but the kubelet finds it not started or not ready, or kills it for its liveness.</summary>
internal static partial class ProbeFailing
{
    public const string Name = "probe-failing";

    public static IEnumerable<Verdict> Check(CaseFile file) =>
        Group.Of(file, container => Probe(file, container) is not null, container => Probe(file, container)!.Value.Kind).Select(group => Verdict(file, group));

    /// <summary>The probe's event about the pod, of the kind whose failure shows in the container's state; null when there is none.</summary>
    public static (string Kind, Evidence Shown)? Probe(CaseFile file, ContainerState container)
    {
        if (!container.IsRunning || container.IsInit)
            return null;
        var kinds = container.Evidence.Flag(FactNames.Started) == false ? new[] { "Startup", "Readiness" }
            : container.IsReady == false ? ["Readiness", "Startup", "Liveness"]
            : KeepsBeingKilled(file, container) ? ["Liveness"]
            : [];
        foreach (var kind in kinds)
        {
            if (HasNoSuchProbe(container, kind))
                continue;
            if (file.EventsOf(container.Evidence.Source.Namespace, container.Pod).FirstOrDefault(item => file.IsRecent(item) && IsOf(item, kind, container)) is { } shown)
                return (kind.ToLowerInvariant(), shown);
        }

        return null;
    }

    private static Verdict Verdict(CaseFile file, Group group)
    {
        var container = group.Worst;
        var (kind, shown) = Probe(file, container)!.Value;
        var probe = container.Evidence.Fact(kind switch
        {
            "startup" => FactNames.StartupProbe,
            "liveness" => FactNames.LivenessProbe,
            _ => FactNames.ReadinessProbe,
        });
        var says = Wording.Cut(Outcome().Replace(Wording.OneLine(shown.Said()), ""), 160);
        var state = kind switch
        {
            "startup" => "does not start up",
            "liveness" => "is killed again and again",
            _ => "runs but is not ready",
        };
        var log = file.LogOf(container);
        var error = log is null ? null : LogError.Find(log.Text);
        if (error is { IsClear: false })
            error = null;
        var dependency = Dependency.Of(file, error);
        var why = dependency?.Short ?? error?.Meaning;
        string[] ids =
        [
            .. group.CitedIds,
            shown.Id,
            .. log is null ? [] : new[] { log.Id },
            .. dependency is null ? [] : new[] { dependency.EvidenceId },
        ];
        var explanation = $"{container.Label} {state}{group.InPods}: its {kind} probe{(probe is null ? "" : $" ({probe})")} fails: {Wording.Sentence(says)}";
        if (error is not null)
            explanation += $" Its log says: \"{error.Line}\".";
        else if (log is not null && LogError.Last(log.Text) is { } last)
            explanation += $" Its log ends: \"{last}\".";
        if (dependency is not null)
            explanation += $" {dependency.Clause}.";

        return new Verdict(
            Name,
            Wording.Cause(
                $"{container.Label} {state}{group.InPods}: {(why is null ? $"its {kind} probe fails: {says}" : $"its {kind} probe fails; {why}")}",
                $"{container.Name} {state}: its {kind} probe fails{(why is null ? "" : $"; {why}")}"),
            explanation,
            $"{group.Where}: {container.Label} {state}: its {kind} probe fails: {Wording.Sentence(says)}",
            group.Severity(file),
            Confidence.High,
            ids,
            [
                .. new[]
                {
                    dependency?.IsDown == true || group.SpansRevisions(file) ? null : Actions.RollBackWorkload(file, group),
                    HangsAfterHavingWorked(file, container) && error is null && DoesNotAnswer().IsMatch(says) ? Actions.RestartWorkload(file, ids) : null,
                    Actions.ViewLogs(container),
                    Actions.ViewEvents(container.Evidence.Source, shown.Id),
                }.OfType<SuggestedAction>(),
            ])
        {
            IsAlerted = group.Members.Any(file.IsAlerted),
            MayComeOfChange = dependency?.IsDown != true && !group.SpansRevisions(file),
            IsConsequence = NodeTrouble.IsBehind(file, group.Members),
            Marks = ["probe", "ready", "readiness", "liveness", "startup", .. why is null ? [] : new[] { why }],
        };
    }

    /// <summary>A process that has run for long and stopped answering may be stuck; one that never answered is not healed by another try.</summary>
    private static bool HangsAfterHavingWorked(CaseFile file, ContainerState container) =>
        container.Evidence.Instant(FactNames.StartedAt) is { } started && file.Began is { } began && began - started > TimeSpan.FromHours(1);

    /// <summary>A graceful end leaves exit code 0: only the restarts show that the kubelet asked for it.</summary>
    private static bool KeepsBeingKilled(CaseFile file, ContainerState container) =>
        container.Restarts > 0 && container.LastEnd is { ExitCode: 0, FinishedAt: { } finished } && file.Now - finished <= TimeSpan.FromMinutes(30);

    private static bool IsOf(Evidence item, string kind, ContainerState container)
    {
        var said = item.Said();
        return item.Fact(FactNames.Reason) switch
        {
            "Unhealthy" => said.StartsWith($"{kind} probe", StringComparison.OrdinalIgnoreCase),
            "Killing" => said.Contains($"Container {container.Name} failed {kind} probe", StringComparison.OrdinalIgnoreCase),
            _ => false,
        };
    }

    /// <summary>Known only where the container states any probe: older evidence does not name them.</summary>
    private static bool HasNoSuchProbe(ContainerState container, string kind)
    {
        string? Fact(string name) => container.Evidence.Fact(name);
        var stated = (Startup: Fact(FactNames.StartupProbe), Readiness: Fact(FactNames.ReadinessProbe), Liveness: Fact(FactNames.LivenessProbe));
        return stated is not (null, null, null)
            && (kind switch { "Startup" => stated.Startup, "Readiness" => stated.Readiness, _ => stated.Liveness }) is null;
    }

    /// <summary>Whoever answers with an error is not stuck.</summary>
    [GeneratedRegex("deadline exceeded|timeout|timed out|Client.Timeout", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex DoesNotAnswer();

    [GeneratedRegex("^(Startup|Readiness|Liveness) probe (failed|errored):? ?(and resulted in unknown state: )?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Outcome();
}
