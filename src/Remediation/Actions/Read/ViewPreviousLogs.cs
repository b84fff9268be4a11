namespace AlertResponder.Remediation.Actions.Read;

/// <summary>The end of the log of a container's last run.</summary>
internal sealed class ViewPreviousLogs() : PodLog("view-previous-logs", "Previous log", previous: true);
