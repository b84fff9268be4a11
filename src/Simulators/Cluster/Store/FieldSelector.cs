using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AlertResponder.Simulators.Cluster.Store;

/// <summary>A <c>fieldSelector</c>, with only the fields that a real API server can select by.</summary>
internal sealed partial class FieldSelector
{
    private static readonly string[] FieldsOfAll = ["metadata.name", "metadata.namespace"];

    private static readonly Dictionary<string, string[]> FieldsOfKind = new(StringComparer.Ordinal)
    {
        ["Pod"] =
        [
            "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork",
            "status.phase", "status.podIP", "status.nominatedNodeName",
        ],
        ["Event"] =
        [
            "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion",
            "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason", "reportingComponent", "source", "type",
        ],
        ["Node"] = ["spec.unschedulable"],
        ["Namespace"] = ["status.phase"],
        ["Secret"] = ["type"],
        ["Job"] = ["status.successful"],
        ["ReplicaSet"] = ["status.replicas"],
        ["ReplicationController"] = ["status.replicas"],
    };

    private readonly List<Requirement> _requirements;

    private FieldSelector(List<Requirement> requirements) => _requirements = requirements;

    /// <exception cref="FormatException">It is none, or names a field that this kind can't be selected by.</exception>
    public static FieldSelector Parse(string? text, string kind) => new(
        [.. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(part => ParseRequirement(part, kind))]);

    public bool Matches(JsonObject item) => _requirements.TrueForAll(requirement => requirement.Matches(item));

    private static Requirement ParseRequirement(string text, string kind)
    {
        var match = Comparison().Match(text);
        if (!match.Success)
            throw new FormatException($"invalid selector: '{text}'; can't understand '{text}'");
        var field = match.Groups["field"].Value;
        return FieldsOfAll.Concat(FieldsOfKind.GetValueOrDefault(kind, [])).Contains(field, StringComparer.Ordinal)
            ? new Requirement(field, match.Groups["operator"].Value == "!=", match.Groups["value"].Value)
            : throw new FormatException($"field label not supported: {field}");
    }

    private sealed record Requirement(string Field, bool Negated, string Value)
    {
        public bool Matches(JsonObject item) => (Read(item) == Value) != Negated;

        private string Read(JsonObject item) => Field switch
        {
            // Not a path of the object: an event's source is its component, by either of the two names that it has had.
            "source" => Text(item, "source.component") is { Length: > 0 } component ? component : Text(item, "reportingComponent"),
            "status.successful" => Text(item, "status.succeeded") is { Length: > 0 } succeeded ? succeeded : "0",
            "spec.unschedulable" or "spec.hostNetwork" => Text(item, Field) is { Length: > 0 } boolean ? boolean : "false",
            _ => Text(item, Field),
        };

        private static string Text(JsonObject item, string path)
        {
            JsonNode? node = item;
            foreach (var part in path.Split('.'))
                node = (node as JsonObject)?[part];
            return node?.ToString() is { } text ? (text is "True" or "False" ? text.ToLowerInvariant() : text) : "";
        }
    }

    [GeneratedRegex(@"^(?<field>[\w.]+)(?<operator>==|=|!=)(?<value>.*)$", RegexOptions.None, 1000)]
    private static partial Regex Comparison();
}
