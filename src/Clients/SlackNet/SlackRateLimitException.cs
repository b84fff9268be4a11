namespace SlackNet;

/// <summary>Slack answered 429: too many calls of this method.</summary>
public sealed class SlackRateLimitException(TimeSpan? retryAfter) : Exception("Slack refused the request: too many.")
{
    /// <summary>How long to wait, if Slack says so in seconds.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
