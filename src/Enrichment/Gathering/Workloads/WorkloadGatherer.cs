using AlertResponder.Contracts;
using AlertResponder.Enrichment.Cluster;
using AlertResponder.Enrichment.Gathering.Pods;
using k8s.Models;
using static AlertResponder.Enrichment.Gathering.Together;

namespace AlertResponder.Enrichment.Gathering.Workloads;

/// <summary>A workload, its rollout and what changed in it, with its pods.</summary>
internal sealed class WorkloadGatherer(ClusterReads reads, PodGatherer pods)
{
    private const int MostGone = 2;
    private const int MostSiblings = 8;
    private const int MostJobs = 4;

    /// <param name="kind">The workload's, or one that is none: then there are only the named pods.</param>
    /// <param name="namespace">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="named">Pods that alerts name.</param>
    public async Task<IReadOnlyList<Observation>> GatherAsync(string kind, string @namespace, string name, IReadOnlyCollection<string> named)
    {
        var subject = new ObjectReference(kind, @namespace, name);
        var events = reads.GatherAsync("events", () => pods.EventsAsync(subject));
        var alerted = ReadNamedAsync(@namespace, named);
        var jobs = kind == "CronJob" ? reads.PartAsync("jobs", () => JobsAsync(@namespace, name)) : null;
        var (workload, isGone) = await ReadAsync(kind, @namespace, name);
        var all = await reads.PartAsync(
            "pods", async () => jobs is null ? await SelectedAsync(@namespace, workload?.Selector) : await PodsOfAsync(@namespace, await jobs ?? [])) ?? [];

        // None named, or all of them gone: their successors then.
        IReadOnlyList<V1Pod> some = [.. (await alerted).Select(pod => pod.Read.Value).OfType<V1Pod>()];
        var found = some.Count > 0 ? some : await reads.PartAsync("pods", () => Task.FromResult(Sickest(all))) ?? [];
        return await AllAsync(
        [
            Task.FromResult<IReadOnlyList<Observation>>(workload is not null ? [workload.Observation] : isGone ? [OwnerEvidence.Missing(subject)] : []),
            events,
            reads.GatherAsync("pods", () => pods.GatherAsync(@namespace, found)),
            reads.GatherAsync("the other pods", () => Task.FromResult(Siblings(all, found))),
            .. (await alerted).Where(pod => pod.Read.NotFound && IsOf(name, pod.Name)).Take(MostGone)
                .Select(pod => reads.GatherAsync("pods that are gone", () => GoneAsync(@namespace, pod.Name))),
            reads.GatherAsync("owners", () => AllAsync(OwnersBetween(found, subject).Select(OwnerAsync))),
            .. jobs is null ? [] : (await jobs ?? []).Take(MostJobs).Select(job => reads.GatherAsync("jobs", () => JobAsync(@namespace, job))),
            reads.GatherAsync("changes", () => ChangesAsync(@namespace, workload)),
            reads.GatherAsync("the autoscaler", () => AutoscalerAsync(kind, @namespace, name)),
            reads.GatherAsync("quotas", () => MayBeOverQuota(workload, found) ? QuotasAsync(@namespace) : AllAsync()),
        ]);
    }

    /// <summary>The runs of a CronJob that alerts name, with their events.</summary>
    public async Task<IReadOnlyList<Observation>> RunsAsync(string @namespace, IEnumerable<string> names) =>
        await AllAsync(names.Take(MostGone).Select(name => OwnerAsync(new ObjectReference("Job", @namespace, name))));

    /// <summary>The pods that a selector takes, the sickest first.</summary>
    public async Task<IReadOnlyList<V1Pod>> PodsAsync(string @namespace, V1LabelSelector? selector) =>
        LabelSelectors.Text(selector) is { } text ? Sickest(await reads.PodsAsync(@namespace, text)) : [];

    public async Task<IReadOnlyList<V1Pod>> NamedAsync(string @namespace, IEnumerable<string> names) =>
        [.. (await ReadNamedAsync(@namespace, names)).Select(pod => pod.Read.Value).OfType<V1Pod>()];

    private async Task<IReadOnlyList<(string Name, ClusterRead<V1Pod> Read)>> ReadNamedAsync(string @namespace, IEnumerable<string> names) =>
        await Task.WhenAll(names.Take(PodGatherer.MostPods).Select(async name => (name, await reads.PodAsync(@namespace, name))));

    // An alert about a workload may carry the name of the exporter's pod, which lives elsewhere.
    private static bool IsOf(string owner, string pod) => pod == owner || pod.StartsWith(owner + "-", StringComparison.Ordinal);

    // Its last events tell how it went.
    private async Task<IReadOnlyList<Observation>> GoneAsync(string @namespace, string name) =>
        PodEvidence.Missing(@namespace, name) is var gone ? [gone, .. await pods.EventsAsync(gone.Source)] : [];

    // What the others are like tells whether it is the pod or the workload that is sick.
    private static IReadOnlyList<Observation> Siblings(IReadOnlyList<V1Pod> all, IReadOnlyList<V1Pod> found) =>
    [
        .. all.Where(pod => found.All(other => other.Metadata.Name != pod.Metadata.Name))
            .OrderByDescending(PodEvidence.Sickness).Take(MostSiblings)
            .SelectMany(PodGatherer.Described).Select(observation => observation with { IsAside = true }),
    ];

    public static IReadOnlyList<V1Pod> Sickest(IEnumerable<V1Pod> found) =>
        [.. found.OrderByDescending(PodEvidence.Sickness).ThenByDescending(pod => pod.Metadata.CreationTimestamp).Take(PodGatherer.MostPods)];

    public async Task<IReadOnlyList<Observation>> QuotasAsync(string @namespace) => [.. (await reads.QuotasAsync(@namespace)).Select(QuotaEvidence.Of)];

    private async Task<(Workload? Workload, bool IsGone)> ReadAsync(string kind, string @namespace, string name) => kind switch
    {
        "Deployment" => await OfAsync(await reads.DeploymentAsync(@namespace, name), OwnerEvidence.Of),
        "StatefulSet" => await OfAsync(await reads.StatefulSetAsync(@namespace, name), OwnerEvidence.Of),
        "DaemonSet" => await OfAsync(await reads.DaemonSetAsync(@namespace, name), OwnerEvidence.Of),
        "ReplicaSet" => await OfAsync(await reads.ReplicaSetAsync(@namespace, name), OwnerEvidence.Of),
        "Job" => await OfAsync(await reads.JobAsync(@namespace, name), OwnerEvidence.Of),
        "CronJob" => await OfAsync(await reads.CronJobAsync(@namespace, name), OwnerEvidence.Of),
        _ => (null, false),
    };

    private async Task<(Workload?, bool)> OfAsync<T>(ClusterRead<T> read, Func<T, Workload> of)
        where T : class => (read.Value is { } value ? await reads.PartAsync("the workload", () => Task.FromResult(of(value))) : null, read.NotFound);

    private async Task<IReadOnlyList<V1Pod>> SelectedAsync(string @namespace, V1LabelSelector? selector) =>
        LabelSelectors.Text(selector) is { } text ? await reads.PodsAsync(@namespace, text) : [];

    // The newest first: of its runs the last says how it is.
    private async Task<IReadOnlyList<V1Job>> JobsAsync(string @namespace, string cronJob) =>
    [
        .. (await reads.JobsAsync(@namespace))
            .Where(job => job.Metadata.OwnerReferences?.Any(owner => owner.Kind == "CronJob" && owner.Name == cronJob) == true)
            .OrderByDescending(job => job.Metadata.CreationTimestamp),
    ];

    private async Task<IReadOnlyList<V1Pod>> PodsOfAsync(string @namespace, IReadOnlyList<V1Job> jobs) =>
        jobs.Count == 0 ? [] : await SelectedAsync(@namespace, OwnerEvidence.Of(jobs[0]).Selector);

    private async Task<IReadOnlyList<Observation>> JobAsync(string @namespace, V1Job job) => OwnerEvidence.Of(job) is var run && job.Status?.Failed > 0
        ? [run.Observation, .. await pods.EventsAsync(new ObjectReference("Job", @namespace, job.Metadata.Name))]
        : [run.Observation];

    // Between the pods and the subject: a Deployment's ReplicaSets, a CronJob's Jobs.
    private static IEnumerable<ObjectReference> OwnersBetween(IEnumerable<V1Pod> found, ObjectReference subject) => found
        .Select(pod => pod.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true))
        .OfType<V1OwnerReference>()
        .Where(owner => owner.Kind is "ReplicaSet" or "Job")
        .Select(owner => new ObjectReference(owner.Kind, subject.Namespace, owner.Name))
        .Where(owner => owner != subject)
        .Distinct();

    private async Task<IReadOnlyList<Observation>> OwnerAsync(ObjectReference owner) =>
        await ReadAsync(owner.Kind, owner.Namespace!, owner.Name) switch
        {
            ({ } workload, _) when owner.Kind == "Job" || workload.LacksPods => [workload.Observation, .. await pods.EventsAsync(owner)],
            ({ } workload, _) => [workload.Observation],
            (null, true) when owner.Kind == "Job" => [OwnerEvidence.Missing(owner), .. await pods.EventsAsync(owner)],
            _ => [],
        };

    private async Task<IReadOnlyList<Observation>> ReplicaSetsAsync(string @namespace, Workload deployment, string selector)
    {
        var replicaSets = await reads.ReplicaSetsAsync(@namespace, selector);

        // The pods of a new revision that are refused don't exist: only their maker tells of them.
        var lacking = replicaSets
            .Where(replicaSet => ChangeEvidence.IsOf(deployment, replicaSet.Metadata))
            .Select(OwnerEvidence.Of)
            .Where(replicaSet => replicaSet.LacksPods)
            .Take(1);
        return
        [
            .. ChangeEvidence.Of(deployment, replicaSets),
            .. await AllAsync(lacking.Select(async replicaSet => (IReadOnlyList<Observation>)[replicaSet.Observation, .. await pods.EventsAsync(replicaSet.Observation.Source with { Uid = null })])),
        ];
    }

    private async Task<IReadOnlyList<Observation>> ChangesAsync(string @namespace, Workload? workload) =>
        (workload?.Observation.Source.Kind, LabelSelectors.Text(workload?.Selector)) switch
        {
            ("Deployment", { } selector) => await ReplicaSetsAsync(@namespace, workload!, selector),
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
