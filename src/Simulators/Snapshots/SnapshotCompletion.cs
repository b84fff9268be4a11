using System.Globalization;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Cluster.Api;
using AlertResponder.Simulators.Cluster.Store;

namespace AlertResponder.Simulators.Snapshots;

/// <summary>Fills in what an API server and the controllers would have written into a cluster's objects.</summary>
internal static class SnapshotCompletion
{
    private static readonly string[] ContainerLists = ["initContainers", "containers"];
    private static readonly ResourceCatalog Known = new();
    private static readonly string[] Adopting = ["ReplicaSet", "StatefulSet", "DaemonSet", "Job", "ReplicationController"];

    public static void Complete(List<JsonObject> objects, DateTimeOffset now)
    {
        var namespaced = objects.Where(IsNamespaced).ToArray();
        foreach (var item in objects)
        {
            SnapshotTimes.Normalize(item);
            SnapshotFields.Fill(item);
            SetTexts(item);
        }

        foreach (var item in namespaced)
            item.Metadata().Default("namespace", "default");
        foreach (var item in objects)
            Identify(item, objects, now);
        foreach (var pod in objects.Where(item => item.Text("kind") is "Pod"))
        {
            Adopt(pod, objects);
            SetPhase(pod);
        }

        foreach (var job in objects.Where(item => item.Text("kind") is "ReplicaSet" or "Job"))
            Adopt(job, objects);
        foreach (var item in objects)
            SetOwners(item, objects);
        foreach (var item in objects)
            Count(item, objects);
        objects.AddRange(Endpoints(objects));
    }

    private static bool IsNamespaced(JsonObject item) =>
        Known.FindKind(item.Text("apiVersion")!, item.Text("kind")!) is { } type ? type.Namespaced : item.Namespace() is not null;

    /// <summary>Where the API has texts, a number or boolean without quotes is meant as one.</summary>
    private static void SetTexts(JsonObject item)
    {
        foreach (var template in new[] { item["spec"], item.At("spec", "template", "spec"), item.At("spec", "jobTemplate", "spec", "template", "spec") })
        {
            foreach (var container in ContainerLists.SelectMany(list => template.Objects(list)))
            {
                foreach (var variable in container.Objects("env"))
                    SetText(variable, "value");
                foreach (var list in new[] { "command", "args" })
                {
                    if (container[list] is JsonArray words)
                        container[list] = new JsonArray([.. words.Select(word => JsonValue.Create(Text(word)))]);
                }
            }
        }

        if (item.Text("kind") == "Service" && item.At("spec", "selector") is JsonObject selector)
        {
            foreach (var label in selector.ToArray())
                SetText(selector, label.Key);
        }
    }

    private static void SetText(JsonObject item, string field)
    {
        if (item[field] is JsonValue value)
            item[field] = Text(value);
    }

    private static string Text(JsonNode? value) => value is null ? "" : value.ToString() is "True" or "False" ? value.ToString().ToLowerInvariant() : value.ToString();

    // Whoever names an object as its owner knows its uid.
    private static void Identify(JsonObject item, List<JsonObject> objects, DateTimeOffset now)
    {
        var metadata = item.Metadata();
        if (string.IsNullOrEmpty(item.Uid()))
        {
            metadata["uid"] = objects
                .Where(other => other.Namespace() == item.Namespace())
                .SelectMany(other => other.Objects("metadata", "ownerReferences"))
                .Where(reference => reference.Text("kind") == item.Text("kind") && reference.Text("name") == item.Name())
                .Select(reference => reference.Text("uid"))
                .FirstOrDefault(uid => !string.IsNullOrEmpty(uid))
                ?? Names.Uid($"{item.Text("apiVersion")}/{item.Text("kind")}/{item.Namespace()}/{item.Name()}");
        }

        if (string.IsNullOrEmpty(item.Text("metadata", "creationTimestamp")))
        {
            var first = SnapshotTimes.Of(item).Where(time => time <= now).Select(time => (DateTimeOffset?)time).Min();
            metadata["creationTimestamp"] = RelativeTime.Write(first ?? now.AddDays(-1));
        }
    }

    /// <summary>A controller takes what fits its selector and has no other; by its name one can tell whose it was to be.</summary>
    private static void Adopt(JsonObject item, List<JsonObject> objects)
    {
        if (item.Objects("metadata", "ownerReferences").Any())
            return;
        var owner = objects.Where(other => other.Namespace() == item.Namespace() && IsOwner(other, item)).MaxBy(other => other.Name().Length);
        if (owner is not null)
        {
            item.Metadata()["ownerReferences"] = new JsonArray(Reference(owner.Text("apiVersion")!, owner.Text("kind")!, owner.Name(), owner.Uid()));
            return;
        }

        // Its ReplicaSet was left out, too.
        var deployment = objects.Find(other => other.Text("kind") == "Deployment" && other.Namespace() == item.Namespace()
            && item.Name().StartsWith(other.Name() + "-", StringComparison.Ordinal) && Selects(other, item));
        if (item.Text("kind") == "Pod" && deployment is not null && item.Name().LastIndexOf('-') is var dash && dash > deployment.Name().Length)
        {
            var name = item.Name()[..dash];
            item.Metadata()["ownerReferences"] = new JsonArray(Reference("apps/v1", "ReplicaSet", name, Names.Uid($"apps/v1/ReplicaSet/{item.Namespace()}/{name}")));
        }
    }

    private static bool IsOwner(JsonObject owner, JsonObject item) => (owner.Text("kind"), item.Text("kind")) switch
    {
        ("Job", "Pod") => item.Name().StartsWith(owner.Name() + "-", StringComparison.Ordinal),
        ("CronJob", "Job") or ("Deployment", "ReplicaSet") => item.Name().StartsWith(owner.Name() + "-", StringComparison.Ordinal)
            && (owner.Text("kind") == "CronJob" || Selects(owner, item)),
        (var kind, "Pod") => Adopting.Contains(kind, StringComparer.Ordinal) && item.Name().StartsWith(owner.Name() + "-", StringComparison.Ordinal) && Selects(owner, item),
        _ => false,
    };

    private static bool Selects(JsonObject owner, JsonObject item) =>
        (owner.At("spec", "selector", "matchLabels") as JsonObject ?? owner.At("spec", "selector") as JsonObject) is { Count: > 0 } labels
        && labels.All(label => label.Value is JsonValue && item.Text("metadata", "labels", label.Key) == label.Value.ToString());

    private static JsonObject Reference(string apiVersion, string kind, string name, string uid) => new()
    {
        ["apiVersion"] = apiVersion,
        ["kind"] = kind,
        ["name"] = name,
        ["uid"] = uid,
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };

    private static void SetOwners(JsonObject item, List<JsonObject> objects)
    {
        var references = item.Objects("metadata", "ownerReferences").ToArray();
        foreach (var reference in references)
        {
            var owner = objects.Find(other => other.Text("kind") == reference.Text("kind") && other.Name() == reference.Text("name")
                && (other.Namespace() is null || other.Namespace() == item.Namespace()));
            if (owner is not null)
                reference["uid"] = owner.Uid();
            reference.Default("uid", Names.Uid($"{reference.Text("kind")}/{item.Namespace()}/{reference.Text("name")}"));
            reference.Default("apiVersion", owner?.Text("apiVersion") ?? (reference.Text("kind") is "Job" or "CronJob" ? "batch/v1" : "apps/v1"));
            if (references.Length == 1)
                reference.Default("controller", true);
        }
    }

    private static void SetPhase(JsonObject pod)
    {
        var status = pod.Within("status");
        if (status.ContainsKey("phase"))
            return;
        var containers = status.Objects("containerStatuses").ToArray();
        status["phase"] = containers.Length == 0 ? (pod.At("spec", "nodeName") is null ? "Pending" : "Running")
            : containers.All(container => container.At("state", "terminated") is not null)
                ? containers.All(container => container.Number("state", "terminated", "exitCode") == 0) ? "Succeeded" : "Failed"
            : containers.Any(container => container.At("state", "waiting") is not null && container.At("lastState", "terminated") is null) ? "Pending"
            : "Running";
    }

    private static void Count(JsonObject workload, List<JsonObject> objects)
    {
        if (workload.Text("kind") is not ("Deployment" or "ReplicaSet" or "StatefulSet") || workload.At("status") is JsonObject { Count: > 0 })
            return;
        var pods = objects.Where(item => item.Text("kind") == "Pod" && item.Namespace() == workload.Namespace() && Selects(workload, item)).ToArray();
        var ready = pods.Count(IsReady);
        workload["status"] = new JsonObject
        {
            ["replicas"] = pods.Length, ["readyReplicas"] = ready, ["availableReplicas"] = ready, ["updatedReplicas"] = pods.Length,
        };
    }

    private static bool IsReady(JsonObject pod) =>
        pod.Text("metadata", "deletionTimestamp") is null
        && (pod.Objects("status", "conditions").FirstOrDefault(condition => condition.Text("type") == "Ready") is { } ready
            ? ready.Text("status") == "True"
            : pod.Objects("status", "containerStatuses").Any() && pod.Objects("status", "containerStatuses").All(container => container.IsTrue("ready")));

    private static IEnumerable<JsonObject> Endpoints(List<JsonObject> objects)
    {
        var known = objects.Where(item => item.Text("kind") == "Endpoints").Select(item => (item.Namespace(), item.Name())).ToHashSet();
        return
        [
            .. objects
                .Where(item => item.Text("kind") == "Service" && item.Text("apiVersion") == "v1" && !known.Contains((item.Namespace(), item.Name())) && item.At("spec", "selector") is JsonObject { Count: > 0 })
                .Select(service => EndpointsOf(service, [.. objects.Where(item => item.Text("kind") == "Pod" && item.Namespace() == service.Namespace() && Selects(service, item))])),
        ];
    }

    private static JsonObject EndpointsOf(JsonObject service, JsonObject[] pods)
    {
        var placed = pods.Where(pod => pod.At("spec", "nodeName") is not null && pod.Text("status", "phase") is not ("Succeeded" or "Failed")).ToArray();
        var subset = new JsonObject();
        foreach (var (field, ready) in new[] { ("addresses", true), ("notReadyAddresses", false) })
        {
            var addresses = placed.Where(pod => IsReady(pod) == ready).Select(Address).ToArray();
            if (addresses.Length > 0)
                subset[field] = new JsonArray([.. addresses]);
        }

        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Endpoints",
            ["metadata"] = new JsonObject { ["name"] = service.Name(), ["namespace"] = service.Namespace() },
            ["subsets"] = subset.Count == 0 ? new JsonArray() : new JsonArray(subset),
        };

        static JsonNode Address(JsonObject pod, int index) => new JsonObject
        {
            ["ip"] = pod.Text("status", "podIP") ?? string.Create(CultureInfo.InvariantCulture, $"10.42.250.{index + 1}"),
            ["targetRef"] = new JsonObject { ["kind"] = "Pod", ["name"] = pod.Name(), ["namespace"] = pod.Namespace(), ["uid"] = pod.Uid() },
        };
    }
}
