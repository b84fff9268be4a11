using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Polly;
using Polly.Retry;
using Polly.Telemetry;
using Polly.Timeout;

namespace AlertResponder.Resilience;

/// <summary>An upstream behind its one pipeline of retries, breaker and timeout. All calls to it go through here.</summary>
public sealed partial class Upstream
{
    private static readonly ResiliencePropertyKey<TimeSpan> TryTimeoutKey = new("try-timeout");

    // Its numbers only: its log would quote the upstreams' answers, which nobody has redacted.
    private static readonly TelemetryOptions Telemetry = new() { LoggerFactory = NullLoggerFactory.Instance };

    private readonly ResiliencePipeline pipeline;
    private readonly ConsecutiveFailureBreaker breaker;
    private readonly UpstreamPolicy policy;
    private readonly TimeProvider time;

    internal Upstream(UpstreamPolicy policy, TimeProvider time, ILogger<Upstream> logger)
    {
        this.policy = policy;
        this.time = time;
        UpstreamMetrics.Begin(Name);
        breaker = new ConsecutiveFailureBreaker(
            policy,
            Sort,
            time,
            (until, failure) =>
            {
                UpstreamMetrics.Paused(Name);
                Log.Paused(logger, Name, until, failure.Kind);
            });
        pipeline = new ResiliencePipelineBuilder { Name = policy.Name, TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = policy.Retries,
                Delay = UpstreamPolicy.FirstRetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = args => ValueTask.FromResult(IsRetried(args.Outcome.Exception)),
                DelayGenerator = args => ValueTask.FromResult(WaitBeforeRetry(args.Outcome.Exception)),
                OnRetry = args =>
                {
                    // Not the message: it may quote the upstream's answer, which nobody has redacted.
                    Log.Retrying(logger, policy.Name, args.AttemptNumber + 1, args.RetryDelay.TotalSeconds, args.Outcome.Exception?.GetType().Name);
                    return default;
                },
            })
            .AddStrategy(_ => breaker, new BreakerOptions())
            .AddTimeout(new TimeoutStrategyOptions
            {
                TimeoutGenerator = args => ValueTask.FromResult(args.Context.Properties.GetValue(TryTimeoutKey, policy.TryTimeout)),
            })
            .ConfigureTelemetry(Telemetry)
            .Build();

        // What the failure has just paused is refused at once: the caller's fallback need not wait for that.
        TimeSpan? WaitBeforeRetry(Exception? exception) =>
            breaker.Tripped ? TimeSpan.Zero : exception is null ? null : Sort(exception).RetryAfter;

        bool IsRetried(Exception? exception) =>
            exception is not (null or UpstreamPausedException) && Sort(exception).Kind != FailureKind.Permanent;
    }

    /// <summary>One of <see cref="UpstreamNames"/>.</summary>
    public string Name => policy.Name;

    /// <summary>Until when nothing is sent to it, UTC; null while calls go through.</summary>
    public DateTimeOffset? PausedUntil => breaker.PausedUntil;

    /// <summary>Calls it, with the retries, breaker and per-try timeout of its pipeline.</summary>
    /// <param name="call">One try; must honour its token.</param>
    /// <param name="cancellationToken">Ends the call as a whole.</param>
    /// <param name="tryTimeout">How long one try may take, where the upstream's own value does not fit.</param>
    /// <exception cref="UpstreamPausedException">The breaker is open; nothing was sent.</exception>
    /// <exception cref="TimeoutRejectedException">The last try took too long.</exception>
    public async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken, TimeSpan? tryTimeout = null)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            if (tryTimeout is { } timeout)
            {
                context.Properties.Set(TryTimeoutKey, timeout);
            }

            return await pipeline.ExecuteAsync(async c => await TryAsync(call, c.CancellationToken, cancellationToken), context);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<T> TryAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken tryToken, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        try
        {
            var result = await call(tryToken);
            UpstreamMetrics.Tried(Name, UpstreamMetrics.Success, time.GetElapsedTime(start));
            return result;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var outcome = tryToken.IsCancellationRequested ? FailureKind.Transient : Sort(e).Kind;
            UpstreamMetrics.Tried(Name, outcome.ToString().ToLowerInvariant(), time.GetElapsedTime(start));
            throw;
        }
    }

    private Failure Sort(Exception exception) => exception is TimeoutRejectedException ? new Failure(FailureKind.Transient) : policy.Sort(exception);

    private sealed class BreakerOptions : ResilienceStrategyOptions;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Upstream} is paused until {Until:O} ({Kind})")]
        public static partial void Paused(ILogger logger, string upstream, DateTimeOffset until, FailureKind kind);

        [LoggerMessage(Level = LogLevel.Information, Message = "{Upstream} retry {Retry} in {Seconds:F1} s: {Reason}")]
        public static partial void Retrying(ILogger logger, string upstream, int retry, double seconds, string? reason);
    }
}
