using System.Globalization;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Traffic;

namespace AlertResponder.Simulators.Bedrock;

/// <summary>Errors in AWS's restJson1 form: the exception's name in a header, its message in the body.</summary>
internal static class BedrockErrors
{
    public static Answer Error(int status, string exception, string message) => Error(status, exception, new JsonObject { ["message"] = message });

    public static Answer Error(int status, string exception, JsonObject body) =>
        Answer.Json(status, body) with
        {
            Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
            {
                // What follows the colon is the service's namespace; clients must not take it for a part of the name.
                ["x-amzn-ErrorType"] = $"{exception}:http://internal.amazon.com/coral/com.amazon.bedrock/",
            },
        };

    public static Answer Validation(string message) => Error(400, "ValidationException", message);
}

/// <summary>
/// Every error of the Converse operation, to be planned with <see cref="Simulator.Faults"/>. Calls that hang, are cut or are answered with
/// half or no JSON are faults of any service: <see cref="Fault"/>.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_Errors</remarks>
public static class BedrockFaults
{
    /// <summary>429 <c>ThrottlingException</c>.</summary>
    /// <param name="retryAfter">Sent as <c>Retry-After</c> in whole seconds; AWS itself sends none.</param>
    public static Fault Throttling(TimeSpan? retryAfter = null)
    {
        var answer = BedrockErrors.Error(429, "ThrottlingException", "Too many requests, please wait before trying again.");
        if (retryAfter is { } wait)
        {
            answer = answer with
            {
                Headers = new Dictionary<string, string>(answer.Headers, StringComparer.OrdinalIgnoreCase)
                {
                    ["Retry-After"] = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture),
                },
            };
        }

        return Fault.From(answer);
    }

    /// <summary>408 <c>ModelTimeoutException</c>.</summary>
    public static Fault ModelTimeout() =>
        Of(408, "ModelTimeoutException", "The model took too long to process the request. Try again later.");

    /// <summary>503 <c>ServiceUnavailableException</c>.</summary>
    public static Fault ServiceUnavailable() => Of(503, "ServiceUnavailableException", "Bedrock is unable to process your request.");

    /// <summary>500 <c>InternalServerException</c>.</summary>
    public static Fault InternalServer() =>
        Of(500, "InternalServerException", "The system encountered an unexpected error during processing. Try your request again.");

    /// <summary>400 <c>ValidationException</c>.</summary>
    /// <param name="message">What is wrong with the request.</param>
    public static Fault Validation(string message) => Fault.From(BedrockErrors.Validation(message));

    /// <summary>403 <c>AccessDeniedException</c>.</summary>
    public static Fault AccessDenied() =>
        Of(403, "AccessDeniedException", "You don't have access to the model with the specified model ID.");

    /// <summary>404 <c>ResourceNotFoundException</c>.</summary>
    public static Fault ResourceNotFound() =>
        Of(404, "ResourceNotFoundException", "Could not resolve the foundation model from the provided model identifier.");

    /// <summary>424 <c>ModelErrorException</c>.</summary>
    /// <param name="originalStatusCode">What the model's own server answered; left out when null.</param>
    /// <param name="resourceName">The model that failed; left out when null.</param>
    public static Fault ModelError(int? originalStatusCode = 500, string? resourceName = BedrockSimulator.NovaMicro)
    {
        var body = new JsonObject { ["message"] = "The request failed due to an error while processing the model." };
        if (originalStatusCode is { } status)
            body["originalStatusCode"] = status;
        if (resourceName is not null)
            body["resourceName"] = resourceName;
        return Fault.From(BedrockErrors.Error(424, "ModelErrorException", body));
    }

    /// <summary>429 <c>ModelNotReadyException</c>, which is no throttling.</summary>
    public static Fault ModelNotReady() => Of(429, "ModelNotReadyException", "The model is not ready for inference. Wait and try your request again.");

    private static Fault Of(int status, string exception, string message) => Fault.From(BedrockErrors.Error(status, exception, message));
}
