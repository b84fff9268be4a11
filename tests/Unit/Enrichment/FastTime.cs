namespace AlertResponder.Tests.Unit.Enrichment;

/// <summary>A clock twenty times as fast as the real one, for waits whose other end is a real server.</summary>
internal sealed class FastTime : TimeProvider
{
    private const int Factor = 20;

    private readonly DateTimeOffset start = System.GetUtcNow();
    private readonly long started = System.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => start + (System.GetElapsedTime(started) * Factor);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Shorter(dueTime), Shorter(period));

    private static TimeSpan Shorter(TimeSpan wait) => wait > TimeSpan.Zero ? wait / Factor : wait;
}
