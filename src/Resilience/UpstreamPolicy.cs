namespace AlertResponder.Resilience;

/// <summary>How one upstream is called. The values are those of <see cref="UpstreamPolicies"/>.</summary>
/// <param name="Name">One of <see cref="UpstreamNames"/>.</param>
/// <param name="TryTimeout">How long one try may take unless the call says otherwise.</param>
/// <param name="Retries">Tries after the first.</param>
/// <param name="Sort">What a failure means; a timeout of a try is sorted already.</param>
/// <param name="PausesForRetryAfter">A single throttled answer that states a wait pauses the upstream that long (Slack counts per method, not per call).</param>
internal sealed record UpstreamPolicy(
    string Name,
    TimeSpan TryTimeout,
    int Retries,
    Func<Exception, Failure> Sort,
    bool PausesForRetryAfter = false)
{
    /// <summary>The first retry's delay; doubles from there, jittered.</summary>
    public static readonly TimeSpan FirstRetryDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>The 429 rule: so many throttled answers in a row ...</summary>
    public const int ThrottlesToPause = 3;

    /// <summary>... pause the upstream for so long, or for its Retry-After if that is longer.</summary>
    public static readonly TimeSpan ThrottlePause = TimeSpan.FromMinutes(5);

    /// <summary>So many failures of any transient kind in a row ...</summary>
    public const int FailuresToPause = 5;

    /// <summary>... pause it for so long.</summary>
    public static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(30);
}
