using System.Text.Json.Serialization;

namespace AlertResponder.Contracts;

/// <summary>What a piece of evidence is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EvidenceKind>))]
public enum EvidenceKind
{
    /// <summary>An alert of the incident.</summary>
    Alert,

    /// <summary>A pod's phase, conditions and placement.</summary>
    Pod,

    /// <summary>One container's status with its last state, limits and requests.</summary>
    Container,

    /// <summary>The tail of the running container's log.</summary>
    Log,

    /// <summary>The tail of the log of the container's last run.</summary>
    PreviousLog,

    /// <summary>A Kubernetes event.</summary>
    Event,

    /// <summary>A workload that owns the pod (ReplicaSet, Deployment, Job, CronJob, ...) and its rollout state.</summary>
    Owner,

    /// <summary>A node's conditions, architecture, taints and allocatable resources.</summary>
    Node,
}
