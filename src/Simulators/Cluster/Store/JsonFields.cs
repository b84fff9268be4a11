using System.Globalization;
using System.Text.Json.Nodes;

namespace AlertResponder.Simulators.Cluster.Store;

/// <summary>Reading the fields of objects that may lack any of them.</summary>
internal static class JsonFields
{
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var field in path)
            node = (node as JsonObject)?[field];
        return node;
    }

    public static string? Text(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path)?.ToString();

    /// <summary>Whatever number type the value was made from.</summary>
    public static int? Number(this JsonNode? node, params ReadOnlySpan<string> path) =>
        int.TryParse(node.Text(path), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static bool IsTrue(this JsonNode? node, params ReadOnlySpan<string> path) =>
        bool.TryParse(node.Text(path), out var value) && value;

    public static IEnumerable<JsonObject> Objects(this JsonNode? node, params ReadOnlySpan<string> path) =>
        (node.At(path) as JsonArray)?.OfType<JsonObject>() ?? [];

    public static IEnumerable<string> Texts(this JsonNode? node, params ReadOnlySpan<string> path) =>
        (node.At(path) as JsonArray)?.Select(item => item?.ToString() ?? "") ?? [];

    /// <summary>The object at a field; made if there is none.</summary>
    public static JsonObject Within(this JsonObject item, string field)
    {
        if (item[field] is JsonObject present)
            return present;
        var made = new JsonObject();
        item[field] = made;
        return made;
    }

    public static JsonObject Metadata(this JsonObject item) => item.Within("metadata");

    public static string Name(this JsonObject item) => item.Text("metadata", "name") ?? "";

    public static string? Namespace(this JsonObject item) => item.Text("metadata", "namespace");

    public static string Uid(this JsonObject item) => item.Text("metadata", "uid") ?? "";

    public static JsonObject Copy(this JsonObject item) => (JsonObject)item.DeepClone();

    /// <summary>Sets a field only where there is none.</summary>
    public static void Default(this JsonObject item, string field, JsonNode value)
    {
        if (!item.ContainsKey(field))
            item[field] = value;
    }

    public static void SetOrRemove(this JsonObject item, string field, JsonNode? value)
    {
        if (value is null)
            item.Remove(field);
        else
            item[field] = value.DeepClone();
    }
}
