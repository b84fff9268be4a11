using AlertResponder.Contracts;
using k8s.Models;

namespace AlertResponder.Enrichment.Gathering.Pods;

/// <summary>A container of a pod, with its status where it has one yet.</summary>
/// <param name="Reference">Its pod and its name.</param>
/// <param name="Spec">What it is to be.</param>
/// <param name="Status">How it is.</param>
/// <param name="Role">For people.</param>
internal sealed record PodContainer(ObjectReference Reference, V1Container Spec, V1ContainerStatus? Status, string Role)
{
    private const string InitContainer = "init container";

    /// <summary>It must end before the others begin. A sidecar is listed among these, but runs on.</summary>
    public bool IsInit => Role == InitContainer;

    public bool IsSick => Status is { } status && (!status.Ready || status.RestartCount > 0) && status.State?.Terminated is not { ExitCode: 0 };

    /// <summary>There is a run to tell of.</summary>
    public bool HasRun => Status?.State?.Running is not null || Status?.State?.Terminated is not null;

    /// <summary>Those of a pod, the sick ones first.</summary>
    public static IEnumerable<PodContainer> Of(V1Pod pod)
    {
        var reference = PodEvidence.Reference(pod);
        var early = (pod.Spec?.InitContainers ?? []).Select(spec => new PodContainer(
            reference with { Container = spec.Name },
            spec,
            StatusOf(pod.Status?.InitContainerStatuses, spec),
            spec.RestartPolicy == "Always" ? "sidecar container" : InitContainer));
        var main = (pod.Spec?.Containers ?? []).Select(spec => new PodContainer(
            reference with { Container = spec.Name }, spec, StatusOf(pod.Status?.ContainerStatuses, spec), "container"));
        return early.Concat(main).OrderByDescending(container => container.IsSick);
    }

    private static V1ContainerStatus? StatusOf(IList<V1ContainerStatus>? statuses, V1Container spec) =>
        statuses?.FirstOrDefault(status => status.Name == spec.Name);
}
