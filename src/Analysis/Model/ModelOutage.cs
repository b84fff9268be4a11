using System.Globalization;
using System.Net;
using AlertResponder.Resilience;
using Amazon.BedrockRuntime.Model;
using Amazon.Runtime;
using Polly.Timeout;

namespace AlertResponder.Analysis.Model;

/// <summary>Says for people why Bedrock was not heard.</summary>
internal static class ModelOutage
{
    private const string Follows = "Rules only; the model's analysis follows.";

    /// <summary>A sentence or two, whatever the failure: without the model there are still the rules.</summary>
    /// <param name="failure">What the call ended with.</param>
    /// <param name="pausedUntil">The upstream's pause, which this very call may have begun.</param>
    public static string Describe(Exception failure, DateTimeOffset? pausedUntil) => failure switch
    {
        UpstreamPausedException paused => $"Bedrock is throttling us or failing; paused until {Time(paused.PausedUntil)}. {Follows}",
        ThrottlingException or ModelNotReadyException or AmazonServiceException { StatusCode: HttpStatusCode.TooManyRequests } =>
            $"Bedrock is throttling us{(pausedUntil is { } until ? $"; paused until {Time(until)}" : "")}. {Follows}",
        TimeoutRejectedException or OperationCanceledException or ModelTimeoutException => $"Bedrock did not answer in time. {Follows}",
        AmazonServiceException { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } refused =>
            $"AWS refused the credentials or the access to the model ({Code(refused)}). Rules only.",
        ResourceNotFoundException => "Bedrock does not know the model; check Bedrock:ModelId and Bedrock:Region. Rules only.",
        ValidationException refused => $"Bedrock refused the request ({Code(refused)}). Rules only.",
        AmazonServiceException { StatusCode: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError } refused
            when refused is not ModelErrorException => $"Bedrock refused the request ({Code(refused)}). Rules only.",
        AmazonServiceException failed => $"Bedrock failed ({Code(failed)}). {Follows}",
        AmazonClientException { InnerException: AmazonServiceException refused } => $"AWS gave us no credentials ({Code(refused)}). Rules only.",
        AmazonClientException => "The AWS client cannot start: no credentials or no region. Rules only.",
        HttpRequestException or IOException => $"Bedrock cannot be reached. {Follows}",
        _ => $"The model could not be asked ({failure.GetType().Name}). Rules only.",
    };

    /// <summary>Whether the failure proves that the last call was not billed: nothing was sent, or it was refused.</summary>
    public static bool IsUnbilled(Exception failure) => failure is UpstreamPausedException
        || (failure is AmazonServiceException { StatusCode: >= HttpStatusCode.BadRequest } and not ModelErrorException and not ModelTimeoutException)
        || failure is AmazonClientException;

    private static string Code(AmazonServiceException failure) =>
        failure.ErrorCode is { Length: > 0 } code ? code
        : failure.StatusCode == default(HttpStatusCode) ? "no connection"
        : ((int)failure.StatusCode).ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
