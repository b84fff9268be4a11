using System.Globalization;
using System.Text.Json.Nodes;

namespace AlertResponder.Remediation.Cluster;

/// <summary>Fields by their paths (RFC 6901): <c>/spec/template/spec/containers/0/resources</c>.</summary>
internal static class JsonPointer
{
    /// <summary>The value there; null where there is none.</summary>
    public static JsonNode? At(this JsonNode? root, string path)
    {
        foreach (var part in path.Split('/').Skip(1).Select(Unescape))
        {
            root = root switch
            {
                JsonObject map => map[part],
                JsonArray list when int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Count => list[index],
                _ => null,
            };
        }

        return root;
    }

    /// <summary>The text there; null where there is none.</summary>
    public static string? TextAt(this JsonNode? root, string path) => root.At(path) is JsonValue value ? value.ToString() : null;

    /// <summary>The whole number there; null where there is none.</summary>
    public static int? NumberAt(this JsonNode? root, string path) =>
        int.TryParse(root.TextAt(path), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static bool IsTrueAt(this JsonNode? root, string path) => root.TextAt(path) == "true";

    /// <summary>The objects of the list there; none where there is none.</summary>
    public static IEnumerable<JsonObject> ObjectsAt(this JsonNode? root, string path) => (root.At(path) as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>The path of what surrounds it.</summary>
    public static string Parent(string path) => path[..path.LastIndexOf('/')];

    public static string Escape(string part) => part.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    public static string Unescape(string part) => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
