using System.Text.Json.Nodes;
using AlertResponder.Enrichment.Gathering.Pods;

namespace AlertResponder.Enrichment.Gathering.Workloads;

/// <summary>One difference between two pod templates.</summary>
/// <param name="What">As the fact <c>changed</c> has it.</param>
/// <param name="Container">Null for the pod as a whole.</param>
/// <param name="From">Of variables the names of those removed; null for nothing, or where values are not told.</param>
/// <param name="To">Of variables the names of those added or set to something else.</param>
/// <param name="Where">Names of the fields, where there are many.</param>
internal sealed record TemplateChange(string What, string? Container, string? From, string? To, string? Where = null)
{
    public const string Variables = "env";
    public const string Rest = "template";
}

/// <summary>The differences between two pod templates. Values of variables may be secrets: they are compared, never told.</summary>
internal static class TemplateChanges
{
    private const string RestartedAt = "kubectl.kubernetes.io/restartedAt";

    private static readonly string[] ContainerLists = ["initContainers", "containers"];
    private static readonly string[] ToldByThemselves = ["name", "image", "command", "args", "env", "envFrom", "resources"];

    public static IReadOnlyList<TemplateChange> Between(JsonObject from, JsonObject to)
    {
        var (before, after) = (Containers(from), Containers(to));
        List<TemplateChange> changes =
        [
            .. after.Keys.Intersect(before.Keys, StringComparer.Ordinal).SelectMany(name => OfContainer(name, before[name], after[name])),
        ];
        string[] rest =
        [
            .. after.Keys.Except(before.Keys, StringComparer.Ordinal).Select(name => $"container {name} added"),
            .. before.Keys.Except(after.Keys, StringComparer.Ordinal).Select(name => $"container {name} removed"),
            .. Differing(from["spec"], to["spec"]).Except(ContainerLists, StringComparer.Ordinal),
            .. Differing(from["metadata"]?["annotations"], to["metadata"]?["annotations"]).Select(name => name == RestartedAt ? "restarted by hand" : $"annotation {name}"),
        ];
        if (rest.Length > 0)
        {
            changes.Add(new TemplateChange(TemplateChange.Rest, null, null, null, string.Join(", ", rest)));
        }

        return changes;
    }

    private static IEnumerable<TemplateChange> OfContainer(string name, JsonObject from, JsonObject to)
    {
        if (Text(from["image"]) != Text(to["image"]))
        {
            yield return new TemplateChange("image", name, Text(from["image"]), Text(to["image"]));
        }

        foreach (var kind in new[] { "limits", "requests" })
        {
            var (before, after) = (from["resources"]?[kind], to["resources"]?[kind]);
            foreach (var resource in Differing(before, after))
            {
                yield return new TemplateChange($"{kind}.{resource}", name, Text(before?[resource]), Text(after?[resource]));
            }
        }

        if (Command(from) != Command(to))
        {
            yield return new TemplateChange("command", name, Command(from), Command(to));
        }

        var (was, now) = (Variables(from), Variables(to));
        var removed = was.Keys.Except(now.Keys, StringComparer.Ordinal).ToArray();
        var set = now.Keys.Where(key => !was.TryGetValue(key, out var value) || value != now[key]).ToArray();
        if (removed.Length + set.Length > 0)
        {
            yield return new TemplateChange(TemplateChange.Variables, name, Names(removed), Names(set));
        }

        var rest = Differing(from, to).Except(ToldByThemselves, StringComparer.Ordinal).ToArray();
        if (rest.Length > 0)
        {
            yield return new TemplateChange(TemplateChange.Rest, name, null, null, string.Join(", ", rest));
        }
    }

    private static Dictionary<string, JsonObject> Containers(JsonObject template) => ContainerLists
        .SelectMany(list => template["spec"]?[list] as JsonArray ?? [])
        .OfType<JsonObject>()
        .DistinctBy(container => Text(container["name"]))
        .ToDictionary(container => Text(container["name"]) ?? "", StringComparer.Ordinal);

    private static string? Command(JsonObject container)
    {
        string?[] words = [.. (container["command"] as JsonArray ?? []).Select(Text), .. (container["args"] as JsonArray ?? []).Select(Text)];
        return words.Length == 0 ? null : CommandText.Of(words);
    }

    // A variable, or all of a ConfigMap or Secret, by name; with what it is set to.
    private static Dictionary<string, string> Variables(JsonObject container) =>
        (container["env"] as JsonArray ?? []).OfType<JsonObject>().Select(variable => (Name: Text(variable["name"]) ?? "", Node: variable))
            .Concat((container["envFrom"] as JsonArray ?? []).OfType<JsonObject>().Select(source => (Name: SourceName(source), Node: source)))
            .GroupBy(variable => variable.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Last().Node.ToJsonString(), StringComparer.Ordinal);

    private static string SourceName(JsonObject source) =>
        source["configMapRef"] is { } configMap ? $"ConfigMap {Text(configMap["name"])}" : $"Secret {Text(source["secretRef"]?["name"])}";

    private static string? Names(string[] names) => names.Length == 0 ? null : string.Join(", ", names);

    private static IEnumerable<string> Differing(JsonNode? from, JsonNode? to)
    {
        var (before, after) = (from as JsonObject ?? [], to as JsonObject ?? []);
        return after.Select(field => field.Key).Union(before.Select(field => field.Key), StringComparer.Ordinal)
            .Where(field => !JsonNode.DeepEquals(before[field], after[field]));
    }

    private static string? Text(JsonNode? node) => node?.ToString();
}
