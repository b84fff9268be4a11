using System.Text.Json;
using System.Text.Json.Serialization;

namespace k8s.Models;

/// <summary>A Job.</summary>
public sealed record V1Job : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ObjectMeta Metadata { get; set; }
    public V1JobSpec Spec { get; set; }
    public V1JobStatus Status { get; set; }
}

/// <summary>One page of Jobs.</summary>
public sealed record V1JobList : IKubernetesObject<V1ListMeta>, IItems<V1Job>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ListMeta Metadata { get; set; }
    public required IList<V1Job> Items { get; set; }
}

/// <summary>The Jobs that a CronJob makes.</summary>
public sealed record V1JobTemplateSpec
{
    public V1ObjectMeta Metadata { get; set; }
    public V1JobSpec Spec { get; set; }
}

/// <summary>What it is to be.</summary>
public sealed record V1JobSpec
{
    public required V1PodTemplateSpec Template { get; set; }
    public V1LabelSelector Selector { get; set; }
    public int? Parallelism { get; set; }
    public int? Completions { get; set; }
    public string CompletionMode { get; set; }

    /// <summary>Failures before it gives up; 6 when null.</summary>
    public int? BackoffLimit { get; set; }
    public long? ActiveDeadlineSeconds { get; set; }
    public int? TtlSecondsAfterFinished { get; set; }
    public bool? Suspend { get; set; }

    [JsonInclude]
    [JsonExtensionData]
    internal IDictionary<string, JsonElement> Rest { get; set; }
}

/// <summary>How it is. Counts of pods are null where they are 0.</summary>
public sealed record V1JobStatus
{
    public int? Active { get; set; }
    public int? Ready { get; set; }
    public int? Succeeded { get; set; }
    public int? Failed { get; set; }
    public int? Terminating { get; set; }
    public DateTime? StartTime { get; set; }

    /// <summary>Only when it succeeded.</summary>
    public DateTime? CompletionTime { get; set; }
    public IList<V1JobCondition> Conditions { get; set; }
}

/// <summary><c>Complete</c>, <c>Failed</c> or <c>Suspended</c>.</summary>
public sealed record V1JobCondition
{
    public required string Type { get; set; }
    public required string Status { get; set; }

    /// <summary>Such as <c>BackoffLimitExceeded</c> or <c>DeadlineExceeded</c>.</summary>
    public string Reason { get; set; }
    public string Message { get; set; }
    public DateTime? LastProbeTime { get; set; }
    public DateTime? LastTransitionTime { get; set; }
}
