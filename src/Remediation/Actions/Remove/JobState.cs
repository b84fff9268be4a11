using System.Text.Json.Nodes;
using AlertResponder.Remediation.Cluster;

namespace AlertResponder.Remediation.Actions.Remove;

/// <summary>How a Job stands.</summary>
internal static class JobState
{
    public static bool Is(JsonObject job, string condition) =>
        job.ObjectsAt("/status/conditions").Any(item => item.TextAt("/type") == condition && item.TextAt("/status") == "True");

    public static bool IsOver(JsonObject job) => Is(job, "Complete") || Is(job, "Failed");
}
