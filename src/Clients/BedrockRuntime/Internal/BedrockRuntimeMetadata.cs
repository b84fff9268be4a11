using Amazon.Runtime.Internal;

namespace Amazon.BedrockRuntime.Internal;

internal sealed class BedrockRuntimeMetadata : IServiceMetadata
{
    public string ServiceId => AmazonBedrockRuntimeConfig.ServiceId;

    public IDictionary<string, string> OperationNameMapping { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
