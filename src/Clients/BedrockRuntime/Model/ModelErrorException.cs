using System.Net;
using Amazon.Runtime;

namespace Amazon.BedrockRuntime.Model;

/// <summary>424: the model failed on this request.</summary>
public sealed class ModelErrorException : AmazonBedrockRuntimeException
{
    public ModelErrorException()
    {
    }

    public ModelErrorException(string message)
        : base(message)
    {
    }

    public ModelErrorException(string message, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, errorType, errorCode, requestId, statusCode)
    {
    }

    public ModelErrorException(
        string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, innerException, errorType, errorCode, requestId, statusCode)
    {
    }

    /// <summary>What the model's own server answered; null when Bedrock does not say.</summary>
    public int? OriginalStatusCode { get; set; }

    /// <summary>The model or endpoint that failed; null when Bedrock does not say.</summary>
    public string ResourceName { get; set; }
}
