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
    public const string EphemeralStorageLimit = "limits.ephemeral-storage";
    /// <summary>When the present run began; absent when it does not run.</summary>
    public const string StartedAt = "startedAt";
    /// <summary>What the probe does, as <c>http-get :8080/healthz</c>, <c>tcp-socket :5432</c>, <c>exec ...</c>, <c>grpc :50051</c>; absent without one.</summary>
    public const string LivenessProbe = "probes.liveness";
    public const string ReadinessProbe = "probes.readiness";
    public const string StartupProbe = "probes.startup";
    /// <summary>Whether the startup probe has passed.</summary>
    public const string Started = "started";
    /// <summary>The container's own command and arguments, joined by spaces; absent where the image decides.</summary>
    public const string Command = "command";

    // Pod
    public const string Phase = "phase";
    public const string Node = "node";
    public const string RestartPolicy = "restartPolicy";
    /// <summary><c>true</c> or <c>false</c>: the PodScheduled condition; with <see cref="Reason"/> and <see cref="Message"/> when false.</summary>
    public const string Scheduled = "scheduled";
    public const string CreatedAt = "createdAt";
    /// <summary>When its deletion was asked for; absent while nobody has.</summary>
    public const string DeletedAt = "deletedAt";
    /// <summary><c>key=value</c>, separated by commas: what the pod wants of its node.</summary>
    public const string NodeSelector = "nodeSelector";
    public const string QosClass = "qosClass";

    /// <summary>The user that its processes run as and the group that its volumes are given, for people.</summary>
    public const string RunsAs = "runsAs";
    /// <summary>Names of the PersistentVolumeClaims that it mounts, separated by commas.</summary>
    public const string Claims = "claims";
    /// <summary>Names of the ConfigMaps that it needs (not the optional ones), separated by commas.</summary>
    public const string ConfigMaps = "configMaps";
    /// <summary>Names of the Secrets that it needs (not the optional ones), separated by commas. Their contents are never read.</summary>
    public const string Secrets = "secrets";

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
    /// <summary>Condition Progressing of a Deployment: <c>True</c>, <c>False</c> or <c>Unknown</c>; with <see cref="Reason"/> and <see cref="Message"/> when not true.</summary>
    public const string Progressing = "progressing";
    public const string Paused = "paused";
    public const string Generation = "generation";
    public const string ObservedGeneration = "observedGeneration";
    public const string BackoffLimit = "backoffLimit";
    public const string Completions = "completions";
    /// <summary>Reason of a Job's condition Failed: <c>BackoffLimitExceeded</c>, <c>DeadlineExceeded</c>; its text is <see cref="Message"/>.</summary>
    public const string FailedReason = "failedReason";
    public const string ActiveDeadlineSeconds = "activeDeadlineSeconds";
    public const string ConcurrencyPolicy = "concurrencyPolicy";
    public const string LastScheduledAt = "lastScheduledAt";
    public const string LastSuccessfulAt = "lastSuccessfulAt";
    /// <summary>Who keeps the object as it is and may take a change back: <c>Helm</c>, <c>Argo CD</c>, <c>Flux</c>, or the owner's <c>Kind name</c>.</summary>
    public const string ManagedBy = "managedBy";
    /// <summary>A Deployment's or ReplicaSet's revision number.</summary>
    public const string Revision = "revision";

    /// <summary>Before a container's name: the memory limit that a workload's template gives it.</summary>
    public const string TemplateMemoryLimitPrefix = "template.limits.memory.";

    // Node
    public const string Architecture = "architecture";
    public const string MemoryPressure = "memoryPressure";
    public const string DiskPressure = "diskPressure";
    public const string PidPressure = "pidPressure";
    public const string Unschedulable = "unschedulable";
    public const string Taints = "taints";
    public const string AllocatableMemory = "allocatable.memory";
    public const string AllocatableCpu = "allocatable.cpu";
    public const string AllocatablePods = "allocatable.pods";
    public const string NetworkUnavailable = "networkUnavailable";

    /// <summary>Conditions that others than the kubelet set and that are true, such as <c>KernelDeadlock</c>, with commas.</summary>
    public const string Problems = "problems";

    /// <summary>Its labels but for those that every node has, as <c>disktype=ssd,zone=a</c>.</summary>
    public const string Labels = "labels";
    public const string KubeletVersion = "kubeletVersion";
    /// <summary>When the Ready condition last changed.</summary>
    public const string ReadySince = "readySince";
    /// <summary>Status of the Ready condition: <c>True</c>, <c>False</c> or <c>Unknown</c> (the kubelet no longer reports).</summary>
    public const string ReadyStatus = "readyStatus";

    // Usage
    public const string UsedMemory = "usage.memory";
    public const string UsedCpu = "usage.cpu";

    // Change: the container is in the source; an item each
    /// <summary>What changed: <c>image</c>, <c>limits.memory</c> (<c>limits</c> and <c>requests</c> of any resource), <c>command</c>, <c>env</c> (names only), <c>template</c>.</summary>
    public const string Changed = "changed";
    public const string From = "from";
    public const string To = "to";

    // Quota: one fact for each resource, such as hard.requests.memory and used.requests.memory
    public const string HardPrefix = "hard.";
    public const string UsedPrefix = "used.";

    // Volume
    /// <summary><c>false</c>: the object that was asked for does not exist. Absent otherwise.</summary>
    public const string Exists = "exists";
    public const string StorageClass = "storageClass";
    public const string VolumeName = "volumeName";
    public const string Capacity = "capacity";
    /// <summary>What the claim asks for.</summary>
    public const string Requested = "requested";
    public const string AccessModes = "accessModes";

    /// <summary>Names of the nodes from which alone a volume can be reached, with commas.</summary>
    public const string Nodes = "nodes";
    public const string Provisioner = "provisioner";
    /// <summary><c>Immediate</c> or <c>WaitForFirstConsumer</c>.</summary>
    public const string BindingMode = "volumeBindingMode";
    /// <summary>Whether the StorageClass lets its claims grow.</summary>
    public const string AllowsExpansion = "allowVolumeExpansion";

    // Autoscaler: with Desired; conditions that are not as they should be in Reason and Message
    public const string MinReplicas = "minReplicas";
    public const string MaxReplicas = "maxReplicas";
    public const string CurrentReplicas = "currentReplicas";
    /// <summary>What it scales: <c>Deployment name</c>.</summary>
    public const string ScaleTarget = "scaleTarget";
    public const string AbleToScale = "ableToScale";
    public const string ScalingActive = "scalingActive";
    public const string ScalingLimited = "scalingLimited";

    // DisruptionBudget
    public const string CurrentHealthy = "currentHealthy";
    public const string DesiredHealthy = "desiredHealthy";
    public const string DisruptionsAllowed = "disruptionsAllowed";

    // Service
    public const string ReadyEndpoints = "endpoints.ready";
    public const string NotReadyEndpoints = "endpoints.notReady";
    public const string Selector = "selector";
    public const string ClusterIp = "clusterIP";

    // Resource: Ready, Reason and Message as above
    public const string NotAfter = "notAfter";
    public const string Issuer = "issuer";
    /// <summary>Longhorn: <c>attached</c>, <c>detached</c>, <c>attaching</c>, ...</summary>
    public const string VolumeState = "volumeState";
    /// <summary>Longhorn: <c>healthy</c>, <c>degraded</c>, <c>faulted</c> or <c>unknown</c>.</summary>
    public const string Robustness = "robustness";
    public const string Replicas = "replicas";
}
