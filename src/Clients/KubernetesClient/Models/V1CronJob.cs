namespace k8s.Models;

/// <summary>A CronJob.</summary>
public sealed record V1CronJob : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ObjectMeta Metadata { get; set; }
    public V1CronJobSpec Spec { get; set; }
    public V1CronJobStatus Status { get; set; }
}

/// <summary>One page of CronJobs.</summary>
public sealed record V1CronJobList : IKubernetesObject<V1ListMeta>, IItems<V1CronJob>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ListMeta Metadata { get; set; }
    public required IList<V1CronJob> Items { get; set; }
}

/// <summary>What it is to be.</summary>
public sealed record V1CronJobSpec
{
    /// <summary>Cron format.</summary>
    public required string Schedule { get; set; }

    /// <summary>Null: the controller manager's.</summary>
    public string TimeZone { get; set; }
    public required V1JobTemplateSpec JobTemplate { get; set; }

    /// <summary><c>Allow</c>, <c>Forbid</c> or <c>Replace</c>.</summary>
    public string ConcurrencyPolicy { get; set; }
    public long? StartingDeadlineSeconds { get; set; }
    public bool? Suspend { get; set; }
    public int? SuccessfulJobsHistoryLimit { get; set; }
    public int? FailedJobsHistoryLimit { get; set; }
}

/// <summary>How it is.</summary>
public sealed record V1CronJobStatus
{
    /// <summary>The Jobs that run now.</summary>
    public IList<V1ObjectReference> Active { get; set; }
    public DateTime? LastScheduleTime { get; set; }
    public DateTime? LastSuccessfulTime { get; set; }
}
