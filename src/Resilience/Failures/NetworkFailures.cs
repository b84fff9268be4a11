using System.Net;
using System.Security.Authentication;
using System.Text.Json;

namespace AlertResponder.Resilience.Failures;

/// <summary>Sorts what any HTTP client throws before there is an answer, or on an answer that is no answer.</summary>
internal static class NetworkFailures
{
    public static Failure Sort(Exception exception) => exception switch
    {
        // A certificate that is not trusted does not become so by asking again.
        HttpRequestException { InnerException: AuthenticationException } => new Failure(FailureKind.Permanent),
        HttpRequestException { StatusCode: HttpStatusCode.TooManyRequests } => new Failure(FailureKind.Throttled),
        HttpRequestException { StatusCode: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError and not HttpStatusCode.RequestTimeout } =>
            new Failure(FailureKind.Permanent),
        HttpRequestException or IOException or TimeoutException or OperationCanceledException => new Failure(FailureKind.Transient),
        JsonException or Newtonsoft.Json.JsonException => new Failure(FailureKind.Transient),
        _ => new Failure(FailureKind.Permanent),
    };
}
