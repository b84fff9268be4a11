namespace k8s.Models;

/// <summary>
/// Something that happened to an object. Old reporters fill the first and last time and the count, new ones the event time and the series.
/// </summary>
public sealed record Corev1Event : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public required V1ObjectMeta Metadata { get; set; }
    public required V1ObjectReference InvolvedObject { get; set; }
    public V1ObjectReference Related { get; set; }

    /// <summary><c>Normal</c> or <c>Warning</c>.</summary>
    public string Type { get; set; }
    public string Reason { get; set; }
    public string Message { get; set; }
    public string Action { get; set; }
    public V1EventSource Source { get; set; }
    public string ReportingComponent { get; set; }
    public string ReportingInstance { get; set; }
    public DateTime? FirstTimestamp { get; set; }
    public DateTime? LastTimestamp { get; set; }

    /// <summary>To the microsecond.</summary>
    public DateTime? EventTime { get; set; }
    public int? Count { get; set; }
    public Corev1EventSeries Series { get; set; }
}

/// <summary>One page of events.</summary>
public sealed record Corev1EventList : IKubernetesObject<V1ListMeta>, IItems<Corev1Event>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ListMeta Metadata { get; set; }
    public required IList<Corev1Event> Items { get; set; }
}

/// <summary>An event that goes on happening.</summary>
public sealed record Corev1EventSeries
{
    public int? Count { get; set; }

    /// <summary>To the microsecond.</summary>
    public DateTime? LastObservedTime { get; set; }
}

/// <summary>Who reported it, in the old form.</summary>
public sealed record V1EventSource
{
    public string Component { get; set; }
    public string Host { get; set; }
}
