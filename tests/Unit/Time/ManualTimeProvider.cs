namespace AlertResponder.Tests.Unit.Time;

/// <summary>
/// A clock that stands until a test moves it, and timers that fire only then: in the order of their due times, each at a
/// clock that shows its due time. Also for what takes a <see cref="TimeProvider"/>: delays, cancellation sources, Polly.
/// </summary>
internal sealed class ManualTimeProvider(DateTimeOffset start) : TimeProvider
{
    private static readonly TimeSpan RealDeadline = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly List<ManualTimer> pending = [];
    private TaskCompletionSource changed = NewSignal();
    private DateTimeOffset now = start.ToUniversalTime();
    private long scheduled;

    public ManualTimeProvider()
        : this(new DateTimeOffset(2026, 11, 22, 2, 13, 0, TimeSpan.Zero))
    {
    }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How long each pending timer still has to wait, the soonest first.</summary>
    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (gate)
            {
                return [.. pending.Select(timer => timer.Due - now).Order()];
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock on and fires, before it returns, every timer that comes due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var target = GetUtcNow() + by;
        while (NextDue(target) is { } timer)
        {
            timer.Fire();
        }
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
                if (pending.Count > 0)
                {
                    return pending.Min(timer => timer.Due) - now;
                }

                next = changed.Task;
            }

            await next.WaitAsync(RealDeadline, cancellationToken);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One at a time: a callback may set, change or dispose others.
    private ManualTimer? NextDue(DateTimeOffset target)
    {
        lock (gate)
        {
            var timer = pending.Where(timer => timer.Due <= target).OrderBy(timer => timer.Due).ThenBy(timer => timer.Turn).FirstOrDefault();
            var moment = timer?.Due ?? target;
            now = moment > now ? moment : now;
            timer?.Reschedule();
            return timer;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider time, TimerCallback callback, object? state) : ITimer
    {
        private static readonly ContextCallback Invoke = timer => ((ManualTimer)timer!).Run();

        private readonly ExecutionContext? context = ExecutionContext.Capture();
        private TimeSpan period;
        private bool disposed;

        public DateTimeOffset Due { get; private set; }

        public long Turn { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            ThrowIfNoWait(dueTime, nameof(dueTime));
            ThrowIfNoWait(period, nameof(period));
            lock (time.gate)
            {
                if (disposed)
                {
                    return false;
                }

                time.pending.Remove(this);
                this.period = period > TimeSpan.Zero ? period : Timeout.InfiniteTimeSpan;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Schedule(dueTime);
                }
            }

            if (dueTime == TimeSpan.Zero)
            {
                time.Advance(TimeSpan.Zero);
            }

            return true;
        }

        /// <summary>Called with the gate held.</summary>
        public void Reschedule()
        {
            time.pending.Remove(this);
            if (period != Timeout.InfiniteTimeSpan)
            {
                Schedule(Due - time.now + period);
            }
        }

        public void Fire()
        {
            // Whoever moves the clock lends its thread, not its async locals.
            if (context is null)
            {
                Run();
            }
            else
            {
                ExecutionContext.Run(context, Invoke, this);
            }
        }

        public void Dispose()
        {
            lock (time.gate)
            {
                disposed = true;
                time.pending.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private static void ThrowIfNoWait(TimeSpan wait, string name)
        {
            if (wait < TimeSpan.Zero && wait != Timeout.InfiniteTimeSpan)
            {
                throw new ArgumentOutOfRangeException(name, wait, "Neither zero, positive nor infinite.");
            }
        }

        private void Run() => callback(state);

        private void Schedule(TimeSpan dueTime)
        {
            Due = time.now + dueTime;
            Turn = time.scheduled++;
            time.pending.Add(this);
            time.changed.TrySetResult();
            time.changed = NewSignal();
        }
    }
}
