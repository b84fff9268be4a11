using Microsoft.Extensions.Time.Testing;

namespace AlertResponder.Tests.Unit.Time;

/// <summary>A clock under the test's control that also tells what waits on it.</summary>
internal sealed class WatchedTimeProvider(DateTimeOffset start) : FakeTimeProvider(start)
{
    private static readonly TimeSpan RealDeadline = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly HashSet<WatchedTimer> waiting = [];
    private TaskCompletionSource changed = NewSignal();

    public WatchedTimeProvider()
        : this(new DateTimeOffset(2026, 11, 22, 2, 13, 0, TimeSpan.Zero))
    {
    }

    /// <summary>How long each pending timer still has to wait, the soonest first.</summary>
    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (gate)
            {
                var now = GetUtcNow();
                return [.. waiting.Select(timer => timer.Due - now).Order()];
            }
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WatchedTimer(this, callback);
        timer.Set(base.CreateTimer(timer.Fire, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan), dueTime, period);
        return timer;
    }

    /// <summary>Waits, in real time, until something waits on this clock.</summary>
    /// <returns>How far away the soonest timer is.</returns>
    /// <exception cref="TimeoutException">Nothing came to wait within ten real seconds.</exception>
    public async Task<TimeSpan> NextWaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (Waits is [var soonest, ..])
                {
                    return soonest;
                }

                next = changed.Task;
            }

            await next.WaitAsync(RealDeadline, cancellationToken);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A timer of the fake clock, and when that will fire next.</summary>
    private sealed class WatchedTimer(WatchedTimeProvider time, TimerCallback callback) : ITimer
    {
        private ITimer? timer;
        private TimeSpan period;

        public DateTimeOffset Due { get; private set; }

        public void Set(ITimer timer, TimeSpan dueTime, TimeSpan period)
        {
            this.timer = timer;
            Change(dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time.gate)
            {
                this.period = period;
                Wait(time.GetUtcNow(), dueTime);
            }

            var set = timer!.Change(dueTime, period);
            if (!set)
            {
                Forget();
                return false;
            }

            lock (time.gate)
            {
                // Another thread may have moved the clock in between, and the timer counts from when it was set.
                var due = time.waiting.Contains(this) ? time.GetUtcNow() + dueTime : Due;
                Due = due > Due ? due : Due;
            }

            return true;
        }

        public void Fire(object? state)
        {
            lock (time.gate)
            {
                Wait(Due, period > TimeSpan.Zero ? period : Timeout.InfiniteTimeSpan);
            }

            callback(state);
        }

        public void Dispose()
        {
            timer!.Dispose();
            Forget();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Wait(DateTimeOffset from, TimeSpan wait)
        {
            time.waiting.Remove(this);
            if (wait >= TimeSpan.Zero)
            {
                Due = from + wait;
                time.waiting.Add(this);
                time.changed.TrySetResult();
                time.changed = NewSignal();
            }
        }

        private void Forget()
        {
            lock (time.gate)
            {
                time.waiting.Remove(this);
            }
        }
    }
}
