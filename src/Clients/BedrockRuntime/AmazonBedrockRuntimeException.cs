using System.Net;
using Amazon.Runtime;

namespace Amazon.BedrockRuntime;

/// <summary>An error that Bedrock answered. Its kind is the subclass or, for one without a subclass, <c>ErrorCode</c>.</summary>
/// <remarks>The inner exception is an <c>HttpErrorResponseException</c>, whose <c>Response</c> has the headers (Retry-After).</remarks>
public class AmazonBedrockRuntimeException : AmazonServiceException
{
    public AmazonBedrockRuntimeException(string message)
        : base(message)
    {
    }

    public AmazonBedrockRuntimeException(
        string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, innerException, errorType, errorCode, requestId, statusCode)
    {
    }
}
