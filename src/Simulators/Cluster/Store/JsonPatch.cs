using System.Globalization;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster.Api;

namespace AlertResponder.Simulators.Cluster.Store;

/// <summary>RFC 6902, in the API server's words where it fails.</summary>
internal static class JsonPatch
{
    /// <exception cref="RejectedException">400: the body is no JSON patch; 422: a test fails, or a path leads nowhere.</exception>
    public static JsonObject Apply(JsonObject item, string body)
    {
        if (Patches.Decode(body) is not JsonArray operations)
        {
            throw new RejectedException(Status.BadRequest(
                "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp") with
            {
                Unexpected = "a JSON patch is a list of operations",
            });
        }

        JsonNode? patched = item.Copy();
        foreach (var operation in operations)
            patched = Apply(patched, operation as JsonObject ?? throw Failed());
        return patched as JsonObject ?? throw Failed();
    }

    private static JsonNode? Apply(JsonNode? root, JsonObject operation)
    {
        var path = Parse(operation.Text("path"));
        switch (operation.Text("op"))
        {
            case "test":
                return JsonNode.DeepEquals(Read(root, path), operation["value"]) ? root : throw Failed();
            case "add":
                return Add(root, path, operation["value"]?.DeepClone());
            case "replace":
                Read(root, path);
                return Add(Remove(root, path), path, operation["value"]?.DeepClone());
            case "remove":
                return Remove(root, path);
            case "copy":
                return Add(root, path, Read(root, Parse(operation.Text("from")))?.DeepClone());
            case "move":
                var from = Parse(operation.Text("from"));
                var moved = Read(root, from)?.DeepClone();
                return Add(Remove(root, from), path, moved);
            default:
                throw Failed();
        }
    }

    private static string[] Parse(string? pointer) => pointer switch
    {
        null => throw Failed(),
        "" => [],
        _ when pointer[0] != '/' => throw Failed(),
        _ => [.. pointer[1..].Split('/').Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))],
    };

    private static JsonNode? Read(JsonNode? node, ReadOnlySpan<string> path)
    {
        foreach (var part in path)
        {
            node = node switch
            {
                JsonObject map when map.TryGetPropertyValue(part, out var value) => value,
                JsonArray list when Index(part, list.Count - 1) is { } index => list[index],
                _ => throw Failed(),
            };
        }

        return node;
    }

    private static JsonNode? Add(JsonNode? root, ReadOnlySpan<string> path, JsonNode? value)
    {
        if (path.IsEmpty)
            return value;
        switch (Read(root, path[..^1]))
        {
            case JsonObject map:
                map[path[^1]] = value;
                break;
            case JsonArray list when path[^1] == "-":
                list.Add(value);
                break;
            case JsonArray list:
                list.Insert(Index(path[^1], list.Count) ?? throw Failed(), value);
                break;
            default:
                throw Failed();
        }

        return root;
    }

    private static JsonNode? Remove(JsonNode? root, ReadOnlySpan<string> path)
    {
        if (path.IsEmpty)
            return null;
        switch (Read(root, path[..^1]))
        {
            case JsonObject map when map.Remove(path[^1]):
                break;
            case JsonArray list when Index(path[^1], list.Count - 1) is { } index:
                list.RemoveAt(index);
                break;
            default:
                throw Failed();
        }

        return root;
    }

    private static int? Index(string part, int last) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= last ? index : null;

    private static RejectedException Failed() => new(Status.Failure(
        422,
        "Invalid",
        "the server rejected our request due to an error in our request",
        []));
}
