using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster.Api;

namespace AlertResponder.Simulators.Cluster.Store;

/// <summary>Who wrote which field last, as <c>metadata.managedFields</c> says it.</summary>
internal static class ManagedFields
{
    /// <summary>Records a write. What it changed is the writer's from now on.</summary>
    /// <param name="before">Null for a new object.</param>
    /// <param name="after">Gets the managers of <paramref name="before"/> and the writer.</param>
    /// <param name="writer">Who writes, and where.</param>
    /// <param name="now">When.</param>
    public static void Record(JsonObject? before, JsonObject after, FieldManager writer, DateTimeOffset now)
    {
        var (old, present) = (FieldSets.Of(before ?? []), FieldSets.Of(after));
        var changed = present.Where(field => !old.TryGetValue(field.Key, out var value) || !JsonNode.DeepEquals(value, field.Value))
            .Select(field => field.Key)
            .ToHashSet(StringComparer.Ordinal);
        var entries = Entries(before);
        foreach (var entry in entries)
            entry.Fields.RemoveWhere(field => changed.Contains(field) || (old.ContainsKey(field) && !present.ContainsKey(field)));
        if (changed.Count > 0)
            Own(entries, writer, now).Fields.UnionWith(changed);
        Write(after, entries);
    }

    /// <summary>Merges a document that its manager stands for: server-side apply.</summary>
    /// <exception cref="RejectedException">409: another manager has set one of its fields to another value.</exception>
    public static JsonObject Apply(JsonObject? live, JsonObject document, FieldManager manager, bool force, DateTimeOffset now)
    {
        var (wanted, present) = (FieldSets.Of(document), FieldSets.Of(live ?? []));
        var entries = Entries(live);
        var conflicts = entries
            .Where(entry => entry.Manager != manager)
            .SelectMany(entry => entry.Fields.Select(field => (entry.Manager, Field: field)))
            .Where(owned => wanted.TryGetValue(owned.Field, out var value)
                && present.TryGetValue(owned.Field, out var current)
                && !JsonNode.DeepEquals(value, current))
            .ToList();
        if (conflicts.Count > 0 && !force)
            throw new RejectedException(Conflict(conflicts));

        foreach (var (owner, field) in conflicts)
            entries.Single(entry => entry.Manager == owner).Fields.Remove(field);
        var own = Own(entries, manager, now);
        var givenUp = own.Fields.Where(field => !wanted.ContainsKey(field) && !entries.Exists(entry => entry != own && entry.Fields.Contains(field)));
        var merged = Patches.StrategicMerge(live ?? [], document);
        // Members before the maps that hold them.
        foreach (var field in givenUp.OrderByDescending(field => field.Length))
            FieldSets.Remove(merged, field);
        own.Fields.Clear();
        own.Fields.UnionWith(wanted.Keys);
        Write(merged, entries);
        return merged;
    }

    private static List<Entry> Entries(JsonObject? item) =>
    [
        .. item.Objects("metadata", "managedFields").Select(entry => new Entry(
            new FieldManager(
                entry.Text("manager") ?? "",
                entry.Text("operation") ?? "",
                entry.Text("apiVersion") ?? "",
                entry.Text("subresource")),
            FieldSets.Read(entry["fieldsV1"] as JsonObject))
        {
            Time = entry.Text("time"),
        }),
    ];

    private static Entry Own(List<Entry> entries, FieldManager manager, DateTimeOffset now)
    {
        var own = entries.Find(entry => entry.Manager == manager);
        if (own is null)
        {
            own = new Entry(manager, new HashSet<string>(StringComparer.Ordinal));
            entries.Add(own);
        }

        own.Time = RelativeTime.Write(now);
        return own;
    }

    private static void Write(JsonObject item, List<Entry> entries)
    {
        var written = entries.Where(entry => entry.Fields.Count > 0).Select(entry => entry.ToJson()).ToArray<JsonNode>();
        if (written.Length == 0)
            item.Metadata().Remove("managedFields");
        else
            item.Metadata()["managedFields"] = new JsonArray(written);
    }

    private static Traffic.Answer Conflict(List<(FieldManager Manager, string Field)> conflicts)
    {
        var lines = conflicts.GroupBy(conflict => conflict.Manager, (manager, owned) => (manager, Fields: owned.Select(one => FieldSets.Describe(one.Field)).ToList()))
            .Select(group => group.Fields is [var only]
                ? $"conflict with \"{group.manager.Name}\" using {group.manager.ApiVersion}: {only}"
                : $"conflicts with \"{group.manager.Name}\" using {group.manager.ApiVersion}:{string.Concat(group.Fields.Select(field => $"\n- {field}"))}");
        return Status.Failure(
            409,
            "Conflict",
            $"Apply failed with {conflicts.Count} conflict{(conflicts.Count == 1 ? "" : "s")}: {string.Join('\n', lines)}",
            new JsonObject
            {
                ["causes"] = new JsonArray([.. conflicts.Select(conflict => new JsonObject
                {
                    ["reason"] = "FieldManagerConflict",
                    ["message"] = $"conflict with \"{conflict.Manager.Name}\" using {conflict.Manager.ApiVersion}",
                    ["field"] = FieldSets.Describe(conflict.Field),
                })]),
            });
    }

    private sealed class Entry(FieldManager manager, HashSet<string> fields)
    {
        public FieldManager Manager { get; } = manager;

        public HashSet<string> Fields { get; } = fields;

        public string? Time { get; set; }

        public JsonObject ToJson()
        {
            var json = new JsonObject
            {
                ["manager"] = Manager.Name,
                ["operation"] = Manager.Operation,
                ["apiVersion"] = Manager.ApiVersion,
                ["time"] = Time,
                ["fieldsType"] = "FieldsV1",
                ["fieldsV1"] = FieldSets.Write(Fields),
            };
            if (Manager.Subresource is not null)
                json["subresource"] = Manager.Subresource;
            return json;
        }
    }
}

/// <summary>Who writes.</summary>
/// <param name="Name">As the client names itself.</param>
/// <param name="Operation"><c>Update</c> or <c>Apply</c>.</param>
/// <param name="ApiVersion">Of the kind as it was written.</param>
/// <param name="Subresource">Null for the object itself.</param>
internal sealed record FieldManager(string Name, string Operation, string ApiVersion, string? Subresource);
