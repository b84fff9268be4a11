namespace Amazon.BedrockRuntime.Model;

/// <summary>
/// A conversation for a model to continue. Lists are null until set, here and in all of this namespace; what is null is not sent.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html</remarks>
public sealed class ConverseRequest : AmazonBedrockRuntimeRequest
{
    /// <summary>A model id, inference profile id or ARN. Required.</summary>
    public string ModelId { get; set; }

    /// <summary>Instructions that precede the conversation.</summary>
    public List<SystemContentBlock> System { get; set; }

    /// <summary>The conversation, beginning with the user and then alternating.</summary>
    public List<Message> Messages { get; set; }

    public InferenceConfiguration InferenceConfig { get; set; }
}
