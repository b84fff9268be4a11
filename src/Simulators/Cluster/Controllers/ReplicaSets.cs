using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster.Store;

namespace AlertResponder.Simulators.Cluster.Controllers;

internal static class ReplicaSets
{
    /// <summary>Makes or removes pods until there are as many as wanted, and says so in the ReplicaSet's status.</summary>
    public static void Scale(ObjectStore store, PodMaker pods, JsonObject set, int replicas)
    {
        var present = Pods(store, set);
        for (var missing = replicas - present.Count; missing > 0; missing--)
            pods.Make(set);
        // Those that do no good go first.
        foreach (var pod in present.OrderBy(PodStatuses.IsReady).Take(Math.Max(0, present.Count - replicas)))
            store.Delete("Pod", pod.Namespace(), pod.Name());

        var now = Pods(store, set);
        var ready = now.Count(PodStatuses.IsReady);
        set.Within("spec")["replicas"] = replicas;
        set["status"] = Counts.Of(("replicas", now.Count), ("fullyLabeledReplicas", now.Count), ("readyReplicas", ready), ("availableReplicas", ready));
        set["status"]!["observedGeneration"] = set.Number("metadata", "generation") ?? 1;
        store.Save(store.TypeOf("ReplicaSet"), set);
    }

    public static List<JsonObject> Pods(ObjectStore store, JsonObject owner) =>
        [.. store.All("Pod", owner.Namespace()).Where(pod => Owners.Owns(owner, pod) && pod.Text("status", "phase") is not ("Succeeded" or "Failed"))];
}

internal static class Counts
{
    /// <summary>Zero is left out, except of how many there are at all.</summary>
    public static JsonObject Of(params ReadOnlySpan<(string Name, int Count)> counts)
    {
        var status = new JsonObject();
        foreach (var (name, count) in counts)
        {
            if (count > 0 || name == "replicas")
                status[name] = count;
        }

        return status;
    }
}
