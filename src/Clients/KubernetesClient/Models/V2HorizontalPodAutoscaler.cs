namespace k8s.Models;

/// <summary>An autoscaler of a workload.</summary>
public sealed record V2HorizontalPodAutoscaler : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ObjectMeta Metadata { get; set; }
    public V2HorizontalPodAutoscalerSpec Spec { get; set; }
    public V2HorizontalPodAutoscalerStatus Status { get; set; }
}

/// <summary>One page of autoscalers.</summary>
public sealed record V2HorizontalPodAutoscalerList : IKubernetesObject<V1ListMeta>, IItems<V2HorizontalPodAutoscaler>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ListMeta Metadata { get; set; }
    public required IList<V2HorizontalPodAutoscaler> Items { get; set; }
}

/// <summary>What it scales, and between which bounds.</summary>
public sealed record V2HorizontalPodAutoscalerSpec
{
    public required V2CrossVersionObjectReference ScaleTargetRef { get; set; }

    /// <summary>1 when null.</summary>
    public int? MinReplicas { get; set; }
    public required int MaxReplicas { get; set; }
    public IList<V2MetricSpec> Metrics { get; set; }
}

/// <summary>Names a workload in the same namespace.</summary>
public sealed record V2CrossVersionObjectReference
{
    public string ApiVersion { get; set; }
    public required string Kind { get; set; }
    public required string Name { get; set; }
}

/// <summary>A metric to hold. Of the kinds, only <c>Resource</c> is read in full.</summary>
public sealed record V2MetricSpec
{
    public required string Type { get; set; }
    public V2ResourceMetricSource Resource { get; set; }
}

/// <summary><c>cpu</c> or <c>memory</c> of its pods.</summary>
public sealed record V2ResourceMetricSource
{
    public required string Name { get; set; }
    public required V2MetricTarget Target { get; set; }
}

/// <summary>What to hold it at.</summary>
public sealed record V2MetricTarget
{
    /// <summary><c>Utilization</c>, <c>AverageValue</c> or <c>Value</c>.</summary>
    public required string Type { get; set; }

    /// <summary>Percent of the request.</summary>
    public int? AverageUtilization { get; set; }
    public ResourceQuantity AverageValue { get; set; }
    public ResourceQuantity Value { get; set; }
}

/// <summary>How it is.</summary>
public sealed record V2HorizontalPodAutoscalerStatus
{
    public int? CurrentReplicas { get; set; }
    public required int DesiredReplicas { get; set; }
    public DateTime? LastScaleTime { get; set; }
    public long? ObservedGeneration { get; set; }
    public IList<V2HorizontalPodAutoscalerCondition> Conditions { get; set; }
    public IList<V2MetricStatus> CurrentMetrics { get; set; }
}

/// <summary><c>AbleToScale</c>, <c>ScalingActive</c> or <c>ScalingLimited</c>.</summary>
public sealed record V2HorizontalPodAutoscalerCondition
{
    public required string Type { get; set; }
    public required string Status { get; set; }

    /// <summary>Such as <c>FailedGetResourceMetric</c> or <c>TooManyReplicas</c>.</summary>
    public string Reason { get; set; }
    public string Message { get; set; }
    public DateTime? LastTransitionTime { get; set; }
}

/// <summary>A metric as it is.</summary>
public sealed record V2MetricStatus
{
    public required string Type { get; set; }
    public V2ResourceMetricStatus Resource { get; set; }
}

/// <summary><c>cpu</c> or <c>memory</c> of its pods.</summary>
public sealed record V2ResourceMetricStatus
{
    public required string Name { get; set; }
    public required V2MetricValueStatus Current { get; set; }
}

/// <summary>One of its values.</summary>
public sealed record V2MetricValueStatus
{
    public int? AverageUtilization { get; set; }
    public ResourceQuantity AverageValue { get; set; }
    public ResourceQuantity Value { get; set; }
}
