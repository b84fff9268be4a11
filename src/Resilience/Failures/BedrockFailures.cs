using System.Globalization;
using System.Net;
using Amazon.BedrockRuntime.Model;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

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
        && response.IsHeaderPresent("Retry-After")
        && int.TryParse(response.GetHeaderValue("Retry-After"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
