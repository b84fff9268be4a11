using System.Net;
using Amazon.BedrockRuntime.Model;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace AlertResponder.Resilience.Failures;

/// <summary>Sorts what <c>IAmazonBedrockRuntime</c> throws. Source: Bedrock API reference, Converse, Errors.</summary>
internal static class BedrockFailures
{
    public static Failure Sort(Exception exception) => exception switch
    {
        ThrottlingException throttled => new Failure(FailureKind.Throttled, RetryAfter(throttled)),
        AmazonServiceException { StatusCode: HttpStatusCode.TooManyRequests } throttled => new Failure(FailureKind.Throttled, RetryAfter(throttled)),
        ModelTimeoutException or ModelErrorException or AmazonUnmarshallingException => new Failure(FailureKind.Transient),
        AmazonServiceException { StatusCode: >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout or default(HttpStatusCode) } => new Failure(FailureKind.Transient),
        AmazonServiceException { InnerException: HttpRequestException or IOException } => new Failure(FailureKind.Transient),
        _ => NetworkFailures.Sort(exception),
    };

    private static TimeSpan? RetryAfter(AmazonServiceException exception) =>
        exception.InnerException is HttpErrorResponseException { Response: { } response }
            ? RetryAfterHeader.Read(Header(response, "Retry-After"), Header(response, "Date"))
            : null;

    private static string? Header(IWebResponseData response, string name) => response.IsHeaderPresent(name) ? response.GetHeaderValue(name) : null;
}
