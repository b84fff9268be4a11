using System.Text.Json.Nodes;

namespace AlertResponder.Simulators.Cluster.Store;

/// <summary>
/// Sets of an object's fields, as <c>managedFields</c> has them (FieldsV1). A path is its elements (<c>f:spec</c>,
/// <c>k:{"name":"web"}</c>) with a newline between.
/// </summary>
internal static class FieldSets
{
    private const char Separator = '\n';

    // What only the server sets, and what names the object, is nobody's.
    private static readonly HashSet<string> Nobodys = new(StringComparer.Ordinal)
    {
        "f:kind", "f:apiVersion", "f:metadata\nf:name", "f:metadata\nf:namespace", "f:metadata\nf:uid", "f:metadata\nf:resourceVersion",
        "f:metadata\nf:generation", "f:metadata\nf:creationTimestamp", "f:metadata\nf:managedFields", "f:metadata\nf:deletionTimestamp",
        "f:metadata\nf:deletionGracePeriodSeconds",
    };

    // Parts that are always there, so that their presence is nobody's either.
    private static readonly HashSet<string> Structure =
        new(StringComparer.Ordinal) { "metadata", "spec", "status", "template", "jobTemplate", "strategy" };

    /// <summary>All fields with their values; of a map or a keyed item the value is null, because only its presence counts.</summary>
    public static Dictionary<string, JsonNode?> Of(JsonObject item)
    {
        var fields = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        AddMembers(fields, item, "");
        return fields;
    }

    public static HashSet<string> Read(JsonObject? fieldsV1)
    {
        var fields = new HashSet<string>(StringComparer.Ordinal);
        Read(fields, fieldsV1 ?? [], "");
        return fields;
    }

    public static JsonObject Write(IEnumerable<string> fields)
    {
        var root = new JsonObject();
        foreach (var field in fields.Order(StringComparer.Ordinal))
        {
            var node = root;
            foreach (var element in field.Split(Separator))
                node = node.Within(element);
            node["."] = new JsonObject();
        }

        Simplify(root);
        return root;
    }

    /// <summary>As in messages: <c>.spec.template.spec.containers[name="web"].image</c>.</summary>
    public static string Describe(string field) => string.Concat(field.Split(Separator).Select(element => element[0] == 'f'
        ? $".{element[2..]}"
        : $"[{string.Join(',', JsonNode.Parse(element[2..])!.AsObject().Select(key => $"{key.Key}={key.Value!.ToJsonString()}"))}]"));

    /// <summary>Takes the field out of an object.</summary>
    public static void Remove(JsonObject item, string field)
    {
        var elements = field.Split(Separator);
        JsonNode? node = item;
        foreach (var element in elements.SkipLast(1))
            node = Child(node, element);
        switch (node)
        {
            case JsonObject map:
                map.Remove(elements[^1][2..]);
                break;
            case JsonArray list when Child(list, elements[^1]) is { } child:
                list.Remove(child);
                break;
        }
    }

    private static JsonNode? Child(JsonNode? node, string element) => node switch
    {
        JsonObject map => map[element[2..]],
        JsonArray list => list.FirstOrDefault(item => JsonNode.Parse(element[2..])!.AsObject().All(key => JsonNode.DeepEquals(item?[key.Key], key.Value))),
        _ => null,
    };

    private static void AddMembers(Dictionary<string, JsonNode?> fields, JsonObject item, string prefix)
    {
        foreach (var (name, value) in item)
            Add(fields, name, value, $"{prefix}f:{name}");
    }

    private static void Add(Dictionary<string, JsonNode?> fields, string name, JsonNode? value, string path)
    {
        if (value is null || Nobodys.Contains(path))
            return;
        if (value is JsonObject { Count: > 0 } map && name != "selector")
        {
            if (!Structure.Contains(name))
                fields[path] = null;
            AddMembers(fields, map, path + Separator);
        }
        else if (value is JsonArray { Count: > 0 } list && MergeKeys.Of(name, list) is { } key && list.All(item => item is JsonObject keyed && keyed.ContainsKey(key)))
        {
            fields[path] = null;
            foreach (var item in list.Cast<JsonObject>())
            {
                var itemPath = $"{path}{Separator}k:{{\"{key}\":{item[key]!.ToJsonString()}}}";
                fields[itemPath] = null;
                AddMembers(fields, item, itemPath + Separator);
            }
        }
        else if (value is not JsonObject { Count: 0 } || !Structure.Contains(name))
        {
            fields[path] = value;
        }
    }

    private static void Read(HashSet<string> fields, JsonObject node, string prefix)
    {
        foreach (var (element, value) in node)
        {
            if (element == ".")
                fields.Add(prefix.TrimEnd(Separator));
            else if (value is JsonObject { Count: > 0 } deeper)
                Read(fields, deeper, prefix + element + Separator);
            else
                fields.Add(prefix + element);
        }
    }

    /// <summary>A field that is in the set and has no members below is written as an empty object.</summary>
    private static void Simplify(JsonObject node)
    {
        if (node is { Count: 1 } && node.ContainsKey("."))
        {
            node.Clear();
            return;
        }

        foreach (var (element, value) in node)
        {
            if (element != ".")
                Simplify((JsonObject)value!);
        }
    }
}
