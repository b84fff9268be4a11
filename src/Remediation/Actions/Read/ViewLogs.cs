namespace AlertResponder.Remediation.Actions.Read;

/// <summary>The end of the log of a container's present run.</summary>
internal sealed class ViewLogs() : PodLog("view-logs", "Log", previous: false);
