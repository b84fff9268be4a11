namespace k8s.Models;

/// <summary>How a container is.</summary>
public sealed record V1ContainerStatus
{
    public required string Name { get; set; }
    public required string Image { get; set; }
    public required string ImageID { get; set; }
    public string ContainerID { get; set; }
    public required bool Ready { get; set; }
    public bool? Started { get; set; }
    public required int RestartCount { get; set; }

    /// <summary>What it does now.</summary>
    public V1ContainerState State { get; set; }

    /// <summary>How its last run ended; empty before the first restart.</summary>
    public V1ContainerState LastState { get; set; }
    public V1ResourceRequirements Resources { get; set; }
}

/// <summary>Exactly one of the three is set; with none, it waits.</summary>
public sealed record V1ContainerState
{
    public V1ContainerStateWaiting Waiting { get; set; }
    public V1ContainerStateRunning Running { get; set; }
    public V1ContainerStateTerminated Terminated { get; set; }
}

/// <summary>It does not run yet.</summary>
public sealed record V1ContainerStateWaiting
{
    /// <summary>Such as <c>CrashLoopBackOff</c> or <c>ImagePullBackOff</c>.</summary>
    public string Reason { get; set; }
    public string Message { get; set; }
}

/// <summary>It runs.</summary>
public sealed record V1ContainerStateRunning
{
    public DateTime? StartedAt { get; set; }
}

/// <summary>It ran and ended.</summary>
public sealed record V1ContainerStateTerminated
{
    public required int ExitCode { get; set; }
    public int? Signal { get; set; }

    /// <summary>Such as <c>OOMKilled</c>, <c>Error</c> or <c>Completed</c>.</summary>
    public string Reason { get; set; }

    /// <summary>The termination message: foreign text.</summary>
    public string Message { get; set; }
    public DateTime? StartedAt { get; set; }
    public DateTime? FinishedAt { get; set; }
    public string ContainerID { get; set; }
}
