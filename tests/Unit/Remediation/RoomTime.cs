using AlertResponder.Tests.Unit.Time;

namespace AlertResponder.Tests.Unit.Remediation;

/// <summary>A clock that a test moves; what waits beside it, such as the upstream's retries against a real server, waits a twentieth.</summary>
internal sealed class RoomTime : TimeProvider
{
    private const int Factor = 20;

    private readonly ManualTimeProvider clock = new(Incidents.Samples.Start);

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public void Advance(TimeSpan by) => clock.Advance(by);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Shorter(dueTime), Shorter(period));

    private static TimeSpan Shorter(TimeSpan wait) => wait > TimeSpan.Zero ? wait / Factor : wait;
}
