using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster.Api;

namespace AlertResponder.Simulators.Cluster.Store;

/// <summary>What an API server fills into new objects.</summary>
internal static class Defaults
{
    public static void Fill(ResourceType type, JsonObject item)
    {
        switch (type.Kind)
        {
            case "Deployment":
                FillDeployment(item.Within("spec"));
                break;
            case "ReplicaSet" or "StatefulSet":
                item.Within("spec").Default("replicas", 1);
                break;
            case "CronJob":
                FillCronJob(item.Within("spec"));
                FillJob(item.Within("spec").Within("jobTemplate").Within("spec"));
                break;
            case "Job":
                FillJob(item.Within("spec"));
                break;
            case "Pod":
                item.Within("status").Default("phase", "Pending");
                break;
        }

        if (type.PodSpec is { } path && item.At(path) is JsonObject podSpec)
            FillPodSpec(podSpec);
        if (type.PodSpec is not null)
            item.Default("status", new JsonObject());
    }

    private static void FillDeployment(JsonObject spec)
    {
        spec.Default("replicas", 1);
        spec.Default("strategy", new JsonObject { ["type"] = "RollingUpdate" });
        if (spec.Text("strategy", "type") == "RollingUpdate")
            spec.Within("strategy").Default("rollingUpdate", new JsonObject { ["maxUnavailable"] = "25%", ["maxSurge"] = "25%" });
        spec.Default("revisionHistoryLimit", 10);
        spec.Default("progressDeadlineSeconds", 600);
    }

    private static void FillCronJob(JsonObject spec)
    {
        spec.Default("concurrencyPolicy", "Allow");
        spec.Default("suspend", false);
        spec.Default("successfulJobsHistoryLimit", 3);
        spec.Default("failedJobsHistoryLimit", 1);
    }

    private static void FillJob(JsonObject spec) => spec.Default("backoffLimit", 6);

    private static void FillPodSpec(JsonObject spec)
    {
        foreach (var container in spec.Objects("containers").Concat(spec.Objects("initContainers")))
        {
            container.Default("resources", new JsonObject());
            container.Default("terminationMessagePath", "/dev/termination-log");
            container.Default("terminationMessagePolicy", "File");
            container.Default("imagePullPolicy", container.Text("image") is { } image && HasFixedTag(image) ? "IfNotPresent" : "Always");
        }

        spec.Default("restartPolicy", "Always");
        spec.Default("terminationGracePeriodSeconds", 30);
        spec.Default("dnsPolicy", "ClusterFirst");
        spec.Default("securityContext", new JsonObject());
        spec.Default("schedulerName", "default-scheduler");
    }

    private static bool HasFixedTag(string image)
    {
        var tag = image[(image.LastIndexOf('/') + 1)..].Split(':', 2).ElementAtOrDefault(1);
        return tag is not (null or "latest");
    }
}
