using AlertResponder.Analysis.Rules.Nodes;
using AlertResponder.Analysis.Rules.Pods;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules;

/// <summary>Suggested actions, their parameters taken from evidence only.</summary>
internal static class Actions
{
    /// <summary>Null where there is no limit to raise or the subject has no pod template of its own that can change.</summary>
    public static SuggestedAction? IncreaseMemoryLimit(CaseFile file, ContainerState container) =>
        container.MemoryLimit is { } limit && HasMutableTemplate(file.Subject)
            ? new SuggestedAction(
                ActionKinds.IncreaseMemoryLimit,
                file.SubjectReference(),
                new Dictionary<string, string> { [ActionKinds.Container] = container.Name, [ActionKinds.CurrentLimit] = limit },
                [container.Id])
            : null;

    /// <summary>Null where there is no limit to raise or the subject has no pod template of its own that can change.</summary>
    public static SuggestedAction? IncreaseCpuLimit(CaseFile file, ContainerState container) =>
        container.Evidence.Fact(FactNames.CpuLimit) is { } limit && HasMutableTemplate(file.Subject)
            ? new SuggestedAction(
                ActionKinds.IncreaseCpuLimit,
                file.SubjectReference(),
                new Dictionary<string, string> { [ActionKinds.Container] = container.Name, [ActionKinds.CurrentLimit] = limit },
                [container.Id])
            : null;

    /// <summary>Null unless the nodes that were read have exactly one architecture besides that of <paramref name="failing"/>.</summary>
    public static SuggestedAction? PinArchitecture(CaseFile file, NodeState? failing, string evidenceId)
    {
        if (failing?.Evidence.Fact(FactNames.Architecture) is not { } wrong || !HasMutableTemplate(file.Subject))
            return null;
        var others = file.Nodes
            .Where(node => node.Evidence.Fact(FactNames.Architecture) is { } architecture && architecture != wrong)
            .GroupBy(node => node.Evidence.Fact(FactNames.Architecture)!, StringComparer.Ordinal)
            .ToArray();
        return others.Length == 1
            ? new SuggestedAction(
                ActionKinds.PinArchitecture,
                file.SubjectReference(),
                new Dictionary<string, string> { [ActionKinds.Architecture] = others[0].Key },
                [evidenceId, failing.Id, others[0].First().Id])
            : null;
    }

    /// <summary>For what no restart heals: back to the revision that serves, where there is one, else look.</summary>
    public static IReadOnlyList<SuggestedAction> ForNewRevision(CaseFile file, Group sick, IReadOnlyList<string> evidenceIds) =>
    [
        .. new[]
        {
            RollBackWorkload(file, sick),
            ViewEvents(sick.Worst.Evidence.Source, evidenceIds),
            Describe(sick.Worst.Evidence.Source, sick.Worst.Id),
        }.OfType<SuggestedAction>(),
    ];

    public static SuggestedAction OnObject(string kind, Evidence target) => new(kind, target.Source, NoParameters, [target.Id]);

    public static SuggestedAction ViewPreviousLogs(ContainerState container) => OfContainer(ActionKinds.ViewPreviousLogs, container);

    public static SuggestedAction ViewLogs(ContainerState container) => OfContainer(ActionKinds.ViewLogs, container);

    public static SuggestedAction Describe(ObjectReference target, params IReadOnlyList<string> evidenceIds) =>
        new(ActionKinds.Describe, target with { Container = null }, NoParameters, evidenceIds);

    public static SuggestedAction ViewEvents(ObjectReference target, params IReadOnlyList<string> evidenceIds) =>
        new(ActionKinds.ViewEvents, target with { Container = null }, NoParameters, evidenceIds);

    public static SuggestedAction UncordonNode(NodeState node) =>
        new(ActionKinds.UncordonNode, node.Evidence.Source, NoParameters, [node.Id]);

    /// <summary>Null where it takes no pods already.</summary>
    public static SuggestedAction? CordonNode(NodeState node) =>
        node.IsCordoned ? null : new(ActionKinds.CordonNode, node.Evidence.Source, NoParameters, [node.Id]);

    /// <summary>
    /// Elsewhere its successor may do better. Null unless something makes one that need not come to the same node or volume, and only where
    /// others of its kind are well: else it is not the place.
    /// </summary>
    public static SuggestedAction? DeletePod(CaseFile file, PodState pod, IReadOnlyList<string> evidenceIds) =>
        file.Subject.Kind is "Deployment" or "ReplicaSet" && pod.Evidence.Fact(FactNames.Claims) is null
        && file.Containers.Any(container => container.Pod != pod.Name && container.IsHealthy)
            ? new SuggestedAction(ActionKinds.DeletePod, pod.Evidence.Source, NoParameters, evidenceIds)
            : null;

    /// <summary>Null where an autoscaler decides how many there are, or the subject has no replicas to choose.</summary>
    public static SuggestedAction? ScaleWorkload(CaseFile file, int replicas, IReadOnlyList<string> evidenceIds) =>
        file.Subject.Kind is "Deployment" or "StatefulSet" && !file.Of(EvidenceKind.Autoscaler).Any()
            ? new SuggestedAction(
                ActionKinds.ScaleWorkload,
                file.SubjectReference(),
                new Dictionary<string, string> { [ActionKinds.Replicas] = replicas.ToString(System.Globalization.CultureInfo.InvariantCulture) },
                evidenceIds)
            : null;

    /// <summary>Null where the subject cannot be restarted as a whole.</summary>
    public static SuggestedAction? RestartWorkload(CaseFile file, IReadOnlyList<string> evidenceIds) =>
        file.Subject.Kind is "Deployment" or "StatefulSet" or "DaemonSet"
            ? new SuggestedAction(ActionKinds.RestartWorkload, file.SubjectReference(), NoParameters, evidenceIds)
            : null;

    /// <summary>Null unless all sick pods are of one ReplicaSet, none of which is ready, and another one of the Deployment serves.</summary>
    public static SuggestedAction? RollBackWorkload(CaseFile file, Group sick)
    {
        if (file.Subject.Kind != "Deployment")
            return null;
        var sickSets = sick.Members.Select(member => ReplicaSetOf(member.Pod)).ToHashSet(StringComparer.Ordinal);
        if (sickSets.Count != 1 || sick.Worst.IsHealthy)
            return null;
        var serving = file.Owner("ReplicaSet", sickSets.Single())?.Number(FactNames.ReadyReplicas) == 0
            && file.Owner("Deployment", file.Subject.Name) is { } deployment && deployment.Number(FactNames.ReadyReplicas) > 0
                ? deployment.Id
                : file.Containers
                    .GroupBy(container => container.Pod, StringComparer.Ordinal)
                    .Where(pod => pod.All(container => container.IsHealthy) && !sickSets.Contains(ReplicaSetOf(pod.Key)))
                    .Select(pod => pod.First().Id)
                    .FirstOrDefault();
        return serving is null
            ? null
            : new SuggestedAction(ActionKinds.RollBackWorkload, file.SubjectReference(), NoParameters, [sick.Worst.Id, serving]);
    }

    /// <summary>For a change that was seen. Null where the subject keeps no revisions.</summary>
    public static SuggestedAction? RollBackWorkload(CaseFile file, IReadOnlyList<string> evidenceIds) =>
        file.Subject.Kind is "Deployment" or "StatefulSet" or "DaemonSet"
            ? new SuggestedAction(ActionKinds.RollBackWorkload, file.SubjectReference(), NoParameters, evidenceIds)
            : null;

    private static Dictionary<string, string> NoParameters => [];

    private static bool HasMutableTemplate(Subject subject) => subject.Kind is "Deployment" or "StatefulSet" or "DaemonSet" or "CronJob";

    private static SuggestedAction OfContainer(string kind, ContainerState container) =>
        new(
            kind,
            container.Evidence.Source,
            new Dictionary<string, string> { [ActionKinds.Container] = container.Name },
            [container.Id]);

    /// <summary>A Deployment's pod is named <c>deployment-hash-suffix</c>; without the suffix that is its ReplicaSet.</summary>
    public static string ReplicaSetOf(string pod) => pod.LastIndexOf('-') is > 0 and var dash ? pod[..dash] : pod;
}
