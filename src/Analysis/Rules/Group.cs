using AlertResponder.Analysis.Rules.Pods;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules;

/// <summary>The same container, sick in the same way, in one or many pods: one finding, however many pods there are.</summary>
/// <param name="Worst">The one to show: the container with most restarts.</param>
/// <param name="Sick">In how many pods it is so.</param>
/// <param name="All">How many pods have this container.</param>
/// <param name="Alerted">How many pods firing alerts name, when that is more than were read; else 0.</param>
/// <param name="Members">All of them, worst first.</param>
/// <param name="Node">The node that all the sick ones are on; null where they are on several, or it was not read.</param>
/// <param name="Others">The same container in pods where it is well.</param>
internal sealed record Group(
    ContainerState Worst, int Sick, int All, int Alerted, IReadOnlyList<ContainerState> Members, string? Node, IReadOnlyList<ContainerState> Others)
{
    /// <summary>Enough to look at; a list of hundreds of ids would help nobody.</summary>
    private const int CitedMembers = 5;

    public IEnumerable<string> CitedIds => Members.Take(CitedMembers).Select(member => member.Id);

    /// <summary><c> in 3 of 5 pods</c>, or how many are alerted where only a sample was read; empty when there is but one.</summary>
    public string InPods => Alerted > 0 ? $" ({Alerted} pods alerted)" : Wording.InPods(Sick, All);

    /// <summary><c>Pod cardboard/x</c>, or how many there are.</summary>
    public string Where => Alerted > 0 ? $"{Alerted} pods alerted, {Sick} of {All} read"
        : All > 1 && Sick == 1 ? $"1 of {Wording.Count(All, "pod")} ({Worst.Pod}{On})"
        : All > 1 ? $"{Sick} of {Wording.Count(All, "pod")}{(Node is null || Sick == All ? "" : $" (all on node {Node})")}"
        : Pod;

    /// <summary>As <see cref="Where"/>, with the node also where there is but one pod: for troubles that a node may have.</summary>
    public string WhereOnNode => Alerted > 0 || All > 1 ? Where : Pod + On;

    /// <summary><c> on node k3s-agent-1</c>; empty where it is not one.</summary>
    public string On => Node is null ? "" : $" on node {Node}";

    /// <summary>The image of the healthy ones, where it is another: what the sick one was changed to.</summary>
    public string? OtherImage => Others.FirstOrDefault(other => other.IsHealthy && other.Image is not null && other.Image != Worst.Image)?.Image;

    /// <summary>
    /// Pods of more than one revision are sick in the same way, so that the newer revision cannot be why. A Deployment names its pods by
    /// their revision.
    /// </summary>
    public bool SpansRevisions(CaseFile file) =>
        file.Subject.Kind == "Deployment" && Members.Select(member => Actions.ReplicaSetOf(member.Pod)).Distinct(StringComparer.Ordinal).Skip(1).Any();

    private string Pod => $"Pod {(Worst.Evidence.Source.Namespace is { } @namespace ? @namespace + "/" : "")}{Worst.Pod}";

    /// <summary>Groups the sick containers by name and <paramref name="sameness"/>, the widest first.</summary>
    public static IReadOnlyList<Group> Of(CaseFile file, Func<ContainerState, bool> isSick, Func<ContainerState, object?> sameness) =>
    [
        .. file.Containers.Where(isSick)
            .GroupBy(container => (container.Name, container.IsInit, Same: sameness(container)))
            .Select(group =>
            {
                ContainerState[] members =
                [
                    // With the log that explains it first, so that a sample of the pods' logs is found.
                    .. group.OrderByDescending(member => file.LogOfLastRun(member) is not null)
                        .ThenByDescending(member => member.Restarts)
                        .ThenBy(member => member.Pod, StringComparer.Ordinal),
                ];
                var same = file.Containers.Where(container => container.Name == group.Key.Name && container.IsInit == group.Key.IsInit).ToArray();
                var nodes = members.Select(member => file.PodOf(member)?.Node).Distinct(StringComparer.Ordinal).Take(2).ToArray();
                return new Group(
                    members[0], members.Length, same.Length, file.AlertedPods > same.Length ? file.AlertedPods : 0, members,
                    nodes.Length == 1 ? nodes[0] : null, [.. same.Except(members)]);
            })
            .OrderByDescending(group => group.Sick)
            .ThenBy(group => group.Worst.Name, StringComparer.Ordinal),
    ];

    /// <summary>Critical when a serving workload has no healthy pod left; else a warning.</summary>
    public Severity Severity(CaseFile file)
    {
        var serves = file.Subject.Kind is "Deployment" or "StatefulSet" or "DaemonSet" or "Pod";
        var isDown = Members.Any(member => !member.IsHealthy)
            && (file.Owner(file.Subject.Kind, file.Subject.Name)?.Number(FactNames.ReadyReplicas) is { } ready ? ready == 0 : Sick == All);
        return serves && isDown ? Contracts.Severity.Critical : Contracts.Severity.Warning;
    }
}
