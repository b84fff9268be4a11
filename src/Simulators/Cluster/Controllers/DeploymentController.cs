using System.Globalization;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster.Store;

namespace AlertResponder.Simulators.Cluster.Controllers;

/// <summary>Rolls Deployments out: a ReplicaSet for each template, numbered by revision.</summary>
internal sealed class DeploymentController(ObjectStore store, PodMaker pods, TimeProvider time)
{
    private const string Revision = "deployment.kubernetes.io/revision";
    private const string TemplateHash = "pod-template-hash";

    // What of a Deployment's annotations is its own affair.
    private static readonly HashSet<string> NotCopied = new(StringComparer.Ordinal)
    {
        "kubectl.kubernetes.io/last-applied-configuration", Revision, "deployment.kubernetes.io/desired-replicas", "deployment.kubernetes.io/max-replicas",
    };

    /// <param name="before">Null when there was none, or its template doesn't matter.</param>
    /// <param name="deployment">As it is now.</param>
    public void Reconcile(JsonObject? before, JsonObject deployment)
    {
        if (deployment.At("spec", "template", "spec") is not JsonObject)
            return;
        var sets = Sets(deployment);
        var isPaused = deployment.IsTrue("spec", "paused");
        var isSameTemplate = before is not null && JsonNode.DeepEquals(before.At("spec", "template"), deployment.At("spec", "template"));
        var current = sets.Find(set => IsOf(set, deployment))
            ?? (isSameTemplate || isPaused ? sets.MaxBy(RevisionOf) : null)
            ?? (isPaused ? null : Make(deployment));
        if (current is not null && !isPaused)
            Promote(current, deployment, sets);
        if (current is not null)
            RollOut(deployment, current, [.. sets.Where(set => set.Uid() != current.Uid())], isPaused);
        Observe(store.Find("Deployment", deployment.Namespace(), deployment.Name())!);
    }

    /// <summary>Brings the status up to date.</summary>
    public void Observe(JsonObject deployment)
    {
        var sets = Sets(deployment);
        var current = sets.MaxBy(RevisionOf);
        var all = sets.SelectMany(set => ReplicaSets.Pods(store, set)).ToList();
        var (updated, ready) = (current is null ? 0 : ReplicaSets.Pods(store, current).Count, all.Count(PodStatuses.IsReady));
        var desired = deployment.Number("spec", "replicas") ?? 1;
        var isComplete = updated == desired && all.Count == updated && ready == desired;
        var status = Counts.Of(
            ("replicas", all.Count),
            ("updatedReplicas", updated),
            ("readyReplicas", ready),
            ("availableReplicas", ready),
            ("unavailableReplicas", Math.Max(0, Math.Max(desired, all.Count) - ready)));
        status["observedGeneration"] = deployment.Number("metadata", "generation") ?? 1;
        var isAvailable = ready >= desired - Share(deployment, "maxUnavailable", desired, roundUp: false);
        status["conditions"] = new JsonArray(
            Condition(deployment, "Available", isAvailable, isAvailable ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                isAvailable ? "Deployment has minimum availability." : "Deployment does not have minimum availability."),
            Condition(deployment, "Progressing", true, isComplete ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
                $"ReplicaSet \"{current?.Name()}\" {(isComplete ? "has successfully progressed" : "is progressing")}."));
        deployment["status"] = status;
        store.Save(store.TypeOf("Deployment"), deployment);
    }

    private List<JsonObject> Sets(JsonObject deployment) =>
        [.. store.All("ReplicaSet", deployment.Namespace()).Where(set => Owners.Owns(deployment, set))];

    private static int RevisionOf(JsonObject set) => set.Number("metadata", "annotations", Revision) ?? 0;

    private static bool IsOf(JsonObject set, JsonObject deployment) =>
        JsonNode.DeepEquals(Bare(set.At("spec", "template")), Bare(deployment.At("spec", "template")));

    /// <summary>A template without what tells nothing of its pods.</summary>
    private static JsonNode? Bare(JsonNode? template)
    {
        var bare = template?.DeepClone();
        (bare.At("metadata") as JsonObject)?.Remove("creationTimestamp");
        (bare.At("metadata", "labels") as JsonObject)?.Remove(TemplateHash);
        return bare;
    }

    private JsonObject Make(JsonObject deployment)
    {
        var template = (JsonObject)deployment.At("spec", "template")!.DeepClone();
        var hash = Names.Hash(Bare(template)!.ToJsonString());
        template.Within("metadata").Within("labels")[TemplateHash] = hash;
        var selector = (deployment.At("spec", "selector") as JsonObject ?? []).Copy();
        selector.Within("matchLabels")[TemplateHash] = hash;
        var metadata = new JsonObject
        {
            ["name"] = $"{deployment.Name()}-{hash}",
            ["namespace"] = deployment.Namespace(),
            ["generation"] = 1,
            ["labels"] = template.At("metadata", "labels")!.DeepClone(),
            ["ownerReferences"] = new JsonArray(Owners.Reference(deployment)),
        };
        return store.Save(store.TypeOf("ReplicaSet"), new JsonObject
        {
            ["metadata"] = metadata,
            ["spec"] = new JsonObject { ["replicas"] = 0, ["selector"] = selector, ["template"] = template },
        });
    }

    /// <summary>The set of the present template gets the highest revision, also when it is an old one that is rolled back to.</summary>
    private void Promote(JsonObject current, JsonObject deployment, List<JsonObject> sets)
    {
        var highest = sets.Select(RevisionOf).DefaultIfEmpty(0).Max();
        var revision = RevisionOf(current) is > 0 and var own && own == highest ? own : highest + 1;
        var annotations = current.Metadata().Within("annotations");
        foreach (var (name, value) in deployment.At("metadata", "annotations") as JsonObject ?? [])
        {
            if (!NotCopied.Contains(name))
                annotations[name] = value?.DeepClone();
        }

        annotations[Revision] = revision.ToString(CultureInfo.InvariantCulture);
        annotations["deployment.kubernetes.io/desired-replicas"] = $"{deployment.Number("spec", "replicas") ?? 1}";
        deployment.Metadata().Within("annotations")[Revision] = revision.ToString(CultureInfo.InvariantCulture);
        store.Save(store.TypeOf("Deployment"), deployment);
    }

    /// <summary>
    /// The new pods are tried with as many as the strategy allows beside the old ones. When these are well, all are replaced; when they
    /// are not, the rollout stands there.
    /// </summary>
    private void RollOut(JsonObject deployment, JsonObject current, List<JsonObject> old, bool isPaused)
    {
        var desired = deployment.Number("spec", "replicas") ?? 1;
        var oldReplicas = old.Sum(set => set.Number("spec", "replicas") ?? 0);
        if (oldReplicas == 0 || isPaused || deployment.Text("spec", "strategy", "type") == "Recreate")
        {
            if (!isPaused)
                Shrink(old, 0);
            ReplicaSets.Scale(store, pods, current, Math.Max(0, isPaused ? desired - oldReplicas : desired));
        }
        else
        {
            var (surge, unavailable) = (Share(deployment, "maxSurge", desired, roundUp: true), Share(deployment, "maxUnavailable", desired, roundUp: false));
            var first = Math.Min(desired, Math.Max(1, surge + unavailable));
            ReplicaSets.Scale(store, pods, current, first);
            var isWell = ReplicaSets.Pods(store, current).TrueForAll(PodStatuses.IsReady);
            Shrink(old, isWell ? 0 : Math.Max(0, desired - Math.Max(unavailable, surge == 0 ? 1 : 0)));
            if (isWell)
                ReplicaSets.Scale(store, pods, current, desired);
        }

        var limit = deployment.Number("spec", "revisionHistoryLimit") ?? 10;
        foreach (var set in old.Where(set => set.Number("spec", "replicas") is 0).OrderByDescending(RevisionOf).Skip(limit))
            store.Delete("ReplicaSet", set.Namespace(), set.Name());
    }

    /// <summary>Leaves as many old replicas, of the newest revisions.</summary>
    private void Shrink(IEnumerable<JsonObject> old, int left)
    {
        foreach (var set in old.OrderByDescending(RevisionOf))
        {
            var keep = Math.Min(left, set.Number("spec", "replicas") ?? 0);
            left -= keep;
            if (keep != set.Number("spec", "replicas"))
                ReplicaSets.Scale(store, pods, set, keep);
        }
    }

    private static int Share(JsonObject deployment, string field, int desired, bool roundUp)
    {
        var text = deployment.Text("spec", "strategy", "rollingUpdate", field) ?? "25%";
        if (!text.EndsWith('%'))
            return int.Parse(text, CultureInfo.InvariantCulture);
        var share = desired * int.Parse(text.TrimEnd('%'), CultureInfo.InvariantCulture) / 100.0;
        return (int)(roundUp ? Math.Ceiling(share) : Math.Floor(share));
    }

    private JsonObject Condition(JsonObject deployment, string type, bool holds, string reason, string message)
    {
        var status = holds ? "True" : "False";
        var before = deployment.Objects("status", "conditions").FirstOrDefault(condition => condition.Text("type") == type);
        var now = RelativeTime.Write(time.GetUtcNow());
        return new JsonObject
        {
            ["type"] = type,
            ["status"] = status,
            ["lastUpdateTime"] = now,
            ["lastTransitionTime"] = before?.Text("status") == status ? before["lastTransitionTime"]?.DeepClone() : now,
            ["reason"] = reason,
            ["message"] = message,
        };
    }
}
