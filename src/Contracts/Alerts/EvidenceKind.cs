using System.Text.Json;
using System.Text.Json.Serialization;

namespace AlertResponder.Contracts;

/// <summary>What a piece of evidence is.</summary>
[JsonConverter(typeof(EvidenceKindConverter))]
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

    /// <summary>What a container or a node uses at the moment, from metrics.k8s.io.</summary>
    Usage,

    /// <summary>What changed in a workload's template between its last two revisions, and when.</summary>
    Change,

    /// <summary>A ResourceQuota of the namespace: what is allowed and what is used.</summary>
    Quota,

    /// <summary>A PersistentVolumeClaim, PersistentVolume or StorageClass.</summary>
    Volume,

    /// <summary>A HorizontalPodAutoscaler: its bounds, its wish and what keeps it from it.</summary>
    Autoscaler,

    /// <summary>A NetworkPolicy that selects the pod, by name.</summary>
    NetworkPolicy,

    /// <summary>A PodDisruptionBudget.</summary>
    DisruptionBudget,

    /// <summary>A Service and how many endpoints stand behind it.</summary>
    Service,

    /// <summary>A custom resource (cert-manager's Certificate, Longhorn's Volume): its conditions and state.</summary>
    Resource,

    /// <summary>A kind that a newer version has, and this one does not know: for people to read.</summary>
    Other,
}

/// <summary>By name; what is not known is <see cref="EvidenceKind.Other"/>, so that a newer version can be taken back while its evidence is about.</summary>
internal sealed class EvidenceKindConverter : JsonConverter<EvidenceKind>
{
    /// <inheritdoc/>
    public override EvidenceKind Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => Enum.TryParse<EvidenceKind>(reader.GetString(), ignoreCase: true, out var kind) && Enum.IsDefined(kind) ? kind : EvidenceKind.Other,
        JsonTokenType.Number => reader.TryGetInt32(out var number) && Enum.IsDefined((EvidenceKind)number) ? (EvidenceKind)number : EvidenceKind.Other,
        _ => throw new JsonException("A kind of evidence is a name."),
    };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, EvidenceKind value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.ToString());
    }
}
