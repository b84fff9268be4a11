using System.Text;
using System.Text.Json.Nodes;
using AlertResponder.Redaction;

namespace AlertResponder.Remediation.Cluster;

/// <summary>What a change does to an object, a line for each field: <c>spec.replicas: 2 → 3</c>. Without secrets.</summary>
internal static class ObjectDiff
{
    /// <summary>The longest <see cref="Short"/>.</summary>
    public const int ShortLength = 250;

    private const string Becomes = " → ";
    private const int MostLines = 200;
    private const int LongestValue = 200;
    private const int ShortParts = 3;

    /// <summary>The lines of what differs, but for what the server keeps for itself and our own stamp.</summary>
    public static IReadOnlyList<string> Between(JsonObject before, JsonObject after)
    {
        List<string> lines = [];
        Compare("", Shown(before), Shown(after), lines);
        return lines.Count <= MostLines ? lines : [.. lines.Take(MostLines), $"… and {lines.Count - MostLines} more"];
    }

    /// <summary>The same for a confirm dialog: the ends of the paths, at most <see cref="ShortLength"/> characters.</summary>
    public static string Short(IReadOnlyList<string> lines)
    {
        var text = new StringBuilder();
        foreach (var (index, line) in lines.Index())
        {
            var rest = lines.Count - index - 1;
            var end = rest == 0 ? "" : $"\n… and {rest} more";
            var next = (index == 0 ? "" : "\n") + Shortened(line);
            if (text.Length + next.Length + end.Length > ShortLength)
            {
                var more = $"{(index == 0 ? "" : "\n")}… {(index == 0 ? "" : "and ")}{lines.Count - index} {(index == 0 ? "changes" : "more")}";
                return text.Length + more.Length > ShortLength ? text.ToString() : text.Append(more).ToString();
            }

            text.Append(next);
        }

        return text.ToString();
    }

    /// <summary>The two sides of a whole diff, each with its paths.</summary>
    public static (string Before, string After) Sides(string diff)
    {
        List<string> before = [], after = [];
        foreach (var line in diff.Split('\n'))
        {
            var (colon, arrow) = (line.IndexOf(": ", StringComparison.Ordinal), line.IndexOf(Becomes, StringComparison.Ordinal));
            if (colon < 0 || arrow < colon)
            {
                before.Add(line);
                after.Add(line);
                continue;
            }

            before.Add(line[..arrow]);
            after.Add(line[..(colon + 2)] + line[(arrow + Becomes.Length)..]);
        }

        return (string.Join('\n', before), string.Join('\n', after));
    }

    /// <summary>A path for people: <c>spec.template.spec.containers[web].image</c>.</summary>
    public static string Name(JsonNode? root, string path)
    {
        var name = new StringBuilder();
        foreach (var part in path.Split('/').Skip(1).Select(JsonPointer.Unescape))
        {
            var isIndex = root is JsonArray;
            var next = root.At($"/{JsonPointer.Escape(part)}");
            name.Append(isIndex ? $"[{next.TextAt("/name") ?? part}]" : name.Length == 0 ? part : $".{part}");
            root = next;
        }

        return name.ToString();
    }

    private static JsonObject Shown(JsonObject item)
    {
        var shown = (JsonObject)item.DeepClone();
        shown.Remove("status");
        if (shown["metadata"] is JsonObject metadata)
        {
            foreach (var field in new[] { "managedFields", "resourceVersion", "generation", "creationTimestamp" })
            {
                metadata.Remove(field);
            }

            (metadata["annotations"] as JsonObject)?.Remove(ObjectEdit.StampAnnotation);
            if (metadata["annotations"] is JsonObject { Count: 0 })
            {
                metadata.Remove("annotations");
            }
        }

        return shown;
    }

    private static void Compare(string path, JsonNode? before, JsonNode? after, List<string> lines)
    {
        if (JsonNode.DeepEquals(before, after))
        {
            return;
        }

        if (before is JsonObject or null && after is JsonObject or null)
        {
            var (from, to) = (before as JsonObject ?? [], after as JsonObject ?? []);
            foreach (var field in from.Select(pair => pair.Key).Union(to.Select(pair => pair.Key), StringComparer.Ordinal))
            {
                Compare(path.Length == 0 ? field : $"{path}.{field}", from[field], to[field], lines);
            }
        }
        else if (before is JsonArray or null && after is JsonArray or null && (Named(before, after) ?? Numbered(before, after)) is { } items)
        {
            foreach (var (name, from, to) in items)
            {
                Compare($"{path}[{name}]", from, to, lines);
            }
        }
        else
        {
            lines.Add($"{path}: {Text(path, before)}{Becomes}{Text(path, after)}");
        }
    }

    // Lists of things with names are compared by these, wherever in the list they are.
    private static List<(string Name, JsonNode? From, JsonNode? To)>? Named(JsonNode? before, JsonNode? after)
    {
        var (from, to) = (before as JsonArray ?? [], after as JsonArray ?? []);
        var names = from.Concat(to).Select(item => item.TextAt("/name")).ToList();
        return names.Contains(null) || HasTwice(from) || HasTwice(to)
            ? null
            : [.. names.Distinct(StringComparer.Ordinal).Select(name => (name!, Find(from, name), Find(to, name)))];
    }

    private static List<(string Name, JsonNode? From, JsonNode? To)> Numbered(JsonNode? before, JsonNode? after)
    {
        var (from, to) = (before as JsonArray ?? [], after as JsonArray ?? []);
        return [.. Enumerable.Range(0, Math.Max(from.Count, to.Count)).Select(index => ($"{index}", from.ElementAtOrDefault(index), to.ElementAtOrDefault(index)))];
    }

    private static bool HasTwice(JsonArray list) => list.Select(item => item.TextAt("/name")).Distinct(StringComparer.Ordinal).Count() < list.Count;

    private static JsonNode? Find(JsonArray list, string? name) => list.FirstOrDefault(item => item.TextAt("/name") == name);

    private static string Text(string path, JsonNode? value)
    {
        if (value is null)
        {
            return "none";
        }

        // Of environment variables that have changed the values are nobody's business.
        if (path.Contains(".env[", StringComparison.Ordinal) && path.EndsWith(".value", StringComparison.Ordinal))
        {
            return "(not shown)";
        }

        var text = Redactor.Redact(path[(path.LastIndexOf('.') + 1)..], value is JsonValue ? value.ToString() : value.ToJsonString()).ReplaceLineEndings(" ");
        return BoundedText.Cut(text, LongestValue);
    }

    private static string Shortened(string line)
    {
        var colon = line.IndexOf(": ", StringComparison.Ordinal);
        var parts = line[..colon].Split('.');
        return parts.Length <= ShortParts ? line : $"…{string.Join('.', parts[^ShortParts..])}{line[colon..]}";
    }
}
