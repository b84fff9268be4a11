namespace AlertResponder.Analysis;

/// <summary>The kinds of <see cref="Contracts.SuggestedAction"/> that analysis suggests, by their names in the catalogue.</summary>
public static class ActionKinds
{
    /// <summary>Parameters <see cref="Container"/> and <see cref="CurrentLimit"/>; aimed at the workload.</summary>
    public const string IncreaseMemoryLimit = "increase-memory-limit";

    /// <summary>Parameters <see cref="Container"/> and <see cref="CurrentLimit"/>; aimed at the workload.</summary>
    public const string IncreaseCpuLimit = "increase-cpu-limit";

    /// <summary>Parameter <see cref="Architecture"/>; aimed at the workload.</summary>
    public const string PinArchitecture = "pin-architecture";
    public const string RerunJob = "rerun-job";
    public const string DeleteJob = "delete-job";
    public const string SuspendCronJob = "suspend-cronjob";
    public const string RestartWorkload = "restart-workload";
    public const string RollBackWorkload = "roll-back-workload";
    public const string UncordonNode = "uncordon-node";
    public const string CordonNode = "cordon-node";

    /// <summary>Evicts it: what it belongs to makes another.</summary>
    public const string DeletePod = "delete-pod";

    /// <summary>Parameter <see cref="Replicas"/>; aimed at the workload.</summary>
    public const string ScaleWorkload = "scale-workload";

    /// <summary>Parameter <see cref="Container"/>; aimed at the pod.</summary>
    public const string ViewLogs = "view-logs";

    /// <summary>Parameter <see cref="Container"/>; aimed at the pod.</summary>
    public const string ViewPreviousLogs = "view-previous-logs";
    public const string ViewEvents = "view-events";
    public const string Describe = "describe";

    /// <summary>Parameter: the container within the pod or the pod template.</summary>
    public const string Container = "container";

    /// <summary>Parameter: the limit that the evidence shows, such as <c>256Mi</c>.</summary>
    public const string CurrentLimit = "currentLimit";

    /// <summary>Parameter: how many there are to be.</summary>
    public const string Replicas = "replicas";

    /// <summary>Parameter: the value of <c>kubernetes.io/arch</c>, such as <c>arm64</c>.</summary>
    public const string Architecture = "architecture";

    /// <summary>Whether the kind only reads.</summary>
    public static bool IsReadOnly(string kind) => kind is ViewLogs or ViewPreviousLogs or ViewEvents or Describe;
}
