using System.Text.Json.Nodes;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Remediation.Actions.Remove;
using AlertResponder.Remediation.Cluster;

namespace AlertResponder.Remediation.Actions.Change;

/// <summary>How far a changed workload has come.</summary>
internal static class Rollout
{
    // The cluster's clock may not be ours.
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(5);

    public static async Task<Observation> ObserveAsync(JsonObject live, Proposal proposal, ActionTools tools, CancellationToken cancellationToken)
    {
        var target = proposal.Action().Target;
        if (target.Kind != "CronJob")
        {
            return Of(live, target.Kind);
        }

        var jobs = await tools.Cluster.ListAsync("Job", target.Namespace!, cancellationToken);
        return OfRuns(live, StoredJson.Read<ObjectEdit>(proposal.PreconditionJson!).Edits, jobs, proposal.AppliedAt!.Value);
    }

    /// <summary>By its own status. Pure.</summary>
    public static Observation Of(JsonObject live, string kind)
    {
        if ((live.NumberAt("/status/observedGeneration") ?? 0) < (live.NumberAt("/metadata/generation") ?? 0))
        {
            return new Observation(ObservedStage.Moving, "rolling out");
        }

        var (wanted, updated, available, all) = kind == "DaemonSet"
            ? (Number("desiredNumberScheduled"), Number("updatedNumberScheduled"), Number("numberAvailable"), Number("desiredNumberScheduled"))
            : (live.NumberAt("/spec/replicas") ?? 1, Number("updatedReplicas"), Number("availableReplicas"), Number("replicas"));
        var isComplete = updated >= wanted && available >= wanted && all <= updated
            && (kind != "StatefulSet" || live.TextAt("/status/currentRevision") == live.TextAt("/status/updateRevision"));
        return isComplete
            ? new Observation(ObservedStage.Complete, $"rolled out {wanted}/{wanted}")
            : new Observation(ObservedStage.Moving, $"rolling out {Math.Min(updated, available)}/{wanted}");

        int Number(string field) => live.NumberAt($"/status/{field}") ?? 0;
    }

    /// <summary>A CronJob rolls nothing out: its next run tells. Pure.</summary>
    /// <param name="cronJob">As it is now.</param>
    /// <param name="edits">What was changed.</param>
    /// <param name="jobs">Of the namespace.</param>
    /// <param name="appliedAt">When.</param>
    public static Observation OfRuns(JsonObject cronJob, IReadOnlyList<FieldEdit> edits, IEnumerable<JsonObject> jobs, DateTimeOffset appliedAt)
    {
        var uid = cronJob.TextAt("/metadata/uid");
        var runs = jobs
            .Where(job => job.ObjectsAt("/metadata/ownerReferences").Any(owner => owner.TextAt("/uid") == uid))
            .Where(job => edits.Where(IsOfJobs).All(edit => JsonNode.DeepEquals(job.At($"/spec{edit.Path[PodTemplate.JobSpec.Length..]}"), edit.To)))
            .Where(job => !DateTimeOffset.TryParse(job.TextAt("/metadata/creationTimestamp"), System.Globalization.CultureInfo.InvariantCulture, out var made) || made >= appliedAt - ClockDifference)
            .OrderBy(job => job.TextAt("/metadata/creationTimestamp"), StringComparer.Ordinal)
            .ToList();
        return runs switch
        {
            _ when runs.Exists(job => JobState.Is(job, "Complete")) => new Observation(ObservedStage.Complete, "the next run succeeded"),
            [.., var last] when JobState.Is(last, "Failed") => new Observation(ObservedStage.Failed, $"the next run, Job {last.TextAt("/metadata/name")}, failed"),
            [.., var last] => new Observation(ObservedStage.Moving, $"Job {last.TextAt("/metadata/name")} runs"),
            [] => new Observation(ObservedStage.Waiting, $"waiting for the next run ({cronJob.TextAt("/spec/schedule")})"),
        };
    }

    private static bool IsOfJobs(FieldEdit edit) => edit.Path.StartsWith(PodTemplate.JobSpec, StringComparison.Ordinal);
}
