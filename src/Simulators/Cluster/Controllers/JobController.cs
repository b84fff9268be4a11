using System.Globalization;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster.Store;

namespace AlertResponder.Simulators.Cluster.Controllers;

/// <summary>Runs Jobs as far as they come at once, and the Jobs of CronJobs when told.</summary>
internal sealed class JobController(ObjectStore store, PodMaker pods, TimeProvider time)
{
    private const string ControllerUid = "batch.kubernetes.io/controller-uid";

    /// <summary>Gives a new Job the labels by which its pods are found.</summary>
    public static void Prepare(JsonObject job, long number)
    {
        var uid = Names.Uid($"jobs.batch/{job.Namespace()}/{job.Name()}/{number}");
        job.Metadata()["uid"] = uid;
        var spec = job.Within("spec");
        foreach (var (field, value) in new[] { ("parallelism", 1), ("completions", 1), ("backoffLimit", 6) })
            spec.Default(field, value);
        spec.Default("completionMode", "NonIndexed");
        spec.Default("suspend", false);
        spec["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { [ControllerUid] = uid } };
        foreach (var labels in new[] { spec.Within("template").Within("metadata").Within("labels"), job.Metadata().Within("labels") })
        {
            foreach (var (label, value) in new[] { (ControllerUid, uid), ("controller-uid", uid), ("batch.kubernetes.io/job-name", job.Name()), ("job-name", job.Name()) })
                labels[label] = value;
        }
    }

    public void Run(JsonObject job)
    {
        if (job.IsTrue("spec", "suspend") || IsFinished(job))
            return;
        var (completions, backoffLimit) = (job.Number("spec", "completions") ?? 1, job.Number("spec", "backoffLimit") ?? 6);
        var (succeeded, failed, active) = (job.Number("status", "succeeded") ?? 0, 0, ReplicaSets.Pods(store, job).Count);
        while (succeeded + active < completions && failed <= backoffLimit)
        {
            switch (pods.Make(job).Text("status", "phase"))
            {
                case "Succeeded":
                    succeeded++;
                    break;
                case "Failed":
                    failed++;
                    break;
                default:
                    active++;
                    break;
            }
        }

        var now = RelativeTime.Write(time.GetUtcNow());
        var status = Counts.Of(("active", active), ("succeeded", succeeded), ("failed", failed));
        status["startTime"] = job.At("status", "startTime")?.DeepClone() ?? now;
        status["ready"] = 0;
        status["terminating"] = 0;
        status["uncountedTerminatedPods"] = new JsonObject();
        if (succeeded >= completions)
        {
            status["completionTime"] = now;
            const string Reached = "Reached expected number of succeeded pods";
            status["conditions"] = new JsonArray(
                Condition("SuccessCriteriaMet", "CompletionsReached", Reached),
                Condition("Complete", "CompletionsReached", Reached));
        }

        job["status"] = status;
        if (failed > backoffLimit)
            Fail(job);
        var saved = store.Save(store.TypeOf("Job"), job);
        if (Owners.Controller(store, saved) is { } cronJob)
            Observe(cronJob);
    }

    /// <summary>The time until a CronJob's next run has passed.</summary>
    /// <returns>The new Job's name; null when the CronJob is suspended.</returns>
    public string? RunCronJob(JsonObject cronJob, Action<JsonObject> remove)
    {
        if (cronJob.IsTrue("spec", "suspend"))
            return null;
        // By then a run that kept failing has used up its tries.
        foreach (var stuck in JobsOf(cronJob).Where(job => !IsFinished(job)))
            GiveUp(stuck);

        var now = time.GetUtcNow();
        var name = FreeName(cronJob, now.ToUnixTimeSeconds() / 60);
        var template = cronJob.At("spec", "jobTemplate") as JsonObject ?? [];
        var metadata = (template["metadata"] as JsonObject ?? []).Copy();
        metadata.Remove("creationTimestamp");
        metadata["name"] = name;
        metadata["namespace"] = cronJob.Namespace();
        metadata["generation"] = 1;
        metadata.Within("annotations")["batch.kubernetes.io/cronjob-scheduled-timestamp"] = RelativeTime.Write(now);
        metadata["ownerReferences"] = new JsonArray(Owners.Reference(cronJob));
        var job = new JsonObject { ["metadata"] = metadata, ["spec"] = template["spec"]?.DeepClone() ?? new JsonObject() };
        Defaults.Fill(store.TypeOf("Job"), job);
        Prepare(job, store.NextNumber());
        cronJob.Within("status")["lastScheduleTime"] = RelativeTime.Write(now);
        store.Save(store.TypeOf("CronJob"), cronJob);
        Run(store.Save(store.TypeOf("Job"), job));
        Forget(cronJob, "Complete", cronJob.Number("spec", "successfulJobsHistoryLimit") ?? 3, remove);
        Forget(cronJob, "Failed", cronJob.Number("spec", "failedJobsHistoryLimit") ?? 1, remove);
        return name;
    }

    /// <summary>Brings a CronJob's status up to date.</summary>
    public void Observe(JsonObject cronJob)
    {
        var jobs = JobsOf(cronJob);
        var status = cronJob.Within("status");
        var active = jobs.Where(job => !IsFinished(job)).Select(job => new JsonObject
        {
            ["kind"] = "Job",
            ["namespace"] = job.Namespace(),
            ["name"] = job.Name(),
            ["uid"] = job.Uid(),
            ["apiVersion"] = "batch/v1",
        }).ToArray<JsonNode>();
        status.SetOrRemove("active", active.Length == 0 ? null : new JsonArray(active));
        if (jobs.Where(job => Is(job, "Complete")).Max(job => job.Text("status", "completionTime")) is { } last)
            status["lastSuccessfulTime"] = last;
        store.Save(store.TypeOf("CronJob"), cronJob);
    }

    private void GiveUp(JsonObject job)
    {
        var tried = ReplicaSets.Pods(store, job);
        foreach (var pod in tried)
            store.Delete("Pod", pod.Namespace(), pod.Name());
        job.Within("status").Remove("active");
        job.Within("status")["failed"] = Math.Max(1, tried.Count);
        Fail(job);
        store.Save(store.TypeOf("Job"), job);
    }

    private void Fail(JsonObject job)
    {
        const string Reached = "Job has reached the specified backoff limit";
        job.Within("status")["conditions"] = new JsonArray(
            Condition("FailureTarget", "BackoffLimitExceeded", Reached),
            Condition("Failed", "BackoffLimitExceeded", Reached));
    }

    private void Forget(JsonObject cronJob, string outcome, int limit, Action<JsonObject> remove)
    {
        foreach (var job in JobsOf(cronJob).Where(job => Is(job, outcome)).OrderByDescending(job => job.Text("metadata", "creationTimestamp"), StringComparer.Ordinal).Skip(limit))
            remove(job);
    }

    private string FreeName(JsonObject cronJob, long minute)
    {
        while (store.Find("Job", cronJob.Namespace(), Name()) is not null)
            minute++;
        return Name();

        string Name() => string.Create(CultureInfo.InvariantCulture, $"{cronJob.Name()}-{minute}");
    }

    private List<JsonObject> JobsOf(JsonObject cronJob) => [.. store.All("Job", cronJob.Namespace()).Where(job => Owners.Owns(cronJob, job))];

    private static bool IsFinished(JsonObject job) => Is(job, "Complete") || Is(job, "Failed");

    private static bool Is(JsonObject job, string type) =>
        job.Objects("status", "conditions").Any(condition => condition.Text("type") == type && condition.Text("status") == "True");

    private JsonObject Condition(string type, string reason, string message)
    {
        var now = RelativeTime.Write(time.GetUtcNow());
        return new JsonObject
        {
            ["type"] = type,
            ["status"] = "True",
            ["lastProbeTime"] = now,
            ["lastTransitionTime"] = now,
            ["reason"] = reason,
            ["message"] = message,
        };
    }
}
