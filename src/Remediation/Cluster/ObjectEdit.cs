using System.Text.Json.Nodes;
using AlertResponder.Contracts;

namespace AlertResponder.Remediation.Cluster;

/// <summary>A field and the value that it has or gets; null for none.</summary>
internal sealed record FieldValue(string Path, JsonNode? Value);

/// <summary>A field's value before and after; null for none.</summary>
internal sealed record FieldEdit(string Path, JsonNode? From, JsonNode? To);

/// <summary>A change of one object under a precondition: what it was made from must still be so.</summary>
/// <param name="Uid">The object's.</param>
/// <param name="Stamp">The proposal that changed the object last; null when none did.</param>
/// <param name="Guards">What must be so beside the fields that change, such as the name of the container at an index.</param>
/// <param name="Edits">The fields that change.</param>
internal sealed record ObjectEdit(string Uid, string? Stamp, IReadOnlyList<FieldValue> Guards, IReadOnlyList<FieldEdit> Edits)
{
    /// <summary>The annotation that says which proposal changed an object last, in the same patch as the change.</summary>
    public const string StampAnnotation = "alert-responder.io/proposal";

    private const string Annotations = "/metadata/annotations";

    private static readonly string StampPath = $"{Annotations}/{JsonPointer.Escape(StampAnnotation)}";

    /// <summary>What the object is stamped with; null when it isn't.</summary>
    public static string? StampOf(JsonObject live) => live.TextAt(StampPath);

    /// <summary>What puts back what was before the proposal that this is the change of.</summary>
    public ObjectEdit Reversed(string stamp) => this with { Stamp = stamp, Edits = [.. Edits.Reverse().Select(edit => new FieldEdit(edit.Path, edit.To, edit.From))] };

    /// <summary>Why the object is not what the change was made from, for people; null when it is.</summary>
    public string? Violation(JsonObject live)
    {
        if (live.TextAt("/metadata/uid") != Uid)
        {
            return "it was deleted and made again";
        }

        if (StampOf(live) != Stamp)
        {
            return "another proposal has changed it";
        }

        var fields = Guards.Concat(Edits.Select(edit => new FieldValue(edit.Path, edit.From)));
        return fields.FirstOrDefault(field => !JsonNode.DeepEquals(live.At(field.Path), field.Value)) is { } changed
            ? $"{ObjectDiff.Name(live, changed.Path)} has changed"
            : null;
    }

    /// <summary>
    /// A JSON patch (RFC 6902) of the object as it was read: refused with 409 when somebody has changed it since. It stamps the object, so
    /// that whoever comes again sees that it is done.
    /// </summary>
    /// <param name="live">As it was read.</param>
    /// <param name="stamp">The proposal's.</param>
    public JsonArray Patch(JsonObject live, string stamp)
    {
        var patch = new JsonArray
        {
            Operation("test", "/metadata/uid", live.At("/metadata/uid")),
            Operation("replace", "/metadata/resourceVersion", live.At("/metadata/resourceVersion")),
        };
        var made = new HashSet<string>(StringComparer.Ordinal);
        foreach (var edit in Edits)
        {
            if (edit.To is null)
            {
                patch.Add(new JsonObject { ["op"] = "remove", ["path"] = edit.Path });
                continue;
            }

            AddParents(patch, live, edit.Path, made);
            patch.Add(Operation("add", edit.Path, edit.To));
        }

        AddParents(patch, live, StampPath, made);
        patch.Add(Operation("add", StampPath, JsonValue.Create(stamp)));
        return patch;
    }

    private static void AddParents(JsonArray patch, JsonObject live, string path, HashSet<string> made)
    {
        var parent = JsonPointer.Parent(path);
        if (parent.Length == 0 || live.At(parent) is not null || made.Contains(parent))
        {
            return;
        }

        AddParents(patch, live, parent, made);
        patch.Add(Operation("add", parent, new JsonObject()));
        made.Add(parent);
    }

    private static JsonObject Operation(string operation, string path, JsonNode? value) =>
        new() { ["op"] = operation, ["path"] = path, ["value"] = value?.DeepClone() };
}
