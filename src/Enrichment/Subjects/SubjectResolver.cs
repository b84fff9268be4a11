using AlertResponder.Contracts;
using AlertResponder.Enrichment.Cluster;
using k8s;
using k8s.Models;

namespace AlertResponder.Enrichment.Subjects;

/// <summary>
/// From an alert to what is sick: pod → ReplicaSet → Deployment, pod → Job → CronJob, autoscaler → what it scales, volume → its claim, and
/// so on. What cannot be read is guessed from names, or left as the alert names it.
/// </summary>
internal static class SubjectResolver
{
    // Operators build chains of their own; no sane one is longer.
    private const int LongestChain = 5;

    // Enough to see whether all pods are of one workload: more ReplicaSets than two are rarely alive.
    private const int MostPods = 25;
    private const int MostOwners = 4;

    public static async Task<Subject> ResolveAsync(Alert alert, ClusterReads reads)
    {
        // One whose subject cannot be told is about what it says itself.
        var subject = await reads.PartAsync("the alert's subject", () => ResolveObjectAsync(alert, reads)) ?? AlertSubject.ForAlertItself(alert);
        return alert.Cluster() is { } cluster ? subject with { Cluster = cluster } : subject;
    }

    private static async Task<Subject> ResolveObjectAsync(Alert alert, ClusterReads reads)
    {
        var named = AlertSubject.For(alert);
        return named.Kind switch
        {
            "Pod" => await ResolvePodAsync(named, reads),
            "ReplicaSet" or "Job" => await ClimbAsync(named, reads),
            "HorizontalPodAutoscaler" => await ResolveAutoscalerAsync(named, reads),
            "PodDisruptionBudget" => await ResolveBudgetAsync(named, reads),
            "Service" => await ResolveServiceAsync(named, reads) ?? named,
            "PersistentVolume" or AlertSubject.LonghornVolumeKind => await ResolveVolumeAsync(named, reads),
            Subject.HostKind => await ResolveHostAsync(named, new SeriesLabels(alert).ExporterPod, reads),
            Subject.ComponentKind => await ResolveComponentAsync(named, reads),
            Subject.AlertKind when AlertSubject.ServiceOfJob(alert) is { } service => await ResolveServiceAsync(service, reads) ?? named,
            _ => named,
        };
    }

    private static async Task<Subject> ResolvePodAsync(Subject pod, ClusterReads reads)
    {
        if (reads.Owners.Of(pod) is { } known)
        {
            return await ClimbAsync(known, reads);
        }

        var read = await ReadPodAsync(pod, reads);
        if (read.Value is { } found)
        {
            return Controller(found.Metadata) switch
            {
                null => pod,

                // A static pod belongs to its node; it is what is sick all the same, or the part of the control plane that it is.
                { Kind: "Node" } => Components.OfStaticPod(pod) ?? pod,
                var owner => await ClimbAsync(Known(pod, owner, reads), reads),
            };
        }

        return read.NotFound ? await ResolveGonePodAsync(pod, reads) : Guess(pod);
    }

    private static async Task<Subject> ResolveGonePodAsync(Subject pod, ClusterReads reads)
    {
        foreach (var candidate in PodNames.Owners(pod.Namespace!, pod.Name))
        {
            var read = await ReadMetadataAsync(candidate, reads);
            if (read.Value is { } metadata)
            {
                return Controller(metadata) is { } owner ? await ClimbAsync(ToSubject(owner, pod.Namespace), reads) : candidate;
            }

            if (read.Unreadable)
            {
                break;
            }
        }

        return Guess(pod);
    }

    // A node's name may well end in a number, as the pods of a StatefulSet do.
    private static Subject Guess(Subject pod) => PodNames.Guess(pod.Namespace!, pod.Name) is var guess && guess.Kind is "Pod" or "StatefulSet"
        ? Components.OfStaticPod(pod) ?? guess
        : guess;

    private static async Task<Subject> ClimbAsync(Subject subject, ClusterReads reads)
    {
        for (var step = 0; step < LongestChain && subject.Kind is "ReplicaSet" or "Job"; step++)
        {
            if (reads.Owners.Of(subject) is { } known)
            {
                subject = known;
                continue;
            }

            var read = await ReadMetadataAsync(subject, reads);
            if (read.Value is null)
            {
                return subject.Kind == "Job"
                    ? PodNames.GuessCronJob(subject.Namespace!, subject.Name)
                    : PodNames.GuessDeployment(subject.Namespace!, subject.Name);
            }

            if (Controller(read.Value) is not { } owner)
            {
                return subject;
            }

            subject = Known(subject, owner, reads);
        }

        return subject;
    }

    private static Subject Known(Subject child, V1OwnerReference owner, ClusterReads reads)
    {
        var subject = ToSubject(owner, child.Namespace);
        reads.Owners.Keep(child, subject);
        return subject;
    }

    // An autoscaler at its end says that the workload has not enough, or cannot be scaled.
    private static async Task<Subject> ResolveAutoscalerAsync(Subject autoscaler, ClusterReads reads)
    {
        var read = await reads.ReadAsync(autoscaler.ToString(), (api, token) =>
            api.AutoscalingV2.ReadNamespacedHorizontalPodAutoscalerAsync(autoscaler.Name, autoscaler.Namespace, cancellationToken: token));
        return read.Value?.Spec?.ScaleTargetRef is { } target && IsKind(target.Kind) && AlertSubject.IsObjectName(target.Name ?? "")
            ? await ClimbAsync(new Subject(target.Kind, autoscaler.Namespace, target.Name!), reads)
            : autoscaler;
    }

    private static async Task<Subject> ResolveBudgetAsync(Subject budget, ClusterReads reads)
    {
        var read = await reads.ReadAsync(budget.ToString(), (api, token) =>
            api.PolicyV1.ReadNamespacedPodDisruptionBudgetAsync(budget.Name, budget.Namespace, cancellationToken: token));

        // Expressions besides the labels would make it a different set of pods.
        return read.Value?.Spec?.Selector is { MatchExpressions: null or { Count: 0 } } selector
            ? await WorkloadAsync(budget.Namespace, Selector(selector.MatchLabels), reads) ?? budget
            : budget;
    }

    private static async Task<Subject?> ResolveServiceAsync(Subject service, ClusterReads reads)
    {
        var read = await reads.ReadAsync(service.ToString(), (api, token) =>
            api.CoreV1.ReadNamespacedServiceAsync(service.Name, service.Namespace, cancellationToken: token));
        return read.Value is null ? null : await WorkloadAsync(service.Namespace, Selector(read.Value.Spec?.Selector), reads) ?? service;
    }

    private static async Task<Subject> ResolveComponentAsync(Subject component, ClusterReads reads) =>
        Components.PodSelector(component) is { } selector ? await WorkloadAsync(component.Namespace, selector, reads) ?? component : component;

    // What a claim is bound to is sick for whoever claimed it. Longhorn names its volumes as the cluster does.
    private static async Task<Subject> ResolveVolumeAsync(Subject volume, ClusterReads reads)
    {
        var read = await reads.ReadAsync($"PersistentVolume {volume.Name}", (api, token) =>
            api.CoreV1.ReadPersistentVolumeAsync(volume.Name, cancellationToken: token));
        return read.Value is { Status.Phase: "Bound", Spec.ClaimRef: { NamespaceProperty: { } @namespace, Name: { } claim } }
            ? new Subject("PersistentVolumeClaim", @namespace, claim)
            : volume;
    }

    // The exporter's pod knows its node, and is one object where the nodes may be hundreds.
    private static async Task<Subject> ResolveHostAsync(Subject host, Subject? exporterPod, ClusterReads reads)
    {
        if (exporterPod is not null && (await ReadPodAsync(exporterPod, reads)).Value?.Spec?.NodeName is { Length: > 0 } nodeName)
        {
            return new Subject("Node", null, nodeName);
        }

        return (await reads.NodesAsync()).FirstOrDefault(node => HostNames.IsOf(host.Name, node)) is { } found ? new Subject("Node", null, found.Metadata.Name) : host;
    }

    /// <summary>The one workload that all the pods belong to; null when there is none, or more than one.</summary>
    private static async Task<Subject?> WorkloadAsync(string? @namespace, string? selector, ClusterReads reads)
    {
        if (string.IsNullOrEmpty(selector))
        {
            return null;
        }

        var read = await reads.ReadAsync(@namespace is null ? $"first pods with {selector}" : $"first pods of {@namespace} with {selector}", (api, token) => @namespace is null
            ? api.CoreV1.ListPodForAllNamespacesAsync(labelSelector: selector, limit: MostPods, cancellationToken: token)
            : api.CoreV1.ListNamespacedPodAsync(@namespace, labelSelector: selector, limit: MostPods, cancellationToken: token));
        var owners = (read.Value?.Items ?? [])
            .Select(pod => Controller(pod.Metadata) is { Kind: not "Node" } owner ? ToSubject(owner, pod.Metadata.NamespaceProperty) : null)
            .Distinct().Take(MostOwners + 1).ToArray();
        if (owners.Length > MostOwners)
        {
            return null;
        }

        HashSet<Subject> workloads = [];
        foreach (var owner in owners)
        {
            if (owner is null)
            {
                return null;
            }

            workloads.Add(await ClimbAsync(owner, reads));
        }

        return workloads.Count == 1 ? workloads.Single() : null;
    }

    private static Task<ClusterRead<V1Pod>> ReadPodAsync(Subject pod, ClusterReads reads) =>
        reads.ReadAsync(pod.ToString(), (api, token) => api.CoreV1.ReadNamespacedPodAsync(pod.Name, pod.Namespace, cancellationToken: token));

    // Whole objects, though their metadata is all that is needed here: the evidence reads the same ones.
    private static async Task<ClusterRead<V1ObjectMeta>> ReadMetadataAsync(Subject subject, ClusterReads reads)
    {
        var (what, name, @namespace) = (subject.ToString(), subject.Name, subject.Namespace);
        return subject.Kind switch
        {
            "ReplicaSet" => Metadata(await reads.ReadAsync(what, (api, token) => api.AppsV1.ReadNamespacedReplicaSetAsync(name, @namespace, cancellationToken: token))),
            "Deployment" => Metadata(await reads.ReadAsync(what, (api, token) => api.AppsV1.ReadNamespacedDeploymentAsync(name, @namespace, cancellationToken: token))),
            "StatefulSet" => Metadata(await reads.ReadAsync(what, (api, token) => api.AppsV1.ReadNamespacedStatefulSetAsync(name, @namespace, cancellationToken: token))),
            "DaemonSet" => Metadata(await reads.ReadAsync(what, (api, token) => api.AppsV1.ReadNamespacedDaemonSetAsync(name, @namespace, cancellationToken: token))),
            "Job" => Metadata(await reads.ReadAsync(what, (api, token) => api.BatchV1.ReadNamespacedJobAsync(name, @namespace, cancellationToken: token))),
            "CronJob" => Metadata(await reads.ReadAsync(what, (api, token) => api.BatchV1.ReadNamespacedCronJobAsync(name, @namespace, cancellationToken: token))),
            _ => throw new ArgumentOutOfRangeException(nameof(subject), subject.Kind, "Not a kind that owns pods."),
        };
    }

    private static ClusterRead<V1ObjectMeta> Metadata<T>(ClusterRead<T> read)
        where T : class, IMetadata<V1ObjectMeta> => new(read.Value?.Metadata, read.NotFound);

    private static string? Selector(IDictionary<string, string>? labels) =>
        labels is null ? null : string.Join(",", labels.Select(label => $"{label.Key}={label.Value}"));

    // Whoever may create a pod writes its owner: what cannot be one is none.
    private static V1OwnerReference? Controller(V1ObjectMeta metadata) =>
        metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true && IsKind(owner.Kind) && AlertSubject.IsObjectName(owner.Name ?? ""));

    private static bool IsKind(string? kind) =>
        kind is { Length: > 0 and <= 63 } && char.IsAsciiLetterUpper(kind[0]) && kind.All(char.IsAsciiLetterOrDigit)
        && kind is not (Subject.AlertKind or Subject.HostKind or Subject.ComponentKind);

    private static Subject ToSubject(V1OwnerReference owner, string? @namespace) => new(owner.Kind, @namespace, owner.Name);
}
