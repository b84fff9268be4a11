namespace Amazon.BedrockRuntime.Model;

public sealed class ConverseMetrics
{
    /// <summary>From the service's receipt of the request to its answer, in milliseconds.</summary>
    public long? LatencyMs { get; set; }
}
