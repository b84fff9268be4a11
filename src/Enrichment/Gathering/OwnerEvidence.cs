using AlertResponder.Contracts;
using k8s.Models;

namespace AlertResponder.Enrichment.Gathering;

/// <summary>The workloads above the pod, and how far their rollout or run has come.</summary>
internal static class OwnerEvidence
{
    public static void Add(EvidenceList list, V1Deployment deployment) =>
        Add(list, "Deployment", deployment.Metadata, new Facts()
            .Set(FactNames.Desired, deployment.Spec?.Replicas ?? 1)
            .Set(FactNames.UpdatedReplicas, deployment.Status?.UpdatedReplicas ?? 0)
            .Set(FactNames.ReadyReplicas, deployment.Status?.ReadyReplicas ?? 0)
            .Set(FactNames.AvailableReplicas, deployment.Status?.AvailableReplicas ?? 0),
            [
                $"{deployment.Spec?.Replicas ?? 1} wanted, {deployment.Status?.UpdatedReplicas ?? 0} updated, {deployment.Status?.ReadyReplicas ?? 0} ready",
                .. (deployment.Status?.Conditions ?? []).Select(condition => $"{condition.Type} {condition.Status} ({condition.Reason}: {condition.Message})"),
            ]);

    public static void Add(EvidenceList list, V1ReplicaSet replicaSet) =>
        Add(list, "ReplicaSet", replicaSet.Metadata, new Facts()
            .Set(FactNames.Desired, replicaSet.Spec?.Replicas ?? 1)
            .Set(FactNames.ReadyReplicas, replicaSet.Status?.ReadyReplicas ?? 0)
            .Set(FactNames.AvailableReplicas, replicaSet.Status?.AvailableReplicas ?? 0),
            [$"{replicaSet.Spec?.Replicas ?? 1} wanted, {replicaSet.Status?.ReadyReplicas ?? 0} ready"]);

    public static void Add(EvidenceList list, V1StatefulSet statefulSet) =>
        Add(list, "StatefulSet", statefulSet.Metadata, new Facts()
            .Set(FactNames.Desired, statefulSet.Spec?.Replicas ?? 1)
            .Set(FactNames.UpdatedReplicas, statefulSet.Status?.UpdatedReplicas ?? 0)
            .Set(FactNames.ReadyReplicas, statefulSet.Status?.ReadyReplicas ?? 0)
            .Set(FactNames.AvailableReplicas, statefulSet.Status?.AvailableReplicas ?? 0),
            [$"{statefulSet.Spec?.Replicas ?? 1} wanted, {statefulSet.Status?.UpdatedReplicas ?? 0} updated, {statefulSet.Status?.ReadyReplicas ?? 0} ready"]);

    public static void Add(EvidenceList list, V1DaemonSet daemonSet) =>
        Add(list, "DaemonSet", daemonSet.Metadata, new Facts()
            .Set(FactNames.Desired, daemonSet.Status?.DesiredNumberScheduled)
            .Set(FactNames.UpdatedReplicas, daemonSet.Status?.UpdatedNumberScheduled ?? 0)
            .Set(FactNames.ReadyReplicas, daemonSet.Status?.NumberReady)
            .Set(FactNames.AvailableReplicas, daemonSet.Status?.NumberAvailable ?? 0),
            [$"{daemonSet.Status?.DesiredNumberScheduled} wanted, {daemonSet.Status?.UpdatedNumberScheduled ?? 0} updated, {daemonSet.Status?.NumberReady} ready"]);

    public static void Add(EvidenceList list, V1Job job) =>
        Add(list, "Job", job.Metadata, new Facts()
            .Set(FactNames.Active, job.Status?.Active ?? 0)
            .Set(FactNames.Failed, job.Status?.Failed ?? 0)
            .Set(FactNames.Succeeded, job.Status?.Succeeded ?? 0),
            [
                $"{job.Status?.Active ?? 0} active, {job.Status?.Failed ?? 0} failed, {job.Status?.Succeeded ?? 0} succeeded",
                .. (job.Status?.Conditions ?? []).Where(condition => condition.Status == "True")
                    .Select(condition => $"{condition.Type} ({condition.Reason}: {condition.Message})"),
            ]);

    public static void Add(EvidenceList list, V1CronJob cronJob) =>
        Add(list, "CronJob", cronJob.Metadata, new Facts()
            .Set(FactNames.Schedule, cronJob.Spec?.Schedule)
            .Set(FactNames.Suspended, cronJob.Spec?.Suspend)
            .Set(FactNames.Active, cronJob.Status?.Active?.Count ?? 0),
            [
                $"schedule {cronJob.Spec?.Schedule}{(cronJob.Spec?.Suspend == true ? ", suspended" : "")}",
                $"{cronJob.Status?.Active?.Count ?? 0} active",
                cronJob.Status?.LastSuccessfulTime is { } last ? $"last success {Times.Text(last)}" : "no success on record",
            ]);

    private static void Add(EvidenceList list, string kind, V1ObjectMeta metadata, Facts facts, IEnumerable<string> text) =>
        list.Add(EvidenceKind.Owner, new ObjectReference(kind, metadata.NamespaceProperty, metadata.Name, Uid: metadata.Uid), string.Join("; ", text), null, facts);
}
