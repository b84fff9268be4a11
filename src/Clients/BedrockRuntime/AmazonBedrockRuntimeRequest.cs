using Amazon.Runtime;

namespace Amazon.BedrockRuntime;

/// <summary>The base of every request to Bedrock.</summary>
public class AmazonBedrockRuntimeRequest : AmazonWebServiceRequest;
