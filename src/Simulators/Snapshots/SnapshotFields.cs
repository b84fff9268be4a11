using System.Globalization;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Cluster.Store;

namespace AlertResponder.Simulators.Snapshots;

/// <summary>
/// Fields that the API always has and clients insist on, while people leave them out or forget the quotes of: without them an object
/// could be read by nobody.
/// </summary>
internal static class SnapshotFields
{
    private static readonly string[] StatusLists = ["initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"];
    private static readonly string[] NodeInfo =
    [
        "architecture", "operatingSystem", "osImage", "kernelVersion", "containerRuntimeVersion", "kubeletVersion", "kubeProxyVersion", "machineID", "systemUUID",
        "bootID",
    ];

    public static void Fill(JsonObject item)
    {
        foreach (var condition in item.Objects("status", "conditions"))
            FillCondition(condition, item.Text("kind") == "PodDisruptionBudget");
        switch (item.Text("kind"))
        {
            case "Pod":
                FillPod(item);
                break;
            case "Deployment" or "StatefulSet" or "DaemonSet" or "ReplicaSet" or "Job":
                FillWorkload(item);
                break;
            case "CronJob":
                item.Within("spec").Default("schedule", "* * * * *");
                FillTemplate(item.Within("spec").Within("jobTemplate").Within("spec"), []);
                break;
            case "Node":
                FillNode(item);
                break;
            case "PodDisruptionBudget":
                Numbers(item, "disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods");
                break;
            case "HorizontalPodAutoscaler":
                item.Within("spec").Default("maxReplicas", 1);
                item.Within("spec").Within("scaleTargetRef").Default("kind", "Deployment");
                item.Within("spec").Within("scaleTargetRef").Default("name", item.Name());
                if (item["status"] is JsonObject status)
                    status.Default("desiredReplicas", status.Number("currentReplicas") ?? 0);
                break;
            case "Event":
                item.Default("involvedObject", new JsonObject());
                break;
            case "NetworkPolicy":
                item.Within("spec").Default("podSelector", new JsonObject());
                break;
            case "StorageClass":
                item.Default("provisioner", "unknown");
                break;
            case "ControllerRevision":
                item.Default("revision", 1);
                break;
        }
    }

    private static void FillCondition(JsonObject condition, bool isStrict)
    {
        condition.Default("type", "Unknown");
        condition["status"] = condition.Text("status") is { Length: > 0 } status ? CultureInfo.InvariantCulture.TextInfo.ToTitleCase(status) : "True";
        if (!isStrict)
            return;
        condition.Default("reason", "");
        condition.Default("message", "");
        condition.Default("lastTransitionTime", "1970-01-01T00:00:00Z");
    }

    private static void FillPod(JsonObject pod)
    {
        var spec = pod.Within("spec");
        if (spec["containers"] is not JsonArray)
            spec["containers"] = new JsonArray([.. pod.Objects("status", "containerStatuses").Select(status => new JsonObject { ["name"] = status.Text("name"), ["image"] = status.Text("image") })]);
        foreach (var status in StatusLists.SelectMany(list => pod.Objects("status", list)))
        {
            status.Default("name", "");
            var container = spec.Objects("containers").Concat(spec.Objects("initContainers")).FirstOrDefault(item => item.Text("name") == status.Text("name"));
            status.Default("image", container?.Text("image") ?? "");
            status.Default("imageID", "");
            status["ready"] = status.ContainsKey("ready") ? status.IsTrue("ready") : status.At("state", "running") is not null;
            status["restartCount"] = status.Number("restartCount") ?? 0;
            foreach (var ended in new[] { status.At("state", "terminated"), status.At("lastState", "terminated") }.OfType<JsonObject>())
            {
                ended["exitCode"] = ended.Number("exitCode") ?? ended.Text("reason") switch
                {
                    "Completed" => 0,
                    "OOMKilled" => 137,
                    _ => 1,
                };
            }
        }
    }

    private static void FillWorkload(JsonObject workload)
    {
        var spec = workload.Within("spec");
        if (workload.Text("kind") != "Job" && spec["selector"] is not JsonObject)
            spec["selector"] = new JsonObject { ["matchLabels"] = spec.At("template", "metadata", "labels")?.DeepClone() ?? new JsonObject() };
        FillTemplate(spec, spec.At("selector", "matchLabels")?.DeepClone() as JsonObject ?? []);
        if (workload["status"] is not JsonObject { Count: > 0 } status)
            return;
        if (workload.Text("kind") is "ReplicaSet" or "StatefulSet")
            status.Default("replicas", workload.Number("spec", "replicas") ?? 1);
        if (workload.Text("kind") == "DaemonSet")
            Numbers(workload, "desiredNumberScheduled", "currentNumberScheduled", "numberMisscheduled", "numberReady");
    }

    private static void FillTemplate(JsonObject spec, JsonObject labels)
    {
        if (spec["template"] is not JsonObject)
            spec["template"] = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = labels } };
        var pod = spec.Within("template").Within("spec");
        if (pod["containers"] is not JsonArray)
            pod["containers"] = new JsonArray();
    }

    private static void FillNode(JsonObject node)
    {
        foreach (var taint in node.Objects("spec", "taints"))
            taint.Default("effect", "NoSchedule");
        foreach (var address in node.Objects("status", "addresses"))
            address.Default("type", "InternalIP");
        if (node.At("status", "nodeInfo") is not JsonObject info)
            return;
        foreach (var field in NodeInfo)
            info.Default(field, "");
    }

    private static void Numbers(JsonObject item, params ReadOnlySpan<string> fields)
    {
        if (item["status"] is not JsonObject { Count: > 0 } status)
            return;
        foreach (var field in fields)
            status.Default(field, 0);
    }
}
