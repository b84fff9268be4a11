using System.Globalization;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster.Store;

namespace AlertResponder.Simulators.Cluster.Controllers;

/// <summary>
/// Keeps the pods of StatefulSets and DaemonSets: in the end every place has one of the present template. Replacement goes one by one
/// and stops at the first pod that is not well.
/// </summary>
internal sealed class SetController(ObjectStore store, PodMaker pods)
{
    private const string RevisionLabel = "controller-revision-hash";

    public void Reconcile(JsonObject set)
    {
        var isStateful = set.Text("kind") == "StatefulSet";
        var revision = Names.Hash(set.At("spec", "template")?.ToJsonString() ?? "");
        var places = isStateful ? Ordinals(set) : NodesFor(set);
        var present = ReplicaSets.Pods(store, set);
        foreach (var pod in present.Where(pod => !places.Contains(PlaceOf(pod, isStateful))))
            store.Delete("Pod", pod.Namespace(), pod.Name());

        foreach (var place in places.AsEnumerable().Reverse())
        {
            var pod = present.Find(pod => PlaceOf(pod, isStateful) == place);
            if (pod is not null && (IsCurrent(set, pod) || UpdatesOnDelete(set)))
                continue;
            if (pod is not null)
                store.Delete("Pod", pod.Namespace(), pod.Name());
            var made = isStateful
                ? pods.Make(set, place, null, (RevisionLabel, revision), ("statefulset.kubernetes.io/pod-name", place))
                : pods.Make(set, null, place, (RevisionLabel, revision));
            if (pod is not null && !PodStatuses.IsReady(made))
                break;
        }

        Observe(set, places.Count, isStateful ? $"{set.Name()}-{revision}" : null);
    }

    private void Observe(JsonObject set, int desired, string? revision)
    {
        var all = ReplicaSets.Pods(store, set);
        var (ready, updated) = (all.Count(PodStatuses.IsReady), all.Count(pod => IsCurrent(set, pod)));
        var status = new JsonObject { ["observedGeneration"] = set.Number("metadata", "generation") ?? 1 };
        var counts = revision is not null
            ? Counts.Of(("replicas", all.Count), ("readyReplicas", ready), ("availableReplicas", ready), ("currentReplicas", updated), ("updatedReplicas", updated))
            : new JsonObject
            {
                ["desiredNumberScheduled"] = desired,
                ["currentNumberScheduled"] = all.Count,
                ["updatedNumberScheduled"] = updated,
                ["numberReady"] = ready,
                ["numberAvailable"] = ready,
                ["numberMisscheduled"] = 0,
            };
        foreach (var (name, count) in counts)
            status[name] = count?.DeepClone();
        if (revision is not null)
        {
            status["currentRevision"] = updated == all.Count ? revision : set.Text("status", "currentRevision") ?? revision;
            status["updateRevision"] = revision;
        }

        set["status"] = status;
        store.Save(set.Text("kind") is { } kind ? store.TypeOf(kind) : throw new InvalidOperationException("A set has no kind."), set);
    }

    private static List<string> Ordinals(JsonObject set) =>
        [.. Enumerable.Range(0, set.Number("spec", "replicas") ?? 1).Select(ordinal => string.Create(CultureInfo.InvariantCulture, $"{set.Name()}-{ordinal}"))];

    /// <summary>A cordon doesn't keep a DaemonSet's pods away.</summary>
    private List<string> NodesFor(JsonObject set)
    {
        var selector = set.At("spec", "template", "spec", "nodeSelector") as JsonObject ?? [];
        return [.. store.All("Node").Where(node => selector.All(label => node.Text("metadata", "labels", label.Key) == label.Value?.ToString())).Select(node => node.Name())];
    }

    private static string PlaceOf(JsonObject pod, bool isStateful) => isStateful ? pod.Name() : pod.Text("spec", "nodeName") ?? "";

    private static bool UpdatesOnDelete(JsonObject set) => set.Text("spec", "updateStrategy", "type") == "OnDelete";

    /// <summary>Whether everything that the template says is true of the pod.</summary>
    private static bool IsCurrent(JsonObject set, JsonObject pod) =>
        set.At("spec", "template") is not JsonObject template
        || (Contains(pod.At("spec"), template["spec"]) && Contains(pod.At("metadata", "annotations"), template.At("metadata", "annotations")));

    private static bool Contains(JsonNode? whole, JsonNode? part) => part switch
    {
        null => true,
        JsonObject map => map.All(field => Contains(whole.At(field.Key), field.Value)),
        JsonArray list when whole is JsonArray items => list.Count <= items.Count && list.Zip(items).All(pair => Contains(pair.Second, pair.First)),
        JsonArray => false,
        _ => JsonNode.DeepEquals(whole, part),
    };
}
