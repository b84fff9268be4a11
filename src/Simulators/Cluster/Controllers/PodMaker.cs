using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster.Store;

namespace AlertResponder.Simulators.Cluster.Controllers;

/// <summary>Makes pods, finds nodes for them and lets them do what their script says.</summary>
internal sealed class PodMaker(ObjectStore store, ContainerLogs logs, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Kind, string Namespace, string Name), PodScript> _scripts = [];

    public PodScript Script(string kind, string ns, string name)
    {
        lock (_lock)
        {
            if (!_scripts.TryGetValue((kind, ns, name), out var script))
                _scripts[(kind, ns, name)] = script = new PodScript();
            return script;
        }
    }

    /// <summary>A new pod of a template.</summary>
    /// <param name="owner">Its controller.</param>
    /// <param name="name">The whole name; null for the owner's with letters behind.</param>
    /// <param name="nodeName">Where it must run; null for a free choice.</param>
    /// <param name="labels">Beside those of the template.</param>
    public JsonObject Make(JsonObject owner, string? name = null, string? nodeName = null, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var template = owner.At("spec", "template") as JsonObject ?? [];
        var metadata = new JsonObject { ["name"] = name ?? $"{owner.Name()}-{Names.Random(store.NextNumber())}", ["namespace"] = owner.Namespace() };
        if (name is null)
            metadata["generateName"] = $"{owner.Name()}-";
        metadata["labels"] = template.At("metadata", "labels")?.DeepClone() ?? new JsonObject();
        foreach (var label in labels)
            metadata.Within("labels")[label.Name] = label.Value;
        if (template.At("metadata", "annotations") is { } annotations)
            metadata["annotations"] = annotations.DeepClone();
        metadata["ownerReferences"] = new JsonArray(Owners.Reference(owner));
        var pod = new JsonObject { ["metadata"] = metadata, ["spec"] = template["spec"]?.DeepClone() ?? new JsonObject() };
        Defaults.Fill(store.TypeOf("Pod"), pod);
        if (nodeName is not null)
            pod.Within("spec")["nodeName"] = nodeName;
        return Start(store.Save(store.TypeOf("Pod"), pod));
    }

    /// <summary>Schedules and runs a pod that is there.</summary>
    public JsonObject Start(JsonObject pod)
    {
        var now = time.GetUtcNow();
        if (pod.Text("spec", "nodeName") is null)
        {
            if (FindNode(pod) is not { } node)
            {
                pod["status"] = PodStatuses.Unschedulable(now, "0 nodes are available: none is schedulable and matches the pod's node selector.");
                return store.Save(store.TypeOf("Pod"), pod);
            }

            pod.Within("spec")["nodeName"] = node;
        }

        var owners = Owners.Chain(store, pod).ToList();
        var script = ScriptOf(owners);
        var ends = new Dictionary<string, ContainerEnd>(StringComparer.Ordinal);
        foreach (var container in pod.Objects("spec", "containers"))
        {
            if (script?.EndOf(container) is { } end)
                ends[container.Text("name")!] = end;
        }

        pod["status"] = PodStatuses.Of(pod, ends, completes: owners.Exists(owner => owner.Text("kind") == "Job"), now);
        var saved = store.Save(store.TypeOf("Pod"), pod);
        foreach (var name in saved.Objects("spec", "containers").Select(container => container.Text("name")!))
            WriteLog(saved, name, ends.GetValueOrDefault(name), script?.Log, now);
        return saved;
    }

    private void WriteLog(JsonObject pod, string container, ContainerEnd? end, string? log, DateTimeOffset now)
    {
        if ((end?.Log ?? log) is { Length: > 0 } text)
        {
            var isPrevious = end is not null && pod.Text("spec", "restartPolicy") != "Never";
            logs.Set(pod.Namespace()!, pod.Name(), container, isPrevious, RelativeTime.Expand(text, now));
        }
    }

    private PodScript? ScriptOf(IEnumerable<JsonObject> owners)
    {
        lock (_lock)
        {
            return owners
                .Select(owner => _scripts.GetValueOrDefault((owner.Text("kind")!, owner.Namespace() ?? "", owner.Name())))
                .FirstOrDefault(script => script is not null);
        }
    }

    private string? FindNode(JsonObject pod)
    {
        var nodes = store.All("Node");
        // A story need not tell of nodes.
        if (nodes.Count == 0)
            return "node";
        var selector = pod.At("spec", "nodeSelector") as JsonObject ?? [];
        var fitting = nodes
            .Where(node => !node.IsTrue("spec", "unschedulable"))
            .Where(node => selector.All(label => node.Text("metadata", "labels", label.Key) == label.Value?.ToString()))
            .ToList();
        return fitting.Count == 0 ? null : fitting[(int)(store.NextNumber() % fitting.Count)].Name();
    }
}

/// <summary>Who owns whom.</summary>
internal static class Owners
{
    public static JsonObject Reference(JsonObject owner) => new()
    {
        ["apiVersion"] = owner["apiVersion"]?.DeepClone(),
        ["kind"] = owner["kind"]?.DeepClone(),
        ["name"] = owner.Name(),
        ["uid"] = owner.Uid(),
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };

    public static bool Owns(JsonObject owner, JsonObject item) =>
        item.Objects("metadata", "ownerReferences").Any(reference => reference.Text("uid") == owner.Uid());

    /// <summary>The object's controller, if it is still there.</summary>
    public static JsonObject? Controller(ObjectStore store, JsonObject item) =>
        item.Objects("metadata", "ownerReferences").FirstOrDefault(reference => reference.IsTrue("controller")) is { } reference
        && store.Find(reference.Text("kind")!, item.Namespace(), reference.Text("name")!) is { } owner
        && owner.Uid() == reference.Text("uid")
            ? owner
            : null;

    /// <summary>The controller, its controller, and so on.</summary>
    public static IEnumerable<JsonObject> Chain(ObjectStore store, JsonObject item)
    {
        for (var owner = Controller(store, item); owner is not null; owner = Controller(store, owner))
            yield return owner;
    }
}
