using System.Net;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Exceptions;
using k8s.Models;

namespace AlertResponder.Resilience.Failures;

/// <summary>Sorts what the Kubernetes client throws. Source: Kubernetes API conventions, HTTP status codes.</summary>
internal static class KubernetesFailures
{
    public static Failure Sort(Exception exception) => exception switch
    {
        // An eviction that a PodDisruptionBudget forbids is a refusal in a 429's clothes.
        HttpOperationException { Response.StatusCode: HttpStatusCode.TooManyRequests } refused when IsDisruptionBudget(refused.Response.Content) =>
            new Failure(FailureKind.Permanent),
        HttpOperationException { Response.StatusCode: HttpStatusCode.TooManyRequests } throttled =>
            new Failure(FailureKind.Throttled, RetryAfter(throttled.Response)),
        HttpOperationException { Response.StatusCode: >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout } failed =>
            new Failure(FailureKind.Transient, RetryAfter(failed.Response)),
        // A credential plug-in that fails, a token that cannot be read: as a rule something else is down.
        KubeConfigException => new Failure(FailureKind.Transient),
        _ => NetworkFailures.Sort(exception),
    };

    private static bool IsDisruptionBudget(string? content)
    {
        try
        {
            return content is { Length: > 0 }
                && KubernetesJson.Deserialize<V1Status?>(content)?.Details?.Causes?.Any(cause => cause?.Reason == "DisruptionBudget") == true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static TimeSpan? RetryAfter(HttpResponseMessageWrapper response) => RetryAfterHeader.Read(Header(response, "Retry-After"), Header(response, "Date"));

    private static string? Header(HttpResponseMessageWrapper response, string name) =>
        response.Headers.FirstOrDefault(header => string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault();
}
