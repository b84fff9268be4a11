using AlertResponder.Contracts;
using k8s.Models;

namespace AlertResponder.Enrichment.Gathering.Workloads;

/// <summary>The workloads above the pod, and how far their rollout or run has come.</summary>
internal static class OwnerEvidence
{
    private const string RevisionAnnotation = "deployment.kubernetes.io/revision";

    public static Workload Of(V1Deployment deployment)
    {
        var (spec, status) = (deployment.Spec, deployment.Status);
        var wanted = spec?.Replicas ?? 1;
        var progressing = status?.Conditions?.FirstOrDefault(condition => condition.Type == "Progressing");
        var stuck = progressing is { Status: not "True" } ? progressing : null;
        return new Workload(
            Observation("Deployment", deployment.Metadata, Generations(deployment.Metadata, status?.ObservedGeneration)
                .Set(FactNames.Desired, wanted)
                .Set(FactNames.UpdatedReplicas, status?.UpdatedReplicas ?? 0)
                .Set(FactNames.ReadyReplicas, status?.ReadyReplicas ?? 0)
                .Set(FactNames.AvailableReplicas, status?.AvailableReplicas ?? 0)
                .Set(FactNames.Paused, spec?.Paused)
                .Set(FactNames.Progressing, progressing?.Status)
                .Set(FactNames.Reason, stuck?.Reason)
                .Set(FactNames.Message, stuck?.Message)
                .Set(FactNames.Revision, Revision(deployment.Metadata)),
                [
                    $"{wanted} wanted, {status?.UpdatedReplicas ?? 0} updated, {status?.ReadyReplicas ?? 0} ready",
                    spec?.Paused == true ? "rollout paused" : "",
                    .. (status?.Conditions ?? []).Select(condition => $"{condition.Type} {condition.Status} ({condition.Reason}: {condition.Message})"),
                ]),
            deployment.Metadata,
            spec?.Selector,
            wanted > (status?.Replicas ?? 0));
    }

    public static Workload Of(V1ReplicaSet replicaSet)
    {
        var (spec, status) = (replicaSet.Spec, replicaSet.Status);
        var wanted = spec?.Replicas ?? 1;
        var failure = status?.Conditions?.FirstOrDefault(condition => condition is { Type: "ReplicaFailure", Status: "True" });
        return new Workload(
            Observation("ReplicaSet", replicaSet.Metadata, new Facts()
                .Set(FactNames.Desired, wanted)
                .Set(FactNames.ReadyReplicas, status?.ReadyReplicas ?? 0)
                .Set(FactNames.AvailableReplicas, status?.AvailableReplicas ?? 0)
                .Set(FactNames.Reason, failure?.Reason)
                .Set(FactNames.Message, failure?.Message)
                .Set(FactNames.Revision, Revision(replicaSet.Metadata)),
                [
                    $"{wanted} wanted, {status?.ReadyReplicas ?? 0} ready",
                    failure is null ? "" : $"ReplicaFailure ({failure.Reason}: {failure.Message})",
                ]),
            replicaSet.Metadata,
            spec?.Selector,
            wanted > (status?.Replicas ?? 0));
    }

    public static Workload Of(V1StatefulSet statefulSet)
    {
        var (spec, status) = (statefulSet.Spec, statefulSet.Status);
        var wanted = spec?.Replicas ?? 1;
        return new Workload(
            Observation("StatefulSet", statefulSet.Metadata, Generations(statefulSet.Metadata, status?.ObservedGeneration)
                .Set(FactNames.Desired, wanted)
                .Set(FactNames.UpdatedReplicas, status?.UpdatedReplicas ?? 0)
                .Set(FactNames.ReadyReplicas, status?.ReadyReplicas ?? 0)
                .Set(FactNames.AvailableReplicas, status?.AvailableReplicas ?? 0),
                [
                    $"{wanted} wanted, {status?.UpdatedReplicas ?? 0} updated, {status?.ReadyReplicas ?? 0} ready",
                    status?.UpdateRevision is { } update && update != status.CurrentRevision ? $"rolling from {status.CurrentRevision} to {update}" : "",
                ]),
            statefulSet.Metadata,
            spec?.Selector,
            wanted > (status?.Replicas ?? 0));
    }

    public static Workload Of(V1DaemonSet daemonSet)
    {
        var status = daemonSet.Status;
        return new Workload(
            Observation("DaemonSet", daemonSet.Metadata, Generations(daemonSet.Metadata, status?.ObservedGeneration)
                .Set(FactNames.Desired, status?.DesiredNumberScheduled)
                .Set(FactNames.UpdatedReplicas, status?.UpdatedNumberScheduled ?? 0)
                .Set(FactNames.ReadyReplicas, status?.NumberReady)
                .Set(FactNames.AvailableReplicas, status?.NumberAvailable ?? 0),
                [
                    $"{status?.DesiredNumberScheduled} wanted, {status?.UpdatedNumberScheduled ?? 0} updated, {status?.NumberReady} ready",
                    status is { NumberMisscheduled: > 0 } ? $"{status.NumberMisscheduled} on nodes where none should be" : "",
                ]),
            daemonSet.Metadata,
            daemonSet.Spec?.Selector,
            status?.DesiredNumberScheduled > status?.CurrentNumberScheduled);
    }

    public static Workload Of(V1Job job)
    {
        var (spec, status) = (job.Spec, job.Status);
        var failed = status?.Conditions?.FirstOrDefault(condition => condition is { Type: "Failed", Status: "True" });
        return new Workload(
            Observation("Job", job.Metadata, Limits(spec?.Template)
                .Set(FactNames.Active, status?.Active ?? 0)
                .Set(FactNames.Failed, status?.Failed ?? 0)
                .Set(FactNames.Succeeded, status?.Succeeded ?? 0)
                .Set(FactNames.BackoffLimit, spec?.BackoffLimit)
                .Set(FactNames.Completions, spec?.Completions)
                .Set(FactNames.ActiveDeadlineSeconds, spec?.ActiveDeadlineSeconds)
                .Set(FactNames.Suspended, spec?.Suspend)
                .Set(FactNames.FailedReason, failed?.Reason)
                .Set(FactNames.Message, failed?.Message),
                [
                    $"{status?.Active ?? 0} active, {status?.Failed ?? 0} failed, {status?.Succeeded ?? 0} succeeded",
                    spec?.BackoffLimit is { } limit ? $"backoff limit {limit}" : "",
                    status?.StartTime is { } started ? $"started {Times.Text(started)}" : "",
                    .. (status?.Conditions ?? []).Where(condition => condition.Status == "True")
                        .Select(condition => $"{condition.Type} ({condition.Reason}: {condition.Message})"),
                ]),
            job.Metadata,
            new V1LabelSelector { MatchLabels = new Dictionary<string, string>(StringComparer.Ordinal) { ["job-name"] = job.Metadata.Name } });
    }

    public static Workload Of(V1CronJob cronJob)
    {
        var (spec, status) = (cronJob.Spec, cronJob.Status);
        return new Workload(
            Observation("CronJob", cronJob.Metadata, Limits(spec?.JobTemplate?.Spec?.Template)
                .Set(FactNames.Schedule, spec?.Schedule)
                .Set(FactNames.Suspended, spec?.Suspend)
                .Set(FactNames.Active, status?.Active?.Count ?? 0)
                .Set(FactNames.ConcurrencyPolicy, spec?.ConcurrencyPolicy)
                .Set(FactNames.LastScheduledAt, status?.LastScheduleTime)
                .Set(FactNames.LastSuccessfulAt, status?.LastSuccessfulTime),
                [
                    $"schedule {spec?.Schedule}{(spec?.Suspend == true ? ", suspended" : "")}",
                    $"{status?.Active?.Count ?? 0} active",
                    status?.LastScheduleTime is { } scheduled ? $"last scheduled {Times.Text(scheduled)}" : "",
                    status?.LastSuccessfulTime is { } last ? $"last success {Times.Text(last)}" : "no success on record",
                ]),
            cronJob.Metadata);
    }

    public static Observation Missing(ObjectReference workload) =>
        new(EvidenceKind.Owner, workload, $"there is no {workload}", new Facts().Set(FactNames.Exists, false));

    /// <summary>A Deployment's count of its templates, on it and on its ReplicaSets.</summary>
    public static string? Revision(V1ObjectMeta metadata) =>
        metadata.Annotations is { } annotations && annotations.TryGetValue(RevisionAnnotation, out var revision) ? revision : null;

    // What a container was allowed is known even when its pods are gone.
    private static Facts Limits(V1PodTemplateSpec? template)
    {
        var facts = new Facts();
        foreach (var container in template?.Spec?.Containers ?? [])
        {
            facts.Set(FactNames.TemplateMemoryLimitPrefix + container.Name, container.Resources?.Limits is { } limits && limits.TryGetValue("memory", out var limit) ? limit.ToString() : null);
        }

        return facts;
    }

    private static Facts Generations(V1ObjectMeta metadata, long? observed) =>
        new Facts().Set(FactNames.Generation, metadata.Generation).Set(FactNames.ObservedGeneration, observed);

    private static Observation Observation(string kind, V1ObjectMeta metadata, Facts facts, IEnumerable<string> text)
    {
        var manager = Management.Of(metadata);
        facts.Set(FactNames.ManagedBy, manager);
        return new Observation(
            EvidenceKind.Owner,
            new ObjectReference(kind, metadata.NamespaceProperty, metadata.Name, Uid: metadata.Uid),
            string.Join("; ", text.Append(manager is null ? "" : $"managed by {manager}").Where(part => part.Length > 0)),
            facts);
    }
}
