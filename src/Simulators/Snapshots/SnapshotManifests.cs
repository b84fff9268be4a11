using System.Text.Json;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Cluster.Api;
using AlertResponder.Simulators.Cluster.Store;
using YamlDotNet.Core;

namespace AlertResponder.Simulators.Snapshots;

/// <summary>Manifests as objects of the API versions that the cluster serves.</summary>
internal static class SnapshotManifests
{
    /// <exception cref="FormatException">One cannot be read; the message names the file and the line.</exception>
    public static List<JsonObject> Read(IEnumerable<SnapshotFile> files, DateTimeOffset now)
    {
        var catalog = new ResourceCatalog();
        List<JsonObject> objects = [];
        foreach (var file in files)
        {
            foreach (var (document, line) in Documents(file, now))
                objects.AddRange(Unfold(document, file.Name, line).Select(item => Served(item, catalog)));
        }

        return objects;
    }

    private static IReadOnlyList<(JsonObject Document, long Line)> Documents(SnapshotFile file, DateTimeOffset now)
    {
        try
        {
            var text = RelativeTime.Expand(file.Text, now);
            return file.Name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
                ? Flat(JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip }), file.Name)
                : [.. YamlDocuments.ReadLocated(text)];
        }
        catch (YamlException e)
        {
            throw new FormatException($"{file.Name}({e.Start.Line}): {e.InnerException?.Message ?? e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new FormatException($"{file.Name}({e.LineNumber + 1}): {e.Message}", e);
        }
        catch (FormatException e)
        {
            throw new FormatException($"{file.Name}: {e.Message}", e);
        }
    }

    private static IReadOnlyList<(JsonObject, long)> Flat(JsonNode? root, string name) => root switch
    {
        JsonObject document => [(document, 1)],
        JsonArray documents => [.. documents.OfType<JsonObject>().Select(document => ((JsonObject)document.DeepClone(), 1L))],
        _ => throw new FormatException($"{name}: there is no object in it."),
    };

    /// <summary>A list of any kind counts as its items, which may leave their kind to it.</summary>
    private static IEnumerable<JsonObject> Unfold(JsonObject document, string file, long line)
    {
        var kind = document.Text("kind");
        if (document["items"] is JsonArray items && (kind is null || kind.EndsWith("List", StringComparison.Ordinal)))
        {
            foreach (var item in items.OfType<JsonObject>().Select(item => item.Copy()))
            {
                if (kind is { Length: > 4 })
                {
                    item.Default("kind", kind[..^4]);
                    item.Default("apiVersion", document.Text("apiVersion") ?? "v1");
                }

                yield return Checked(item, file, line);
            }

            yield break;
        }

        yield return Checked(document, file, line);
    }

    private static JsonObject Checked(JsonObject item, string file, long line)
    {
        var missing = item.Text("kind") is null ? "kind" : item.Text("apiVersion") is null ? "apiVersion" : item.Text("metadata", "name") is null ? "metadata.name" : null;
        return missing is null ? item : throw new FormatException($"{file}({line}): the {item.Text("kind") ?? "object"} that begins here has no {missing}.");
    }

    /// <summary>Kinds move between versions: what is written in an older one is served in the present one.</summary>
    private static JsonObject Served(JsonObject item, ResourceCatalog catalog)
    {
        if (item.Text("kind") == "Event" && item.Text("apiVersion")!.StartsWith("events.k8s.io/", StringComparison.Ordinal))
            return CoreEvent(item);
        if (catalog.FindKind(item.Text("apiVersion")!, item.Text("kind")!) is null
            && catalog.FindKind(item.Text("kind")!) is { } type && IsSameGroup(item.Text("apiVersion")!, type))
        {
            item["apiVersion"] = type.ApiVersion;
        }

        return item;
    }

    private static bool IsSameGroup(string apiVersion, ResourceType type)
    {
        var group = apiVersion.Contains('/', StringComparison.Ordinal) ? apiVersion[..apiVersion.IndexOf('/', StringComparison.Ordinal)] : "";
        return group == type.Group || group == "extensions";
    }

    private static JsonObject CoreEvent(JsonObject item)
    {
        item["apiVersion"] = "v1";
        Move(item, "note", "message");
        Move(item, "regarding", "involvedObject");
        Move(item, "deprecatedCount", "count");
        Move(item, "deprecatedFirstTimestamp", "firstTimestamp");
        Move(item, "deprecatedLastTimestamp", "lastTimestamp");
        return item;
    }

    private static void Move(JsonObject item, string from, string to)
    {
        if (item.ContainsKey(to) || item[from] is not { } value)
            return;
        item.Remove(from);
        item[to] = value;
    }
}
