namespace AlertResponder.Notification;

/// <summary>Lets a few pass at once and then one at each interval, in the order they came; the urgent ones before others.</summary>
/// <param name="burst">How many pass at once after a rest.</param>
/// <param name="interval">What each of them takes off that.</param>
/// <param name="time">The clock; its timestamps, which nobody sets back.</param>
internal sealed class RateGate(int burst, TimeSpan interval, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);

    // Of those that are not urgent one at a time waits for the turn.
    private readonly SemaphoreSlim others = new(1, 1);
    private readonly long start = time.GetTimestamp();
    private TimeSpan next = TimeSpan.Zero;

    /// <summary>Returns when the caller may go on.</summary>
    public async Task PassAsync(CancellationToken cancellationToken)
    {
        await others.WaitAsync(cancellationToken);
        try
        {
            await PassUrgentAsync(cancellationToken);
        }
        finally
        {
            others.Release();
        }
    }

    /// <summary>Returns when the caller may go on: after one that has its turn, and after other urgent ones that came before.</summary>
    public async Task PassUrgentAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            while (Wait() is var wait && wait > TimeSpan.Zero)
                await Task.Delay(wait, time, cancellationToken);
            Take();
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Passes if that is possible without a wait; whoever waits goes first.</summary>
    public bool TryPass()
    {
        if (!turn.Wait(0))
            return false;
        try
        {
            if (Wait() > TimeSpan.Zero)
                return false;
            Take();
            return true;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        turn.Dispose();
        others.Dispose();
    }

    private TimeSpan Now => time.GetElapsedTime(start);

    private TimeSpan Wait() => next - ((burst - 1) * interval) - Now;

    private void Take()
    {
        var now = Now;
        next = (next > now ? next : now) + interval;
    }
}
