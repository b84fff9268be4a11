namespace AlertResponder.Contracts;

/// <summary>
/// Keys of <see cref="Evidence.Facts"/>. Values are strings as Kubernetes writes them: quantities such as <c>256Mi</c>,
/// integers in decimal, <c>true</c>/<c>false</c>, times in ISO 8601 UTC.
/// </summary>
public static class FactNames
{
    // Container
    public const string Image = "image";
    /// <summary><c>waiting</c>, <c>running</c> or <c>terminated</c>.</summary>
    public const string State = "state";
    /// <summary>Reason of the present state, condition or event.</summary>
    public const string Reason = "reason";
    /// <summary>Message of the present state, condition or event.</summary>
    public const string Message = "message";
    public const string ExitCode = "exitCode";
    public const string LastReason = "lastState.reason";
    public const string LastMessage = "lastState.message";
    public const string LastExitCode = "lastState.exitCode";
    public const string LastStartedAt = "lastState.startedAt";
    public const string LastFinishedAt = "lastState.finishedAt";
    public const string RestartCount = "restartCount";
    public const string Ready = "ready";
    /// <summary><c>true</c> for an init container.</summary>
    public const string Init = "init";
    public const string MemoryLimit = "limits.memory";
    public const string MemoryRequest = "requests.memory";
    public const string CpuLimit = "limits.cpu";
    public const string CpuRequest = "requests.cpu";

    // Pod
    public const string Phase = "phase";
    public const string Node = "node";
    public const string RestartPolicy = "restartPolicy";
    /// <summary><c>true</c> or <c>false</c>: the PodScheduled condition; with <see cref="Reason"/> and <see cref="Message"/> when false.</summary>
    public const string Scheduled = "scheduled";

    // Event
    /// <summary><c>Normal</c> or <c>Warning</c>.</summary>
    public const string Type = "type";
    public const string Count = "count";

    // Owner
    /// <summary>Replicas wanted: Deployment, ReplicaSet, StatefulSet, DaemonSet.</summary>
    public const string Desired = "desired";
    public const string ReadyReplicas = "readyReplicas";
    public const string UpdatedReplicas = "updatedReplicas";
    public const string AvailableReplicas = "availableReplicas";
    public const string Schedule = "schedule";
    public const string Suspended = "suspended";
    public const string Failed = "failed";
    public const string Succeeded = "succeeded";
    public const string Active = "active";

    // Node
    public const string Architecture = "architecture";
    public const string MemoryPressure = "memoryPressure";
    public const string DiskPressure = "diskPressure";
    public const string PidPressure = "pidPressure";
    public const string Unschedulable = "unschedulable";
    public const string Taints = "taints";
    public const string AllocatableMemory = "allocatable.memory";
    public const string AllocatableCpu = "allocatable.cpu";
}
