using System.Globalization;
using AlertResponder.Analysis.Rules.Pods;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules.Workloads;

/// <summary>A new revision does not arrive: its deadline has passed, it is paused, or an ordered set waits behind a pod that is not ready.</summary>
internal static class StuckRollout
{
    public const string Name = "stuck-rollout";
    public const string PausedName = "paused-rollout";
    public const string MisscheduledName = "daemonset-misscheduled";

    public static IEnumerable<Verdict> Check(CaseFile file) =>
        file.Owners.Select(owner => owner.Source.Kind switch
        {
            "Deployment" => Deployment(file, owner),
            "StatefulSet" => StatefulSet(file, owner),
            "DaemonSet" => DaemonSet(file, owner),
            _ => null,
        }).OfType<Verdict>();

    private static Verdict? Deployment(CaseFile file, Evidence owner)
    {
        var updated = owner.Number(FactNames.UpdatedReplicas) ?? 0;
        var desired = owner.Number(FactNames.Desired) ?? 0;
        var counts = Counts(owner);
        if (owner.Flag(FactNames.Paused) == true && desired > updated)
        {
            return About(
                file, owner, PausedName, $"Deployment {owner.Source.Name} is paused in the middle of a rollout: {counts}",
                "Someone paused it; it goes on with kubectl rollout resume.", Severity.Warning, Confidence.High);
        }

        if (owner.Fact(FactNames.Reason) != "ProgressDeadlineExceeded" || owner.Flag(FactNames.Progressing) == true)
            return null;
        var says = owner.Fact(FactNames.Message) is { } message ? $" {Wording.Sentence(Wording.Cut(Wording.OneLine(message), 200))}" : "";
        return About(
            file, owner, Name, $"Deployment {owner.Source.Name}: its rollout is stuck past its progress deadline: {counts}",
            $"The new pods do not become available.{says}",
            owner.Number(FactNames.AvailableReplicas) is 0 && desired > 0 ? Severity.Critical : Severity.Warning, Confidence.Medium);
    }

    /// <summary>Pods are made one after the other, by their number: one that is not ready holds up all that follow.</summary>
    private static Verdict? StatefulSet(CaseFile file, Evidence owner)
    {
        var desired = owner.Number(FactNames.Desired) ?? 0;
        if (desired == 0 || (owner.Number(FactNames.ReadyReplicas) ?? 0) >= desired)
            return null;
        var broken = file.Pods
            .Where(pod => Ordinal(owner, pod) is not null && IsBroken(file, pod))
            .OrderBy(pod => Ordinal(owner, pod))
            .FirstOrDefault();
        if (broken is null)
            return null;
        return About(
            file, owner, Name, $"StatefulSet {owner.Source.Name} is stuck behind pod {broken.Name}: {Counts(owner)}",
            $"A StatefulSet goes from pod to pod: the others wait until {broken.Name} is ready.", Severity.Warning, Confidence.Medium, broken.Id);
    }

    private static Verdict? DaemonSet(CaseFile file, Evidence owner)
    {
        if (file.Alerts.All(alert => alert.Status != AlertStatus.Firing || !alert.Name().Contains("MisScheduled", StringComparison.OrdinalIgnoreCase)))
            return null;
        return About(
            file, owner, MisscheduledName, $"DaemonSet {owner.Source.Name} runs on nodes where it should not: {Counts(owner)}",
            $"A node's labels or taints were changed after its pod had started, or the selector of the DaemonSet was.{Misplaced(file)}", Severity.Warning, Confidence.Medium);
    }

    private static Verdict About(CaseFile file, Evidence owner, string rule, string cause, string explanation, Severity severity, Confidence confidence, params string[] more) =>
        new(
            rule, Wording.Cause(cause), $"{Wording.Sentence(cause)} {explanation}", Wording.Sentence(cause), severity, confidence, [owner.Id, .. more],
            [Actions.Describe(owner.Source, owner.Id), Actions.ViewEvents(owner.Source, owner.Id)])
        {
            MayComeOfChange = rule == Name,
            Marks = confidence == Confidence.High ? ["paused", "rollout"] : [],
            IsConsequence = rule == Name,
            IsAlerted = file.IsAlerted(owner.Source),
        };

    /// <summary>The pods whose nodes are not, or no longer, what they ask for.</summary>
    private static string Misplaced(CaseFile file)
    {
        var misplaced = file.Pods
            .Where(pod => pod.Evidence.Fact(FactNames.NodeSelector) is { } wanted
                && file.Nodes.FirstOrDefault(node => node.Name == pod.Node)?.Evidence.Fact(FactNames.Labels) is { } labels
                && wanted.Split(',').Except(labels.Split(','), StringComparer.Ordinal).Any())
            .Take(3)
            .Select(pod => $"pod {pod.Name} runs on node {pod.Node}, which is not {pod.Evidence.Fact(FactNames.NodeSelector)}")
            .ToArray();
        return misplaced.Length > 0 ? $" {Wording.Sentence(string.Join("; ", misplaced))}"
            : file.Pods.Count is > 0 and <= 3 ? $" Its pods are on {string.Join(", ", file.Pods.Select(pod => pod.Node).OfType<string>().Distinct(StringComparer.Ordinal))}."
            : "";
    }

    private static bool IsBroken(CaseFile file, PodState pod) =>
        pod.Phase != "Succeeded"
        && (pod.IsUnscheduled || file.Containers.Any(container => container.Pod == pod.Name && !container.IsHealthy));

    private static int? Ordinal(Evidence owner, PodState pod) =>
        pod.Name.StartsWith(owner.Source.Name + "-", StringComparison.Ordinal)
        && int.TryParse(pod.Name.AsSpan(owner.Source.Name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
            ? ordinal
            : null;

    private static string Counts(Evidence owner)
    {
        var desired = owner.Number(FactNames.Desired) ?? 0;
        var updated = owner.Number(FactNames.UpdatedReplicas);
        var ready = owner.Number(FactNames.ReadyReplicas) ?? 0;
        return updated is null ? $"{ready} of {desired} ready" : $"{updated} of {desired} updated, {ready} ready";
    }
}
