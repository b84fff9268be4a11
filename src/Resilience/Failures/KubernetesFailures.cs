using System.Globalization;
using System.Net;
using k8s.Autorest;

namespace AlertResponder.Resilience.Failures;

/// <summary>Sorts what the Kubernetes client throws. Source: Kubernetes API conventions, HTTP status codes.</summary>
internal static class KubernetesFailures
{
    public static Failure Sort(Exception exception) => exception switch
    {
        HttpOperationException { Response.StatusCode: HttpStatusCode.TooManyRequests } throttled =>
            new Failure(FailureKind.Throttled, RetryAfter(throttled.Response)),
        HttpOperationException { Response.StatusCode: >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout } failed =>
            new Failure(FailureKind.Transient, RetryAfter(failed.Response)),
        _ => NetworkFailures.Sort(exception),
    };

    private static TimeSpan? RetryAfter(HttpResponseMessageWrapper response) =>
        response.Headers.FirstOrDefault(header => string.Equals(header.Key, "Retry-After", StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault() is { } value
        && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
