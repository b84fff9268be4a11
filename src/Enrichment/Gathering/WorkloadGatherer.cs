using AlertResponder.Contracts;
using AlertResponder.Enrichment.Cluster;
using k8s.Models;
using static AlertResponder.Enrichment.Gathering.Together;

namespace AlertResponder.Enrichment.Gathering;

/// <summary>A workload, its rollout and what changed in it, with its pods.</summary>
internal sealed class WorkloadGatherer(ClusterReads reads, PodGatherer pods)
{
    /// <param name="kind">The workload's, or one that is none: then there are only the named pods.</param>
    /// <param name="namespace">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="named">Pods that alerts name.</param>
    public async Task<IReadOnlyList<Observation>> GatherAsync(string kind, string @namespace, string name, IReadOnlyCollection<string> named)
    {
        var subject = new ObjectReference(kind, @namespace, name);
        var events = pods.EventsAsync(subject);
        var alerted = NamedAsync(@namespace, named);
        var workload = await ReadAsync(kind, @namespace, name);

        // None named, or all of them gone: their successors then.
        var found = await alerted is { Count: > 0 } some ? some : await PodsAsync(kind, @namespace, name, workload);
        return await AllAsync(
        [
            Task.FromResult<IReadOnlyList<Observation>>(workload is null ? [] : [workload.Observation]),
            events,
            pods.GatherAsync(@namespace, found),
            .. OwnersBetween(found, subject).Select(owner => OwnerAsync(owner)),
            ChangesAsync(@namespace, workload),
            AutoscalerAsync(kind, @namespace, name),
            MayBeOverQuota(workload, found) ? QuotasAsync(@namespace) : AllAsync(),
        ]);
    }

    /// <summary>The pods that a selector takes, the sickest first.</summary>
    public async Task<IReadOnlyList<V1Pod>> PodsAsync(string @namespace, V1LabelSelector? selector) =>
        LabelSelectors.Text(selector) is { } text ? Sickest(await reads.PodsAsync(@namespace, text)) : [];

    public async Task<IReadOnlyList<V1Pod>> NamedAsync(string @namespace, IEnumerable<string> names) =>
        [.. (await Task.WhenAll(names.Take(PodGatherer.MostPods).Select(name => reads.PodAsync(@namespace, name)))).Select(read => read.Value).OfType<V1Pod>()];

    public static IReadOnlyList<V1Pod> Sickest(IEnumerable<V1Pod> found) =>
        [.. found.OrderByDescending(PodEvidence.Sickness).ThenByDescending(pod => pod.Metadata.CreationTimestamp).Take(PodGatherer.MostPods)];

    public async Task<IReadOnlyList<Observation>> QuotasAsync(string @namespace) => [.. (await reads.QuotasAsync(@namespace)).Select(QuotaEvidence.Of)];

    private async Task<Workload?> ReadAsync(string kind, string @namespace, string name) => kind switch
    {
        "Deployment" => await reads.DeploymentAsync(@namespace, name) is { } deployment ? OwnerEvidence.Of(deployment) : null,
        "StatefulSet" => await reads.StatefulSetAsync(@namespace, name) is { } statefulSet ? OwnerEvidence.Of(statefulSet) : null,
        "DaemonSet" => await reads.DaemonSetAsync(@namespace, name) is { } daemonSet ? OwnerEvidence.Of(daemonSet) : null,
        "ReplicaSet" => await reads.ReplicaSetAsync(@namespace, name) is { } replicaSet ? OwnerEvidence.Of(replicaSet) : null,
        "Job" => await reads.JobAsync(@namespace, name) is { } job ? OwnerEvidence.Of(job) : null,
        "CronJob" => await reads.CronJobAsync(@namespace, name) is { } cronJob ? OwnerEvidence.Of(cronJob) : null,
        _ => null,
    };

    private async Task<IReadOnlyList<V1Pod>> PodsAsync(string kind, string @namespace, string name, Workload? workload)
    {
        if (kind != "CronJob")
        {
            return await PodsAsync(@namespace, workload?.Selector);
        }

        var newest = (await reads.JobsAsync(@namespace))
            .Where(job => job.Metadata.OwnerReferences?.Any(owner => owner.Kind == "CronJob" && owner.Name == name) == true)
            .MaxBy(job => job.Metadata.CreationTimestamp);
        return newest is null ? [] : await PodsAsync(@namespace, OwnerEvidence.Of(newest).Selector);
    }

    // Between the pods and the subject: a Deployment's ReplicaSets, a CronJob's Jobs.
    private static IEnumerable<ObjectReference> OwnersBetween(IEnumerable<V1Pod> found, ObjectReference subject) => found
        .Select(pod => pod.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true))
        .OfType<V1OwnerReference>()
        .Where(owner => owner.Kind is "ReplicaSet" or "Job")
        .Select(owner => new ObjectReference(owner.Kind, subject.Namespace, owner.Name))
        .Where(owner => owner != subject)
        .Distinct();

    private async Task<IReadOnlyList<Observation>> OwnerAsync(ObjectReference owner) =>
        await ReadAsync(owner.Kind, owner.Namespace!, owner.Name) is not { } workload ? []
            : owner.Kind == "Job" || workload.LacksPods ? [workload.Observation, .. await pods.EventsAsync(owner)]
            : [workload.Observation];

    private async Task<IReadOnlyList<Observation>> ChangesAsync(string @namespace, Workload? workload) =>
        (workload?.Observation.Source.Kind, LabelSelectors.Text(workload?.Selector)) switch
        {
            ("Deployment", { } selector) => [.. ChangeEvidence.Of(workload!, await reads.ReplicaSetsAsync(@namespace, selector))],
            ("StatefulSet" or "DaemonSet", { } selector) => [.. ChangeEvidence.Of(workload!, await reads.ControllerRevisionsAsync(@namespace, selector))],
            _ => [],
        };

    private async Task<IReadOnlyList<Observation>> AutoscalerAsync(string kind, string @namespace, string name)
    {
        if (kind is not ("Deployment" or "StatefulSet" or "ReplicaSet"))
        {
            return [];
        }

        var autoscaler = (await reads.AutoscalersAsync(@namespace)).FirstOrDefault(item => item.Spec?.ScaleTargetRef is { } target && target.Kind == kind && target.Name == name);
        return autoscaler is null ? []
            : AutoscalerEvidence.Wrong(autoscaler) is null ? [AutoscalerEvidence.Of(autoscaler)]
            : [AutoscalerEvidence.Of(autoscaler), .. await pods.EventsAsync(AutoscalerEvidence.Reference(autoscaler))];
    }

    private static bool MayBeOverQuota(Workload? workload, IReadOnlyList<V1Pod> found) =>
        workload is not null && (workload.LacksPods || found.Count == 0 || found.Any(pod => pod.Status?.Phase == "Pending"));
}
