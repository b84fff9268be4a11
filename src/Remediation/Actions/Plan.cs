using System.Text.Json.Nodes;
using AlertResponder.Remediation.Cluster;

namespace AlertResponder.Remediation.Actions;

/// <summary>What would be changed in an object; or why nothing is.</summary>
internal sealed record Plan(string Title, IReadOnlyList<FieldEdit> Edits)
{
    public IReadOnlyList<FieldValue> Guards { get; init; } = [];

    /// <summary>Worked out or checked by the action.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public string? Refusal { get; private init; }

    public static Plan Not(string why) => new("", []) { Refusal = why };

    /// <summary>One field.</summary>
    public static Plan Set(string title, JsonObject live, string path, JsonNode? to) => new(title, [new FieldEdit(path, live.At(path)?.DeepClone(), to)]);
}
