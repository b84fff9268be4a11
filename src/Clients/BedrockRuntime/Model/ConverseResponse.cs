using Amazon.Runtime;

namespace Amazon.BedrockRuntime.Model;

/// <summary>What a model answered. A member that the service left out is null.</summary>
public sealed class ConverseResponse : AmazonWebServiceResponse
{
    public ConverseOutput Output { get; set; }

    public StopReason StopReason { get; set; }

    public TokenUsage Usage { get; set; }
}
