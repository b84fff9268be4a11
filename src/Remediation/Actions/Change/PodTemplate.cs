using System.Text.Json.Nodes;
using AlertResponder.Remediation.Cluster;

namespace AlertResponder.Remediation.Actions.Change;

/// <summary>Where workloads have the template of their pods.</summary>
internal static class PodTemplate
{
    /// <summary>The path below which a CronJob has what its Jobs get.</summary>
    public const string JobSpec = "/spec/jobTemplate/spec";

    /// <summary>The kinds whose template can be changed; a Job's cannot.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["Deployment", "StatefulSet", "DaemonSet", "CronJob"];

    /// <summary>Those that roll a changed template out.</summary>
    public static readonly IReadOnlyList<string> RolledOut = ["Deployment", "StatefulSet", "DaemonSet"];

    public static string PathOf(string kind) => kind == "CronJob" ? $"{JobSpec}/template" : "/spec/template";

    /// <summary>The path of the container or init container with this name; null when there is none.</summary>
    public static string? PathOfContainer(JsonObject live, string kind, string name)
    {
        foreach (var list in new[] { "containers", "initContainers" })
        {
            var path = $"{PathOf(kind)}/spec/{list}";
            var index = live.ObjectsAt(path).ToList().FindIndex(container => container.TextAt("/name") == name);
            if (index >= 0)
            {
                return $"{path}/{index}";
            }
        }

        return null;
    }
}
