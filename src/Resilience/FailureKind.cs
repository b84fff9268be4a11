namespace AlertResponder.Resilience;

/// <summary>What a failed call to an upstream means. Each client edge sorts its failures once.</summary>
public enum FailureKind
{
    /// <summary>May pass by itself: timeouts, cut connections, 5xx. Retried.</summary>
    Transient,

    /// <summary>The upstream asks for less: HTTP 429 in its own spelling. Retried, counted by the 429 rule.</summary>
    Throttled,

    /// <summary>Will not pass by itself: 4xx, bad credentials. Never retried, never counted.</summary>
    Permanent,
}

/// <summary>A sorted failure.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="RetryAfter">How long the upstream asks to wait; null when it does not say.</param>
public readonly record struct Failure(FailureKind Kind, TimeSpan? RetryAfter = null);
