using Microsoft.Extensions.Time.Testing;

namespace AlertResponder.Tests.Unit.Remediation;

/// <summary>A clock that a test moves. What waits beside it is real, for the cluster is: the upstream's retries a twentieth as long, its timeouts in full.</summary>
internal sealed class RoomTime : TimeProvider
{
    private const int Factor = 20;
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider clock = new(Incidents.Samples.Start);

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public void Advance(TimeSpan by) => clock.Advance(by);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Shorter(dueTime), Shorter(period));

    private static TimeSpan Shorter(TimeSpan wait) => wait > TimeSpan.Zero && wait < ShortestTimeout ? wait / Factor : wait;
}
