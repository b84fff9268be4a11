using AlertResponder.Contracts;
using AlertResponder.Enrichment.Cluster;
using AlertResponder.Enrichment.Gathering.Nodes;
using AlertResponder.Enrichment.Gathering.Pods;
using AlertResponder.Enrichment.Gathering.Storage;
using AlertResponder.Enrichment.Gathering.Workloads;
using AlertResponder.Enrichment.Subjects;
using k8s.Models;
using static AlertResponder.Enrichment.Gathering.Together;

namespace AlertResponder.Enrichment.Gathering;

/// <summary>Reads what an SRE would look up first, worth most first.</summary>
internal sealed class EvidenceGatherer
{
    // Of kube-prometheus-stack: what they say is a sum over the nodes, or a difference between them.
    private static readonly string[] AboutAllNodes = ["KubeCPUOvercommit", "KubeMemoryOvercommit", "KubeVersionMismatch"];
    private static readonly string[] AboutAllQuotas = ["KubeCPUQuotaOvercommit", "KubeMemoryQuotaOvercommit"];
    private const int MostQuotas = 12;

    private readonly Subject subject;
    private readonly IReadOnlyList<Alert> alerts;
    private readonly ClusterReads reads;
    private readonly PodGatherer pods;
    private readonly WorkloadGatherer workloads;
    private readonly StorageGatherer storage;

    public EvidenceGatherer(Subject subject, IReadOnlyList<Alert> alerts, ClusterReads reads)
    {
        (this.subject, this.alerts, this.reads) = (subject, alerts, reads);
        pods = new PodGatherer(reads, alerts.Select(alert => alert.Labels.GetValueOrDefault("container")).OfType<string>().ToHashSet(StringComparer.Ordinal));
        workloads = new WorkloadGatherer(reads, pods);
        storage = new StorageGatherer(reads);
    }

    public async Task<EvidenceList> GatherAsync()
    {
        IReadOnlyList<Observation> found =
        [
            .. await reads.GatherAsync("the alerts", () => Task.FromResult<IReadOnlyList<Observation>>([.. AlertEvidence.Of(alerts)])),
            .. reads.ConnectedInstead is null ? await reads.GatherAsync(subject.ToString(), SubjectAsync) : [],
        ];
        var list = new EvidenceList();
        foreach (var observation in Ranking.Ranked(found, reads.Now))
        {
            await reads.PartAsync($"evidence of a {observation.Source.Kind}", () =>
            {
                list.Add(observation);
                return Task.FromResult(list);
            });
        }

        return list;
    }

    private Task<IReadOnlyList<Observation>> SubjectAsync() => subject switch
    {
        { Kind: "Node" } => NodeAsync(subject.Name),
        { Kind: "Namespace" } => NamespaceAsync(subject.Name),
        { Kind: "PersistentVolume" } => storage.VolumeWithClaimAsync(subject.Name),
        { Kind: "APIService" } => ApiServiceAsync(subject.Name),
        { Kind: "Volume" } => storage.LonghornVolumeAsync(subject.Namespace, subject.Name),
        { Kind: "PersistentVolumeClaim", Namespace: { } @namespace } => ClaimAsync(@namespace, subject.Name),
        { Kind: "HorizontalPodAutoscaler", Namespace: { } @namespace } => AutoscalerAsync(@namespace, subject.Name),
        { Kind: "PodDisruptionBudget", Namespace: { } @namespace } => DisruptionBudgetAsync(@namespace, subject.Name),
        { Kind: "ResourceQuota", Namespace: { } @namespace } => QuotaAsync(@namespace),
        { Kind: "Certificate", Namespace: { } @namespace } => new CertificateGatherer(reads).GatherAsync(@namespace, subject.Name),
        { Kind: "Pod", Namespace: { } @namespace } => workloads.GatherAsync(subject.Kind, @namespace, subject.Name, [subject.Name, .. NamedPods(@namespace)]),
        { Kind: Subject.ComponentKind, Namespace: { } @namespace } => ComponentAsync(@namespace, subject.Name),
        { Kind: "CronJob", Namespace: { } @namespace } => AllAsync(
            workloads.GatherAsync(subject.Kind, @namespace, subject.Name, NamedPods(@namespace)), workloads.RunsAsync(@namespace, NamedJobs())),
        { Kind: not Subject.AlertKind, Namespace: { } @namespace } => workloads.GatherAsync(subject.Kind, @namespace, subject.Name, NamedPods(@namespace)),
        { Kind: Subject.AlertKind } when IsAny(AboutAllNodes) => pods.NodesAsync(),
        { Kind: Subject.AlertKind } when IsAny(AboutAllQuotas) => AllAsync(LargestQuotasAsync(), pods.NodesAsync()),
        _ => WhatLabelsNameAsync(),
    };

    private bool IsAny(string[] names) => alerts.Any(alert => names.Contains(alert.Name(), StringComparer.Ordinal));

    private IReadOnlyCollection<string> NamedPods(string @namespace) =>
    [
        .. alerts
            .OrderBy(alert => alert.Status == AlertStatus.Firing ? 0 : 1)
            .Select(AlertSubject.PodOf)
            .OfType<Subject>()
            .Where(pod => pod.Namespace == @namespace && pod.Name != subject.Name)
            .Select(pod => pod.Name).Distinct(),
    ];

    private IEnumerable<string> NamedJobs() => alerts
        .Select(alert => alert.Labels.GetValueOrDefault("job_name"))
        .OfType<string>()
        .Where(AlertSubject.IsObjectName)
        .Distinct(StringComparer.Ordinal);

    private async Task<IReadOnlyList<Observation>> NodeAsync(string name)
    {
        var usage = reads.NodeUsageAsync(name);
        var events = pods.EventsAsync(new ObjectReference("Node", null, name));
        if (await reads.NodeAsync(name) is not { } node)
        {
            return await events;
        }

        return
        [
            NodeEvidence.Of(node), .. UsageEvidence.Of(node, await usage), .. await events,
            .. NodeEvidence.IsWell(node) ? [] : VictimsOf(await reads.PodsOnAsync(name)),
        ];
    }

    // A node that is short of something has sent away whoever took most of it.
    private static IEnumerable<Observation> VictimsOf(IReadOnlyList<V1Pod> pods) =>
        WorkloadGatherer.Sickest(pods.Where(pod => pod.Status is { Phase: "Failed", Reason: "Evicted" } || pod.Metadata.DeletionTimestamp is not null)).Select(PodEvidence.Of);

    private async Task<IReadOnlyList<Observation>> NamespaceAsync(string name)
    {
        var quota = QuotaAsync(name);
        return await reads.NamespaceAsync(name) is { } found ? [ResourceEvidence.Of(found), .. await quota] : await quota;
    }

    // What a quota refuses are pods that don't exist: their makers' events tell.
    private async Task<IReadOnlyList<Observation>> QuotaAsync(string @namespace)
    {
        var warnings = reads.WarningsAsync(@namespace);
        return [.. await workloads.QuotasAsync(@namespace), .. EventEvidence.Of(await warnings)];
    }

    // What they promise together is more than the nodes have: the largest promises say whose.
    private async Task<IReadOnlyList<Observation>> LargestQuotasAsync()
    {
        var resource = alerts.Any(alert => alert.Name() == "KubeCPUQuotaOvercommit") ? "cpu" : "memory";
        return [.. (await reads.AllQuotasAsync()).OrderByDescending(quota => QuotaEvidence.Promised(quota, resource)).Take(MostQuotas).Select(QuotaEvidence.Of)];
    }

    private async Task<IReadOnlyList<Observation>> ApiServiceAsync(string name)
    {
        if (await reads.ClusterCustomAsync<ApiService>("apiregistration.k8s.io", "v1", "apiservices", name) is not { } service)
        {
            return [];
        }

        return service.Spec?.Service is { Namespace: { } @namespace, Name: { } behind }
            ? [ResourceEvidence.Of(service), .. await AllAsync(ServiceAsync(@namespace, behind), PodsBehindAsync(@namespace, behind))]
            : [ResourceEvidence.Of(service)];
    }

    private async Task<IReadOnlyList<Observation>> PodsBehindAsync(string @namespace, string service) =>
        (await reads.ServiceAsync(@namespace, service)).Value?.Spec?.Selector is { Count: > 0 } selector
            ? await pods.GatherAsync(@namespace, await workloads.PodsAsync(@namespace, new V1LabelSelector { MatchLabels = selector }))
            : [];

    private async Task<IReadOnlyList<Observation>> ClaimAsync(string @namespace, string name)
    {
        var claim = storage.ClaimAsync(@namespace, name);
        var events = pods.EventsAsync(VolumeEvidence.Claim(@namespace, name));
        var users = WorkloadGatherer.Sickest((await reads.AllPodsAsync(@namespace)).Where(pod => PodEvidence.Claims(pod).Contains(name, StringComparer.Ordinal)));
        return await AllAsync(claim, events, pods.GatherAsync(@namespace, users));
    }

    private async Task<IReadOnlyList<Observation>> AutoscalerAsync(string @namespace, string name)
    {
        var events = pods.EventsAsync(new ObjectReference("HorizontalPodAutoscaler", @namespace, name));
        var found = (await reads.AutoscalersAsync(@namespace)).FirstOrDefault(autoscaler => autoscaler.Metadata.Name == name);

        return found?.Spec?.ScaleTargetRef is { } target
            ? [AutoscalerEvidence.Of(found), .. await AllAsync(events, workloads.GatherAsync(target.Kind, @namespace, target.Name, []))]
            : await events;
    }

    private async Task<IReadOnlyList<Observation>> DisruptionBudgetAsync(string @namespace, string name)
    {
        var events = pods.EventsAsync(new ObjectReference("PodDisruptionBudget", @namespace, name));
        var found = (await reads.DisruptionBudgetsAsync(@namespace)).FirstOrDefault(budget => budget.Metadata.Name == name);
        return found is null
            ? await events
            : [PolicyEvidence.Of(found), .. await AllAsync(events, pods.GatherAsync(@namespace, await workloads.PodsAsync(@namespace, found.Spec?.Selector)))];
    }

    // Of an alert about no object of the cluster: the pods and the Service that its labels name, but for those of an exporter.
    private async Task<IReadOnlyList<Observation>> WhatLabelsNameAsync()
    {
        if (alerts.Select(alert => new SeriesLabels(alert)).FirstOrDefault(labels => labels.Name("namespace") is not null) is not { } labels)
        {
            return [];
        }

        var @namespace = labels.Name("namespace")!;
        var named = workloads.NamedAsync(@namespace, NamedPods(@namespace));
        return await AllAsync(
            labels.Name("service") is { } service ? ServiceAsync(@namespace, service) : AllAsync(),
            pods.GatherAsync(@namespace, await named));
    }

    // Static pods of kubeadm's making; where the parts run otherwise, such as on k3s, and for the kubelet, the nodes are all there is to see.
    private async Task<IReadOnlyList<Observation>> ComponentAsync(string @namespace, string name)
    {
        var named = await workloads.NamedAsync(@namespace, NamedPods(@namespace));
        var found = named.Count > 0 ? named : WorkloadGatherer.Sickest(await reads.PodsAsync(@namespace, $"component={name}"));
        return found.Count > 0 ? await pods.GatherAsync(@namespace, found) : await pods.NodesAsync();
    }

    private async Task<IReadOnlyList<Observation>> ServiceAsync(string @namespace, string name)
    {
        var read = await reads.ServiceAsync(@namespace, name);
        return read.Value is { } service ? await pods.ServiceAsync(service) : read.NotFound ? [ServiceEvidence.Missing(@namespace, name)] : [];
    }
}
