using System.Text;
using System.Text.Json.Nodes;
using AlertResponder.Contracts;
using AlertResponder.Redaction;
using AlertResponder.Remediation.Cluster;

namespace AlertResponder.Remediation.Actions.Read;

/// <summary>An object as YAML, without the values of environment variables and what only machines read.</summary>
internal sealed class Describe() : Reading("describe")
{
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>What can be described.</summary>
    public static readonly IReadOnlyList<string> Kinds =
    [
        "Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Node", "PersistentVolumeClaim", "HorizontalPodAutoscaler", "PodDisruptionBudget",
        "Certificate",
    ];

    public override IReadOnlyList<string> TargetKinds => Kinds;

    public override IReadOnlyList<ActionPermission> Permissions(string targetKind) => [ObjectType.Of(targetKind).May("get")];

    /// <summary>Pure.</summary>
    public static string Text(JsonObject item)
    {
        var shown = (JsonObject)item.DeepClone();
        (shown["metadata"] as JsonObject)?.Remove("managedFields");
        (shown.At("/metadata/annotations") as JsonObject)?.Remove(LastApplied);
        var text = new StringBuilder();
        Write(text, shown, "", "", isVariable: false);
        return ReplyText.Head(text.ToString());
    }

    protected override string Title(ObjectReference target, string? container) => $"Description of {target with { Container = null, Uid = null }}";

    protected override async Task<string> ReadAsync(ObjectReference target, string? container, ClusterObjects cluster, CancellationToken cancellationToken) =>
        await cluster.ReadAsync(target, cancellationToken) is { } live ? Text(live) : $"{target with { Uid = null }} does not exist";

    private static void Write(StringBuilder text, JsonObject item, string indent, string first, bool isVariable)
    {
        var prefix = first.Length > 0 ? first : indent;
        foreach (var (name, value) in item)
        {
            var isValue = isVariable && name == "value";
            Write(text, prefix, indent, name, isValue ? JsonValue.Create(Redactor.Mark) : value);
            prefix = indent;
        }
    }

    private static void Write(StringBuilder text, string prefix, string indent, string name, JsonNode? value)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } map:
                text.Append(prefix).Append(name).Append(":\n");
                Write(text, map, indent + "  ", "", isVariable: false);
                break;
            case JsonArray { Count: > 0 } list:
                text.Append(prefix).Append(name).Append(":\n");
                foreach (var element in list)
                {
                    if (element is JsonObject { Count: > 0 } map)
                    {
                        Write(text, map, indent + "  ", indent + "- ", isVariable: name == "env");
                    }
                    else
                    {
                        text.Append(indent).Append("- ").Append(Scalar(name, element)).Append('\n');
                    }
                }

                break;
            default:
                text.Append(prefix).Append(name).Append(": ").Append(Scalar(name, value)).Append('\n');
                break;
        }
    }

    private static string Scalar(string name, JsonNode? value) => value switch
    {
        null => "",
        JsonValue => Redactor.Redact(name, value.ToString()).ReplaceLineEndings("\\n"),
        _ => value.ToJsonString(),
    };
}
