using Polly;

namespace AlertResponder.Resilience;

/// <summary>An upstream behind its one pipeline of retries, breaker and timeout. All calls to it go through here.</summary>
public sealed class Upstream
{
    private readonly ResiliencePipeline pipeline;

    internal Upstream(string name, ResiliencePipeline pipeline)
    {
        Name = name;
        this.pipeline = pipeline;
    }

    /// <summary>One of <see cref="UpstreamNames"/>.</summary>
    public string Name { get; }

    /// <summary>Until when nothing is sent to it, UTC; null while calls go through.</summary>
    public DateTimeOffset? PausedUntil { get; }

    /// <summary>Calls it, with the retries, breaker and per-try timeout of its pipeline.</summary>
    /// <param name="call">One try; must honour its token.</param>
    /// <param name="cancellationToken">Ends the call as a whole.</param>
    /// <exception cref="UpstreamPausedException">The breaker is open; nothing was sent.</exception>
    /// <exception cref="Polly.Timeout.TimeoutRejectedException">The last try took too long.</exception>
    public Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        pipeline.ExecuteAsync(async token => await call(token), cancellationToken).AsTask();
}
