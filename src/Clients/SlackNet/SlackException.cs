using SlackNet.WebApi;

namespace SlackNet;

/// <summary>Slack answered <c>"ok": false</c>: it has read the request and refuses it.</summary>
public sealed class SlackException(ErrorResponse errorResponse) : Exception(Describe(errorResponse))
{
    /// <summary>Such as channel_not_found, invalid_auth or ratelimited; "unknown" when Slack does not say.</summary>
    public string ErrorCode { get; } = errorResponse?.Error ?? "unknown";

    /// <summary>What is wrong with the arguments, for some codes.</summary>
    public IReadOnlyList<string> ErrorMessages { get; } = errorResponse?.ResponseMetadata?.Messages?.ToList() ?? [];

    private static string Describe(ErrorResponse error) => error is null
        ? "Slack refused the request without saying why."
        : string.Join(' ', [
            $"Slack refused the request: {error.Error}.",
            .. error.ResponseMetadata?.Messages ?? [],
            .. error.Info.Select(detail => $"({detail.Key}: {detail.Value})")]);
}
