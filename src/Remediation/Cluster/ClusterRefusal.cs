using System.Net;
using System.Text.Json;
using AlertResponder.Redaction;
using AlertResponder.Resilience;
using k8s;
using k8s.Autorest;
using k8s.Exceptions;
using k8s.Models;
using Polly.Timeout;

namespace AlertResponder.Remediation.Cluster;

/// <summary>What the API server means by not doing what it is asked.</summary>
internal static class ClusterRefusal
{
    private const int LongestMessage = 300;

    /// <summary>Whether somebody has changed the object since it was read.</summary>
    public static bool IsConflict(this HttpOperationException exception) => exception.Response.StatusCode == HttpStatusCode.Conflict;

    public static bool IsNotFound(this HttpOperationException exception) => exception.Response.StatusCode == HttpStatusCode.NotFound;

    /// <summary>Whether it will not do it however often it is asked: not allowed, invalid, beyond a quota or a disruption budget.</summary>
    public static bool IsRefusal(this HttpOperationException exception) => exception.Response.StatusCode switch
    {
        HttpStatusCode.TooManyRequests => StatusOf(exception)?.Details?.Causes?.Any(cause => cause?.Reason == "DisruptionBudget") == true,
        HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict or HttpStatusCode.Unauthorized => false,
        >= HttpStatusCode.InternalServerError => false,
        _ => true,
    };

    /// <summary>Whether a dry run shows that it would not be possible. Admission webhooks that fail are an internal error.</summary>
    public static bool IsImpossible(this HttpOperationException exception) =>
        exception.IsRefusal() || exception.Response.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.InternalServerError;

    /// <summary>Whether a failed call says nothing about what was asked: the API server may answer later, and may have done it.</summary>
    public static bool IsOutage(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        HttpOperationException answer => !answer.IsRefusal(),
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        _ => exception is UpstreamPausedException or TimeoutRejectedException or HttpRequestException or IOException or InvalidDataException or JsonException or KubeConfigException,
    };

    /// <summary>In its own words, for people: redacted and short.</summary>
    public static string Why(this HttpOperationException exception)
    {
        var message = Redactor.Redact(StatusOf(exception)?.Message ?? $"the Kubernetes API answered {(int)exception.Response.StatusCode}").ReplaceLineEndings(" ").TrimEnd('.');
        return BoundedText.Cut(message, LongestMessage);
    }

    private static V1Status? StatusOf(HttpOperationException exception)
    {
        try
        {
            return exception.Response.Content is { Length: > 0 } content ? KubernetesJson.Deserialize<V1Status?>(content) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
