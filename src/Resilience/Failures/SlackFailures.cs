using SlackNet;

namespace AlertResponder.Resilience.Failures;

/// <summary>Sorts what SlackNet throws. Source: Slack Web API, rate limits and the errors common to all methods.</summary>
internal static class SlackFailures
{
    public static Failure Sort(Exception exception) => exception switch
    {
        SlackRateLimitException throttled => new Failure(FailureKind.Throttled, throttled.RetryAfter),
        SlackException { ErrorCode: "ratelimited" or "rate_limited" } => new Failure(FailureKind.Throttled),
        SlackException { ErrorCode: "internal_error" or "fatal_error" or "service_unavailable" or "request_timeout" or "team_added_to_org" } =>
            new Failure(FailureKind.Transient),
        _ => NetworkFailures.Sort(exception),
    };
}
