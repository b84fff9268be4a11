using AlertResponder.Contracts;
using AlertResponder.Enrichment.Cluster;
using k8s;
using k8s.Models;

namespace AlertResponder.Enrichment.Subjects;

/// <summary>From an alert to the workload that is sick: pod → ReplicaSet → Deployment, pod → Job → CronJob, and so on.</summary>
internal static class SubjectResolver
{
    // Operators build chains of their own; no sane one is longer.
    private const int LongestChain = 5;

    public static async Task<Subject> ResolveAsync(Alert alert, ClusterReads reads)
    {
        var named = AlertSubject.For(alert);
        return named.Kind switch
        {
            "Pod" => await ResolvePodAsync(named, reads),
            "ReplicaSet" or "Job" => await ClimbAsync(named, reads),
            _ => named,
        };
    }

    private static async Task<Subject> ResolvePodAsync(Subject pod, ClusterReads reads)
    {
        var read = await reads.ReadAsync(pod.ToString(), (api, token) =>
            api.CoreV1.ReadNamespacedPodAsync(pod.Name, pod.Namespace, cancellationToken: token));
        if (read.Value is { } found)
        {
            // A static pod belongs to its node; it is what is sick all the same.
            return Controller(found.Metadata) is { Kind: not "Node" } owner ? await ClimbAsync(ToSubject(owner, pod.Namespace), reads) : pod;
        }

        return read.NotFound ? await ResolveGonePodAsync(pod, reads) : PodNames.Guess(pod.Namespace!, pod.Name);
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

        return PodNames.Guess(pod.Namespace!, pod.Name);
    }

    private static async Task<Subject> ClimbAsync(Subject subject, ClusterReads reads)
    {
        for (var step = 0; step < LongestChain && subject.Kind is "ReplicaSet" or "Job"; step++)
        {
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

            subject = ToSubject(owner, subject.Namespace);
        }

        return subject;
    }

    private static Task<ClusterRead<V1ObjectMeta>> ReadMetadataAsync(Subject subject, ClusterReads reads) =>
        reads.ReadAsync(subject.ToString(), async (api, token) => subject.Kind switch
        {
            "ReplicaSet" => (await api.AppsV1.ReadNamespacedReplicaSetAsync(subject.Name, subject.Namespace, cancellationToken: token)).Metadata,
            "Deployment" => (await api.AppsV1.ReadNamespacedDeploymentAsync(subject.Name, subject.Namespace, cancellationToken: token)).Metadata,
            "StatefulSet" => (await api.AppsV1.ReadNamespacedStatefulSetAsync(subject.Name, subject.Namespace, cancellationToken: token)).Metadata,
            "DaemonSet" => (await api.AppsV1.ReadNamespacedDaemonSetAsync(subject.Name, subject.Namespace, cancellationToken: token)).Metadata,
            "Job" => (await api.BatchV1.ReadNamespacedJobAsync(subject.Name, subject.Namespace, cancellationToken: token)).Metadata,
            "CronJob" => (await api.BatchV1.ReadNamespacedCronJobAsync(subject.Name, subject.Namespace, cancellationToken: token)).Metadata,
            _ => throw new ArgumentOutOfRangeException(nameof(subject), subject.Kind, "Not a kind that owns pods."),
        });

    private static V1OwnerReference? Controller(V1ObjectMeta metadata) =>
        metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true);

    private static Subject ToSubject(V1OwnerReference owner, string? @namespace) => new(owner.Kind, @namespace, owner.Name);
}
