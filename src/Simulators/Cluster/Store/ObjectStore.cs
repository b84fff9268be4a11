using System.Globalization;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster.Api;
using AlertResponder.Simulators.Cluster.Controllers;

namespace AlertResponder.Simulators.Cluster.Store;

/// <summary>One page of a list.</summary>
/// <param name="Items">Copies, in the order of their keys.</param>
/// <param name="ResourceVersion">Of the whole store.</param>
/// <param name="LastKey">Where the next page starts; null on the last.</param>
/// <param name="Remaining">How many follow; null when selectors make that unknown.</param>
internal sealed record ListPage(IReadOnlyList<JsonObject> Items, long ResourceVersion, string? LastKey, int? Remaining);

/// <summary>One thing that happened to an object.</summary>
/// <param name="ResourceVersion">From when on.</param>
/// <param name="What"><c>ADDED</c>, <c>MODIFIED</c> or <c>DELETED</c>.</param>
/// <param name="Type">The object's.</param>
/// <param name="Item">A copy as it was then.</param>
internal sealed record Change(long ResourceVersion, string What, ResourceType Type, JsonObject Item);

/// <summary>The cluster's objects. Hands out and takes copies, so that nobody changes them behind its back.</summary>
internal sealed class ObjectStore(TimeProvider time)
{
    private static readonly string[] MetadataOrder =
    [
        "name", "generateName", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
        "deletionGracePeriodSeconds", "labels", "annotations", "ownerReferences", "finalizers", "managedFields",
    ];

    private static readonly string[] MainParts = ["spec", "status"];

    private readonly Lock _lock = new();
    private readonly Dictionary<(ResourceType Type, string Namespace, string Name), JsonObject> _objects = [];
    private readonly ResourceCatalog _catalog = new();
    private readonly List<Change> _changes = [];
    private TaskCompletionSource _changed = NewSignal();
    private long _resourceVersion = 1000;
    private long _number;

    public IReadOnlyList<ResourceType> Types
    {
        get
        {
            lock (_lock)
                return [.. _catalog.Types];
        }
    }

    /// <summary>Nobody else reads or writes meanwhile.</summary>
    public T Exclusively<T>(Func<T> action)
    {
        lock (_lock)
            return action();
    }

    /// <exception cref="KeyNotFoundException">The catalog lacks it.</exception>
    public ResourceType TypeOf(string kind)
    {
        lock (_lock)
            return _catalog.FindKind(kind) ?? throw new KeyNotFoundException($"There is no kind {kind}.");
    }

    /// <summary>Everything that names this object as an owner.</summary>
    public IReadOnlyList<(ResourceType Type, JsonObject Item)> OwnedBy(JsonObject owner)
    {
        lock (_lock)
            return [.. _objects.Where(entry => Owners.Owns(owner, entry.Value)).Select(entry => (entry.Key.Type, entry.Value.Copy()))];
    }

    /// <summary>Counts up, for names that must differ.</summary>
    public long NextNumber()
    {
        lock (_lock)
            return ++_number;
    }

    public IReadOnlyList<JsonObject> All(string kind, string? ns = null) => List(TypeOf(kind), ns, null, null, null).Items;

    public JsonObject? Find(string kind, string? ns, string name) => Find(TypeOf(kind), ns, name);

    /// <summary>Keeps an object under a new resource version, and gives a new one its identity.</summary>
    /// <returns>A copy of what is kept.</returns>
    public JsonObject Save(ResourceType type, JsonObject item)
    {
        lock (_lock)
        {
            var (ns, name) = (item.Namespace() ?? "", item.Name());
            var isNew = !_objects.ContainsKey((type, ns, name));
            var saved = item.Copy();
            var metadata = saved.Metadata();
            metadata["resourceVersion"] = (++_resourceVersion).ToString(CultureInfo.InvariantCulture);
            // An object that takes the name of one that is gone must not look like it.
            metadata.Default("uid", Uid(type, ns, $"{name}/{_resourceVersion}"));
            metadata.Default("creationTimestamp", RelativeTime.Write(time.GetUtcNow()));
            saved = InOrder(type, saved);
            _objects[(type, ns, name)] = saved;
            Announce(isNew ? "ADDED" : "MODIFIED", type, saved);
            return saved.Copy();
        }
    }

    /// <summary>What changed after a resource version, and what ends when more does.</summary>
    public (IReadOnlyList<Change> Changes, Task More) ChangesAfter(long resourceVersion)
    {
        lock (_lock)
            return ([.. _changes.Where(change => change.ResourceVersion > resourceVersion)], _changed.Task);
    }

    public ResourceType? FindType(string group, string version, string plural)
    {
        lock (_lock)
            return _catalog.Find(group, version, plural);
    }

    public bool IsBuiltInGroup(string group)
    {
        lock (_lock)
            return _catalog.IsBuiltInGroup(group);
    }

    /// <summary>Makes or replaces the objects of the documents.</summary>
    /// <exception cref="FormatException">A document is no object.</exception>
    public void Apply(string yaml) => Apply(YamlDocuments.Read(RelativeTime.Expand(yaml, time.GetUtcNow())), anyKind: false);

    /// <summary>Makes or replaces the objects.</summary>
    /// <param name="documents">The objects.</param>
    /// <param name="anyKind">Whether Kubernetes' own groups may have kinds of which nothing is known here.</param>
    /// <exception cref="FormatException">One is no object.</exception>
    public void Apply(IEnumerable<JsonObject> documents, bool anyKind)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            foreach (var document in documents)
                Put(document, now, anyKind);
        }
    }

    /// <summary>False when there is no such object.</summary>
    public bool Delete(string kind, string? ns, string name)
    {
        lock (_lock)
        {
            if (_catalog.FindKind(kind) is not { } type || !_objects.Remove((type, ns ?? "", name), out var item))
                return false;
            item.Metadata()["resourceVersion"] = (++_resourceVersion).ToString(CultureInfo.InvariantCulture);
            Announce("DELETED", type, item);
            return true;
        }
    }

    public JsonObject? Find(ResourceType type, string? ns, string name)
    {
        lock (_lock)
            return (JsonObject?)_objects.GetValueOrDefault((type, ns ?? "", name))?.DeepClone();
    }

    /// <param name="type">The kind.</param>
    /// <param name="ns">Null for all namespaces.</param>
    /// <param name="matches">The selectors; null to take everything.</param>
    /// <param name="limit">Null or 0 for no limit.</param>
    /// <param name="afterKey">Where the page before ended.</param>
    public ListPage List(ResourceType type, string? ns, Func<JsonObject, bool>? matches, int? limit, string? afterKey)
    {
        lock (_lock)
        {
            var matching = _objects
                .Where(entry => entry.Key.Type == type && (ns is null || entry.Key.Namespace == ns))
                .Select(entry => (Key: ListKey(entry.Key.Namespace, entry.Key.Name, inNamespace: ns is not null), Item: entry.Value))
                .Where(entry => afterKey is null || string.CompareOrdinal(entry.Key, afterKey) > 0)
                .Where(entry => matches?.Invoke(entry.Item) != false)
                .OrderBy(entry => entry.Key, StringComparer.Ordinal)
                .ToList();
            var page = limit is > 0 ? matching.Take(limit.Value).ToList() : matching;
            var remaining = matching.Count - page.Count;
            return new ListPage(
                [.. page.Select(entry => (JsonObject)entry.Item.DeepClone())],
                _resourceVersion,
                remaining > 0 ? page[^1].Key : null,
                remaining > 0 && matches is null ? remaining : null);
        }
    }

    private static string ListKey(string ns, string name, bool inNamespace) => inNamespace || ns.Length == 0 ? name : $"{ns}/{name}";

    private void Put(JsonObject document, DateTimeOffset now, bool anyKind)
    {
        var apiVersion = Required(document, "apiVersion");
        var kind = Required(document, "kind");
        var metadata = document["metadata"] as JsonObject ?? throw new FormatException($"A manifest of kind {kind} has no metadata.");
        var name = metadata["name"]?.GetValue<string>() ?? throw new FormatException($"A manifest of kind {kind} has no metadata.name.");
        if (kind == "CustomResourceDefinition")
            Define(document);
        var type = _catalog.FindKind(apiVersion, kind) ?? Guess(apiVersion, kind, metadata, anyKind);
        var ns = type.Namespaced ? metadata["namespace"]?.GetValue<string>() ?? "default" : "";
        if (type.Namespaced)
            EnsureNamespace(ns, now);

        var key = (type, ns, name);
        var present = _objects.GetValueOrDefault(key);
        var item = Complete(document, type, ns, name, present, now);
        _objects[key] = item;
        Announce(present is null ? "ADDED" : "MODIFIED", type, item);
    }

    private void Announce(string what, ResourceType type, JsonObject item)
    {
        _changes.Add(new Change(_resourceVersion, what, type, item.Copy()));
        _changed.TrySetResult();
        _changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Fields in the order in which an API server writes them.</summary>
    private static JsonObject InOrder(ResourceType type, JsonObject item)
    {
        var given = item.Metadata();
        var metadata = new JsonObject();
        foreach (var field in MetadataOrder.Where(given.ContainsKey))
            metadata[field] = given[field]?.DeepClone();
        CopyRest(given, metadata);
        var ordered = new JsonObject { ["kind"] = type.Kind, ["apiVersion"] = type.ApiVersion, ["metadata"] = metadata };
        foreach (var field in MainParts.Where(item.ContainsKey))
            ordered[field] = item[field]?.DeepClone();
        CopyRest(item, ordered);
        return ordered;
    }

    private JsonObject Complete(JsonObject document, ResourceType type, string ns, string name, JsonObject? present, DateTimeOffset now)
    {
        var given = (JsonObject)document["metadata"]!;
        var before = present?["metadata"] as JsonObject;
        var metadata = new JsonObject { ["name"] = name };
        if (type.Namespaced)
            metadata["namespace"] = ns;
        metadata["uid"] = (given["uid"] ?? before?["uid"])?.DeepClone() ?? Uid(type, ns, name);
        metadata["resourceVersion"] = (++_resourceVersion).ToString(CultureInfo.InvariantCulture);
        metadata["creationTimestamp"] = (given["creationTimestamp"] ?? before?["creationTimestamp"])?.DeepClone()
            ?? RelativeTime.Write(now);
        var complete = new JsonObject { ["kind"] = type.Kind, ["apiVersion"] = type.ApiVersion, ["metadata"] = metadata };
        CopyRest(given, metadata);
        CopyRest(document, complete);
        return complete;
    }

    private static void CopyRest(JsonObject from, JsonObject to)
    {
        foreach (var (key, value) in from)
        {
            if (!to.ContainsKey(key))
                to[key] = value?.DeepClone();
        }
    }

    private static string Required(JsonObject document, string field) =>
        document[field]?.GetValue<string>() ?? throw new FormatException($"A manifest has no {field}.");

    /// <summary>The same object has the same uid in every run: readable in a comparison of two.</summary>
    private static string Uid(ResourceType type, string ns, string name) => Names.Uid($"{type.QualifiedPlural}/{ns}/{name}");

    private void EnsureNamespace(string ns, DateTimeOffset now)
    {
        var type = _catalog.FindKind("v1", "Namespace")!;
        if (_objects.ContainsKey((type, "", ns)))
            return;
        var document = new JsonObject
        {
            ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["kubernetes.io/metadata.name"] = ns } },
            ["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") },
            ["status"] = new JsonObject { ["phase"] = "Active" },
        };
        _objects[(type, "", ns)] = Complete(document, type, "", ns, null, now);
    }

    private void Define(JsonObject definition)
    {
        var spec = definition["spec"] ?? throw new FormatException("A CustomResourceDefinition has no spec.");
        foreach (var version in spec["versions"]!.AsArray())
        {
            _catalog.Add(new ResourceType(
                spec["group"]!.GetValue<string>(),
                version!["name"]!.GetValue<string>(),
                spec["names"]!["plural"]!.GetValue<string>(),
                spec["names"]!["kind"]!.GetValue<string>(),
                spec["scope"]!.GetValue<string>() == "Namespaced",
                [.. spec["names"]!["shortNames"]?.AsArray().Select(name => name!.GetValue<string>()) ?? []]));
        }
    }

    private ResourceType Guess(string apiVersion, string kind, JsonObject metadata, bool anyKind)
    {
        var type = apiVersion.Split('/') switch
        {
            [var group, var version] => ResourceCatalog.Undefined(group, version, kind, metadata.ContainsKey("namespace")),
            ["v1"] when anyKind => ResourceCatalog.Undefined("", "v1", kind, metadata.ContainsKey("namespace")),
            _ => throw new FormatException($"Kubernetes has no kind {kind} in {apiVersion}."),
        };
        if (!anyKind && _catalog.IsBuiltInGroup(type.Group))
            throw new FormatException($"The simulator knows no kind {kind} in {apiVersion}.");
        _catalog.Add(type);
        return _catalog.FindKind(apiVersion, kind)!;
    }
}
