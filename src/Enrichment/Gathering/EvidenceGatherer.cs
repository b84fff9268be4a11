using AlertResponder.Contracts;
using AlertResponder.Enrichment.Cluster;
using AlertResponder.Enrichment.Subjects;
using k8s;
using k8s.Models;

namespace AlertResponder.Enrichment.Gathering;

/// <summary>Reads what an SRE would look up first, worth most first.</summary>
internal sealed class EvidenceGatherer(Subject subject, IReadOnlyList<Alert> alerts, ClusterReads reads)
{
    // A sick workload's pods tend to be sick in the same way.
    private const int MostPods = 3;
    private const int MostListed = 100;

    private static readonly string[] Annotations = ["summary", "message", "description"];

    private readonly EvidenceList list = new();
    private readonly HashSet<string> nodes = new(StringComparer.Ordinal);

    public async Task<EvidenceList> GatherAsync()
    {
        AddAlerts();
        if (subject.Kind == "Node")
        {
            await AddNodeAsync(subject.Name);
            await AddEventsAsync(new ObjectReference("Node", null, subject.Name), "default");
            return list;
        }

        if (subject.Namespace is null)
        {
            return list;
        }

        var pods = await PodsAsync();
        foreach (var pod in pods)
        {
            PodEvidence.Add(list, pod);
            AddContainers(pod);
        }

        foreach (var pod in pods)
        {
            await AddEventsAsync(PodEvidence.Reference(pod), pod.Metadata.NamespaceProperty);
            await AddLogsAsync(pod);
        }

        await AddOwnersAsync(pods);
        foreach (var pod in pods.Where(pod => !string.IsNullOrEmpty(pod.Spec?.NodeName)))
        {
            await AddNodeAsync(pod.Spec.NodeName);
        }

        return list;
    }

    private void AddAlerts()
    {
        // One of each name: the other pods of a storm say the same.
        foreach (var alert in alerts.DistinctBy(alert => alert.Name()))
        {
            string[] annotations = [.. Annotations.Select(name => alert.Annotations.GetValueOrDefault(name)).OfType<string>()];
            list.Add(
                EvidenceKind.Alert,
                new ObjectReference("Alert", null, alert.Name()),
                $"{alert.Name()} {(alert.Status == AlertStatus.Firing ? "firing" : "resolved")}: {string.Join(" ", annotations)}",
                alert.StartsAt,
                new Facts().Set(FactNames.Reason, alert.Labels.GetValueOrDefault("reason")));
        }
    }

    private async Task<IReadOnlyList<V1Pod>> PodsAsync()
    {
        var named = alerts.Select(AlertSubject.PodOf).OfType<Subject>()
            .Where(pod => pod.Namespace == subject.Namespace).Select(pod => pod.Name).Distinct().ToArray();
        List<V1Pod> pods = [];
        foreach (var name in named.Take(MostPods))
        {
            var read = await reads.ReadAsync($"Pod {subject.Namespace}/{name}", (api, token) =>
                api.CoreV1.ReadNamespacedPodAsync(name, subject.Namespace, cancellationToken: token));
            if (read.Value is { } pod)
            {
                pods.Add(pod);
            }
        }

        // None named, or all of them gone: their successors then.
        return pods.Count > 0 ? pods : await PodsOfSubjectAsync();
    }

    private async Task<IReadOnlyList<V1Pod>> PodsOfSubjectAsync()
    {
        if (await SelectorAsync() is not { Length: > 0 } selector)
        {
            return [];
        }

        var read = await reads.ReadAsync($"pods of {subject}", (api, token) =>
            api.CoreV1.ListNamespacedPodAsync(subject.Namespace, labelSelector: selector, limit: MostListed, cancellationToken: token));
        return read.Value is null
            ? []
            : [.. read.Value.Items.OrderByDescending(PodEvidence.Sickness).ThenByDescending(pod => pod.Metadata.CreationTimestamp).Take(MostPods)];
    }

    private async Task<string?> SelectorAsync()
    {
        switch (subject.Kind)
        {
            case "Deployment":
                return Selector((await ReadDeploymentAsync(subject.Name)).Value?.Spec.Selector);
            case "StatefulSet":
                return Selector((await ReadStatefulSetAsync(subject.Name)).Value?.Spec.Selector);
            case "DaemonSet":
                return Selector((await ReadDaemonSetAsync(subject.Name)).Value?.Spec.Selector);
            case "ReplicaSet":
                return Selector((await ReadReplicaSetAsync(subject.Name)).Value?.Spec.Selector);
            case "Job":
                return $"job-name={subject.Name}";
            case "CronJob":
                var jobs = await reads.ReadAsync($"Jobs of {subject}", (api, token) =>
                    api.BatchV1.ListNamespacedJobAsync(subject.Namespace, limit: MostListed, cancellationToken: token));
                var newest = jobs.Value?.Items
                    .Where(job => job.Metadata.OwnerReferences?.Any(owner => owner.Kind == "CronJob" && owner.Name == subject.Name) == true)
                    .MaxBy(job => job.Metadata.CreationTimestamp);
                return newest is null ? null : $"job-name={newest.Metadata.Name}";
            default:
                return null;
        }
    }

    private static string? Selector(V1LabelSelector? selector) =>
        selector?.MatchLabels is { Count: > 0 } labels ? string.Join(",", labels.Select(label => $"{label.Key}={label.Value}")) : null;

    private void AddContainers(V1Pod pod)
    {
        foreach (var (container, status, init) in Containers(pod).OrderByDescending(item => IsSick(item.Status)))
        {
            ContainerEvidence.Add(list, PodEvidence.Reference(pod), container, status, init);
        }
    }

    private async Task AddLogsAsync(V1Pod pod)
    {
        foreach (var (container, status, _) in Containers(pod).Where(item => IsSick(item.Status)))
        {
            var source = PodEvidence.Reference(pod) with { Container = container.Name };
            if (status?.LastState?.Terminated is not null)
            {
                await AddLogAsync(EvidenceKind.PreviousLog, source, previous: true);
            }

            if (status?.State?.Running is not null || status?.State?.Terminated is not null)
            {
                await AddLogAsync(EvidenceKind.Log, source, previous: false);
            }
        }
    }

    private async Task AddLogAsync(EvidenceKind kind, ObjectReference source, bool previous)
    {
        var read = await reads.ReadLogAsync($"{(previous ? "previous log" : "log")} of {source}", (api, token) =>
            api.CoreV1.ReadNamespacedPodLogAsync(
                source.Name,
                source.Namespace,
                container: source.Container,
                limitBytes: LogTail.LimitBytes,
                previous: previous,
                tailLines: LogTail.Lines,
                cancellationToken: token));
        if (!string.IsNullOrWhiteSpace(read.Value))
        {
            list.Add(kind, source, read.Value, null, new Facts());
        }
    }

    private async Task AddEventsAsync(ObjectReference source, string @namespace)
    {
        var read = await reads.ReadAsync($"events of {source}", (api, token) =>
            api.CoreV1.ListNamespacedEventAsync(
                @namespace,
                fieldSelector: $"involvedObject.kind={source.Kind},involvedObject.name={source.Name}",
                limit: MostListed,
                cancellationToken: token));
        EventEvidence.Add(list, source, read.Value?.Items ?? []);
    }

    private async Task AddOwnersAsync(IReadOnlyList<V1Pod> pods)
    {
        var owners = pods
            .Select(pod => pod.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true))
            .OfType<V1OwnerReference>()
            .Where(owner => owner.Kind is "ReplicaSet" or "Job")
            .Select(owner => new Subject(owner.Kind, subject.Namespace, owner.Name))
            .Prepend(subject)
            .Distinct();
        foreach (var owner in owners)
        {
            if (await AddOwnerAsync(owner))
            {
                await AddEventsAsync(new ObjectReference(owner.Kind, owner.Namespace, owner.Name), owner.Namespace!);
            }
        }
    }

    private async Task<bool> AddOwnerAsync(Subject owner)
    {
        switch (owner.Kind)
        {
            case "Deployment":
                return Present(await ReadDeploymentAsync(owner.Name), OwnerEvidence.Add);
            case "StatefulSet":
                return Present(await ReadStatefulSetAsync(owner.Name), OwnerEvidence.Add);
            case "DaemonSet":
                return Present(await ReadDaemonSetAsync(owner.Name), OwnerEvidence.Add);
            case "ReplicaSet":
                return Present(await ReadReplicaSetAsync(owner.Name), OwnerEvidence.Add);
            case "Job":
                return Present(
                    await reads.ReadAsync(owner.ToString(), (api, token) => api.BatchV1.ReadNamespacedJobAsync(owner.Name, owner.Namespace, cancellationToken: token)),
                    OwnerEvidence.Add);
            case "CronJob":
                return Present(
                    await reads.ReadAsync(owner.ToString(), (api, token) => api.BatchV1.ReadNamespacedCronJobAsync(owner.Name, owner.Namespace, cancellationToken: token)),
                    OwnerEvidence.Add);
            default:
                return false;
        }
    }

    private bool Present<T>(ClusterRead<T> read, Action<EvidenceList, T> add)
        where T : class
    {
        if (read.Value is not { } value)
        {
            return false;
        }

        add(list, value);
        return true;
    }

    private async Task AddNodeAsync(string name)
    {
        if (!nodes.Add(name))
        {
            return;
        }

        var read = await reads.ReadAsync($"Node {name}", (api, token) => api.CoreV1.ReadNodeAsync(name, cancellationToken: token));
        if (read.Value is { } node)
        {
            NodeEvidence.Add(list, node);
        }
    }

    private Task<ClusterRead<V1Deployment>> ReadDeploymentAsync(string name) =>
        reads.ReadAsync(subject.ToString(), (api, token) => api.AppsV1.ReadNamespacedDeploymentAsync(name, subject.Namespace, cancellationToken: token));

    private Task<ClusterRead<V1StatefulSet>> ReadStatefulSetAsync(string name) =>
        reads.ReadAsync(subject.ToString(), (api, token) => api.AppsV1.ReadNamespacedStatefulSetAsync(name, subject.Namespace, cancellationToken: token));

    private Task<ClusterRead<V1DaemonSet>> ReadDaemonSetAsync(string name) =>
        reads.ReadAsync(subject.ToString(), (api, token) => api.AppsV1.ReadNamespacedDaemonSetAsync(name, subject.Namespace, cancellationToken: token));

    private Task<ClusterRead<V1ReplicaSet>> ReadReplicaSetAsync(string name) =>
        reads.ReadAsync($"ReplicaSet {subject.Namespace}/{name}", (api, token) => api.AppsV1.ReadNamespacedReplicaSetAsync(name, subject.Namespace, cancellationToken: token));

    private static IEnumerable<(V1Container Container, V1ContainerStatus? Status, bool Init)> Containers(V1Pod pod) =>
        (pod.Spec?.InitContainers ?? []).Select(container => (container, Status(pod.Status?.InitContainerStatuses, container), true))
        .Concat((pod.Spec?.Containers ?? []).Select(container => (container, Status(pod.Status?.ContainerStatuses, container), false)));

    private static V1ContainerStatus? Status(IList<V1ContainerStatus>? statuses, V1Container container) =>
        statuses?.FirstOrDefault(status => status.Name == container.Name);

    private static bool IsSick(V1ContainerStatus? status) =>
        status is not null && (!status.Ready || status.RestartCount > 0) && status.State?.Terminated is not { ExitCode: 0 };
}
