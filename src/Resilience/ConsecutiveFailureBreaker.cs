using Polly;

namespace AlertResponder.Resilience;

/// <summary>
/// The 429 rule. Polly's own breaker works on a failure ratio; the rule counts answers in a row, and a throttled one weighs
/// more than a broken one.
/// </summary>
/// <remarks>
/// After a pause a single trial call decides: it closes the breaker or opens it again. Permanent failures prove that the
/// upstream works, and end a row as a success does.
/// </remarks>
internal sealed class ConsecutiveFailureBreaker(UpstreamPolicy policy, Func<Exception, Failure> sort, TimeProvider time, Action<DateTimeOffset, Failure> paused)
    : ResilienceStrategy
{
    private readonly Lock gate = new();
    private int throttles;
    private int failures;
    private DateTimeOffset? pausedUntil;
    private bool tripped;
    private bool onTrial;

    public DateTimeOffset? PausedUntil
    {
        get
        {
            lock (gate)
            {
                return pausedUntil is { } until && until > time.GetUtcNow() ? until : null;
            }
        }
    }

    /// <summary>Whether the rule has paused the upstream and no trial has succeeded since.</summary>
    public bool Tripped
    {
        get
        {
            lock (gate)
            {
                return tripped;
            }
        }
    }

    protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
    {
        if (!TryEnter(out var trial, out var refusedUntil))
        {
            return Outcome.FromException<TResult>(new UpstreamPausedException(policy.Name, refusedUntil));
        }

        var outcome = await callback(context, state).ConfigureAwait(context.ContinueOnCapturedContext);
        if (outcome.Exception is null)
        {
            Succeeded(trial);
        }
        else if (context.CancellationToken.IsCancellationRequested)
        {
            Abandoned(trial);
        }
        else
        {
            Failed(trial, sort(outcome.Exception));
        }

        return outcome;
    }

    private bool TryEnter(out bool trial, out DateTimeOffset refusedUntil)
    {
        lock (gate)
        {
            trial = false;
            refusedUntil = default;
            var now = time.GetUtcNow();
            if (pausedUntil is { } until && until > now)
            {
                refusedUntil = until;
                return false;
            }

            if (!tripped)
            {
                return true;
            }

            if (onTrial)
            {
                refusedUntil = now + policy.TryTimeout;
                return false;
            }

            trial = onTrial = true;
            return true;
        }
    }

    private void Succeeded(bool trial)
    {
        lock (gate)
        {
            // A call that started before the pause says nothing about the upstream of now.
            if (!trial && (tripped || pausedUntil > time.GetUtcNow()))
            {
                return;
            }

            throttles = failures = 0;
            tripped = onTrial = false;
            pausedUntil = null;
        }
    }

    private void Abandoned(bool trial)
    {
        lock (gate)
        {
            onTrial &= !trial;
        }
    }

    private void Failed(bool trial, Failure failure)
    {
        if (failure.Kind == FailureKind.Permanent)
        {
            Succeeded(trial);
            return;
        }

        DateTimeOffset opened;
        lock (gate)
        {
            onTrial &= !trial;
            if (tripped && !trial)
            {
                return;
            }

            failures++;
            throttles = failure.Kind == FailureKind.Throttled ? throttles + 1 : 0;
            if (PauseFor(trial, failure) is not { } pause)
            {
                return;
            }

            // Of two answers that state a wait the longer counts.
            opened = time.GetUtcNow() + pause;
            pausedUntil = opened = pausedUntil > opened ? pausedUntil.Value : opened;
        }

        paused(opened, failure);
    }

    private TimeSpan? PauseFor(bool trial, Failure failure)
    {
        var retryAfter = failure.RetryAfter ?? TimeSpan.Zero;
        if (failure.Kind == FailureKind.Throttled && (trial || throttles >= UpstreamPolicy.ThrottlesToPause))
        {
            tripped = true;
            return retryAfter > UpstreamPolicy.ThrottlePause ? retryAfter : UpstreamPolicy.ThrottlePause;
        }

        if (trial || failures >= UpstreamPolicy.FailuresToPause)
        {
            tripped = true;
            return retryAfter > UpstreamPolicy.FailurePause ? retryAfter : UpstreamPolicy.FailurePause;
        }

        return policy.PausesForRetryAfter && retryAfter > TimeSpan.Zero ? retryAfter : null;
    }
}
