using System.Globalization;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster.Store;

namespace AlertResponder.Simulators.Cluster.Api;

/// <summary>Objects as the rows that <c>kubectl get</c> prints.</summary>
internal static class Tables
{
    private const int OnlyWide = 1;

    public static JsonObject Of(ResourceType type, IEnumerable<JsonObject> items, JsonObject listMetadata, DateTimeOffset now)
    {
        var columns = Columns(type.Kind);
        return new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = listMetadata,
            ["columnDefinitions"] = new JsonArray([.. columns.Select(column => column.Definition())]),
            ["rows"] = new JsonArray([.. items.Select(item => new JsonObject
            {
                ["cells"] = new JsonArray([.. columns.Select(column => column.Cell(item, now))]),
                ["object"] = new JsonObject
                {
                    ["kind"] = "PartialObjectMetadata",
                    ["apiVersion"] = "meta.k8s.io/v1",
                    ["metadata"] = item.Metadata().DeepClone(),
                },
            })]),
        };
    }

    private static Column[] Columns(string kind)
    {
        Column name = new("Name", (item, _) => item.Name());
        Column age = new("Age", (item, now) => Age(item.Text("metadata", "creationTimestamp"), now));
        Column[] own = kind switch
        {
            "Pod" =>
            [
                new("Ready", (pod, _) => $"{pod.Objects("status", "containerStatuses").Count(status => status.IsTrue("ready"))}/{pod.Objects("spec", "containers").Count()}"),
                new("Status", (pod, _) => PodState(pod)),
                new("Restarts", Restarts),
                age,
                Wide("IP", "status", "podIP"),
                Wide("Node", "spec", "nodeName"),
            ],
            "Node" =>
            [
                new("Status", (node, _) => NodeState(node)),
                new("Roles", (_, _) => "<none>"),
                age,
                Field("Version", "status", "nodeInfo", "kubeletVersion"),
            ],
            "Deployment" =>
            [
                new("Ready", (item, _) => $"{item.Number("status", "readyReplicas") ?? 0}/{item.Number("spec", "replicas") ?? 1}"),
                Count("Up-to-date", "status", "updatedReplicas"),
                Count("Available", "status", "availableReplicas"),
                age,
                Images(),
            ],
            "ReplicaSet" => [Count("Desired", "spec", "replicas"), Count("Current", "status", "replicas"), Count("Ready", "status", "readyReplicas"), age, Images()],
            "StatefulSet" => [new("Ready", (item, _) => $"{item.Number("status", "readyReplicas") ?? 0}/{item.Number("spec", "replicas") ?? 1}"), age, Images()],
            "DaemonSet" =>
            [
                Count("Desired", "status", "desiredNumberScheduled"),
                Count("Current", "status", "currentNumberScheduled"),
                Count("Ready", "status", "numberReady"),
                Count("Up-to-date", "status", "updatedNumberScheduled"),
                Count("Available", "status", "numberAvailable"),
                age,
                Images(),
            ],
            "Job" =>
            [
                new("Status", (job, _) => Holds(job, "Complete") ? "Complete" : Holds(job, "Failed") ? "Failed" : job.IsTrue("spec", "suspend") ? "Suspended" : "Running"),
                new("Completions", (job, _) => $"{job.Number("status", "succeeded") ?? 0}/{job.Number("spec", "completions") ?? 1}"),
                new("Duration", Duration),
                age,
                Images(),
            ],
            "CronJob" =>
            [
                Field("Schedule", "spec", "schedule"),
                new("Suspend", (item, _) => item.IsTrue("spec", "suspend") ? "True" : "False"),
                new("Active", (item, _) => item.Objects("status", "active").Count()),
                new("Last Schedule", (item, now) => item.Text("status", "lastScheduleTime") is { } time ? Age(time, now) : "<none>"),
                age,
            ],
            "Event" =>
            [
                new("Last Seen", (item, now) => Age(item.Text("lastTimestamp") ?? item.Text("metadata", "creationTimestamp"), now)),
                Field("Type", "type"),
                Field("Reason", "reason"),
                new("Object", (item, _) => $"{item.Text("involvedObject", "kind")?.ToLowerInvariant()}/{item.Text("involvedObject", "name")}"),
                Field("Message", "message"),
            ],
            "Namespace" => [Field("Status", "status", "phase"), age],
            "Service" => [Field("Type", "spec", "type"), Field("Cluster-IP", "spec", "clusterIP"), age],
            "ConfigMap" or "Secret" => [new("Data", (item, _) => (item["data"] as JsonObject)?.Count ?? 0), age],
            "PersistentVolumeClaim" =>
                [Field("Status", "status", "phase"), Field("Volume", "spec", "volumeName"), Field("Capacity", "status", "capacity", "storage"), Field("StorageClass", "spec", "storageClassName"), age],
            "PodDisruptionBudget" => [Field("Min Available", "spec", "minAvailable"), Field("Max Unavailable", "spec", "maxUnavailable"), age],
            _ => [age],
        };
        // An event's name tells nothing.
        return kind == "Event" ? own : [name, .. own];
    }

    private static Column Field(string name, params string[] path) => new(name, (item, _) => item.Text(path) is { Length: > 0 } text ? text : "<none>");

    private static Column Wide(string name, params string[] path) => Field(name, path) with { Priority = OnlyWide };

    private static Column Count(string name, params string[] path) => new(name, (item, _) => item.Number(path) ?? 0);

    private static Column Images() => new(
        "Images",
        (item, _) => string.Join(',', item.Objects("spec", "template", "spec", "containers").Select(container => container.Text("image"))),
        OnlyWide);

    private static bool Holds(JsonObject item, string type) =>
        item.Objects("status", "conditions").Any(condition => condition.Text("type") == type && condition.Text("status") == "True");

    private static string NodeState(JsonObject node) =>
        (Holds(node, "Ready") ? "Ready" : "NotReady") + (node.IsTrue("spec", "unschedulable") ? ",SchedulingDisabled" : "");

    private static string PodState(JsonObject pod)
    {
        if (pod.Text("metadata", "deletionTimestamp") is not null)
            return "Terminating";
        var reasons = pod.Objects("status", "containerStatuses")
            .Select(status => status.Text("state", "waiting", "reason") ?? status.Text("state", "terminated", "reason"))
            .Where(reason => reason is not null);
        return reasons.LastOrDefault() ?? pod.Text("status", "reason") ?? pod.Text("status", "phase") ?? "Unknown";
    }

    private static JsonNode Restarts(JsonObject pod, DateTimeOffset now)
    {
        var restarts = pod.Objects("status", "containerStatuses").Sum(status => status.Number("restartCount") ?? 0);
        var last = pod.Objects("status", "containerStatuses").Max(status => status.Text("lastState", "terminated", "finishedAt"));
        return restarts > 0 && last is not null ? $"{restarts} ({Age(last, now)} ago)" : $"{restarts}";
    }

    private static JsonNode Duration(JsonObject job, DateTimeOffset now) => job.Text("status", "startTime") is not { } start
        ? "<none>"
        : Age(start, job.Text("status", "completionTime") is { } end ? Time(end) : now);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <summary>With as many units as Kubernetes finds worth telling.</summary>
    private static string Age(string? since, DateTimeOffset now)
    {
        if (since is null)
            return "<unknown>";
        var age = now - Time(since);
        var (d, h, m, s) = ((int)age.TotalDays, (int)age.TotalHours, (int)age.TotalMinutes, (int)age.TotalSeconds);
        return age switch
        {
            { TotalSeconds: < 120 } => $"{Math.Max(0, s)}s",
            { TotalMinutes: < 10 } => Two(m, "m", s % 60, "s"),
            { TotalHours: < 3 } => $"{m}m",
            { TotalHours: < 8 } => Two(h, "h", m % 60, "m"),
            { TotalHours: < 48 } => $"{h}h",
            { TotalDays: < 8 } => Two(d, "d", h % 24, "h"),
            _ => $"{d}d",
        };
    }

    private static string Two(int first, string firstUnit, int second, string secondUnit) =>
        second == 0 ? $"{first}{firstUnit}" : $"{first}{firstUnit}{second}{secondUnit}";

    private sealed record Column(string Name, Func<JsonObject, DateTimeOffset, JsonNode> Cell, int Priority = 0)
    {
        public JsonObject Definition() => new()
        {
            ["name"] = Name,
            ["type"] = "string",
            ["format"] = Name == "Name" ? "name" : "",
            ["description"] = "",
            ["priority"] = Priority,
        };
    }
}
