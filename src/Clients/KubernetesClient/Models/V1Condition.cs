namespace k8s.Models;

/// <summary>One condition of an object.</summary>
public sealed record V1Condition
{
    public required string Type { get; set; }

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public required string Status { get; set; }
    public required string Reason { get; set; }
    public required string Message { get; set; }
    public required DateTime LastTransitionTime { get; set; }
    public long? ObservedGeneration { get; set; }
}
