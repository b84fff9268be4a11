using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster.Store;

namespace AlertResponder.Simulators.Cluster.Controllers;

/// <summary>The status that kubelet and scheduler give to a pod.</summary>
internal static class PodStatuses
{
    private const int Restarts = 3;

    public static bool IsReady(JsonObject pod) =>
        pod.Objects("status", "conditions").Any(condition => condition.Text("type") == "Ready" && condition.Text("status") == "True");

    public static JsonObject Unschedulable(DateTimeOffset now, string why) => new()
    {
        ["phase"] = "Pending",
        ["conditions"] = new JsonArray(Condition("PodScheduled", false, now, "Unschedulable", why)),
        ["qosClass"] = "Burstable",
    };

    /// <param name="pod">With its spec.</param>
    /// <param name="ends">By container: how it ends; those that are well are not in it.</param>
    /// <param name="completes">Whether a container that is well ends, too.</param>
    /// <param name="now">When.</param>
    public static JsonObject Of(JsonObject pod, IReadOnlyDictionary<string, ContainerEnd> ends, bool completes, DateTimeOffset now)
    {
        var restarts = pod.Text("spec", "restartPolicy") != "Never";
        var isFailed = ends.Count > 0 && !restarts;
        var isReady = ends.Count == 0 && !completes;
        var unready = pod.Objects("spec", "containers").Select(container => container.Text("name")!).Where(name => completes || ends.ContainsKey(name));
        var (reason, message) = isReady ? (null, null)
            : ends.Count == 0 ? ("PodCompleted", null)
            : ("ContainersNotReady", $"containers with unready status: [{string.Join(' ', unready)}]");
        return new JsonObject
        {
            ["phase"] = isFailed ? "Failed" : ends.Count == 0 && completes ? "Succeeded" : "Running",
            ["conditions"] = new JsonArray(
                Condition("PodReadyToStartContainers", true, now),
                Condition("Initialized", true, now),
                Condition("Ready", isReady, now, reason, message),
                Condition("ContainersReady", isReady, now, reason, message),
                Condition("PodScheduled", true, now)),
            ["hostIP"] = "192.168.30.21",
            ["podIP"] = "10.42.1.200",
            ["podIPs"] = new JsonArray(new JsonObject { ["ip"] = "10.42.1.200" }),
            ["startTime"] = RelativeTime.Write(now),
            ["containerStatuses"] = new JsonArray(
            [
                .. pod.Objects("spec", "containers").Select(container => ContainerStatus(pod, container, ends.GetValueOrDefault(container.Text("name")!), completes, now)),
            ]),
            ["qosClass"] = "Burstable",
        };
    }

    private static JsonObject ContainerStatus(JsonObject pod, JsonObject container, ContainerEnd? end, bool completes, DateTimeOffset now)
    {
        var name = container.Text("name")!;
        var restarts = end is not null && pod.Text("spec", "restartPolicy") != "Never";
        return new JsonObject
        {
            ["name"] = name,
            ["state"] = restarts ? BackOff(pod, name)
                : end is not null ? Terminated(end.ExitCode, end.Reason, now)
                : completes ? Terminated(0, "Completed", now)
                : new JsonObject { ["running"] = new JsonObject { ["startedAt"] = RelativeTime.Write(now) } },
            ["lastState"] = restarts ? Terminated(end!.ExitCode, end.Reason, now) : new JsonObject(),
            ["ready"] = end is null && !completes,
            ["restartCount"] = restarts ? Restarts : 0,
            ["image"] = container["image"]?.DeepClone(),
            ["imageID"] = $"{container.Text("image")}@sha256:{new string('0', 64)}",
            ["started"] = end is null && !completes,
        };
    }

    private static JsonObject BackOff(JsonObject pod, string container) => new()
    {
        ["waiting"] = new JsonObject
        {
            ["reason"] = "CrashLoopBackOff",
            ["message"] = $"back-off 40s restarting failed container={container} pod={pod.Name()}_{pod.Namespace()}({pod.Uid()})",
        },
    };

    private static JsonObject Terminated(int exitCode, string reason, DateTimeOffset now) => new()
    {
        ["terminated"] = new JsonObject
        {
            ["exitCode"] = exitCode,
            ["reason"] = reason,
            ["startedAt"] = RelativeTime.Write(now),
            ["finishedAt"] = RelativeTime.Write(now),
        },
    };

    private static JsonObject Condition(string type, bool holds, DateTimeOffset now, string? reason = null, string? message = null)
    {
        var condition = new JsonObject
        {
            ["type"] = type,
            ["status"] = holds ? "True" : "False",
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = RelativeTime.Write(now),
        };
        if (reason is not null)
            condition["reason"] = reason;
        if (message is not null)
            condition["message"] = message;
        return condition;
    }
}
