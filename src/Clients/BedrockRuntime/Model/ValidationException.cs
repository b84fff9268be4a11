using System.Net;
using Amazon.Runtime;

namespace Amazon.BedrockRuntime.Model;

/// <summary>400: the request breaks a constraint of the API or of the model.</summary>
public sealed class ValidationException : AmazonBedrockRuntimeException
{
    public ValidationException(string message)
        : base(message)
    {
    }

    public ValidationException(
        string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, innerException, errorType, errorCode, requestId, statusCode)
    {
    }
}
