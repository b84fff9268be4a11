using System.Net;
using Amazon.Runtime;

namespace Amazon.BedrockRuntime.Model;

/// <summary>429: the model is not ready to serve. AWSSDK.Core retries it by itself unless <c>MaxErrorRetry</c> is 0.</summary>
public sealed class ModelNotReadyException : AmazonBedrockRuntimeException
{
    public ModelNotReadyException(string message)
        : base(message)
    {
    }

    public ModelNotReadyException(
        string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, innerException, errorType, errorCode, requestId, statusCode)
    {
    }

    /// <summary>Retryable, and not a sign of too many requests although the status is 429.</summary>
    public override RetryableDetails Retryable { get; } = new(throttling: false);
}
