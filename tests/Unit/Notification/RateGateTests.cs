using AlertResponder.Notification;
using AlertResponder.Tests.Unit.Time;

namespace AlertResponder.Tests.Unit.Notification;

public sealed class RateGateTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly WatchedTimeProvider time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PassAsync_SeveralAtOnce_LetsOneASecondPass()
    {
        using var gate = new RateGate(1, Second, time);

        await gate.PassAsync(Cancellation);
        var second = gate.PassAsync(Cancellation);
        var third = gate.PassAsync(Cancellation);

        time.Advance(TimeSpan.FromMilliseconds(999));
        second.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromMilliseconds(1));
        await second.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        third.IsCompleted.ShouldBeFalse();
        (await time.NextWaitAsync(Cancellation)).ShouldBe(Second);
        time.Advance(Second);
        await third.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
    }

    [Fact]
    public async Task PassUrgentAsync_BehindManyThatWait_IsTheNextAfterTheOneThatHasItsTurn()
    {
        using var gate = new RateGate(1, Second, time);
        await gate.PassAsync(Cancellation);
        Task[] waiting = [gate.PassAsync(Cancellation), gate.PassAsync(Cancellation), gate.PassAsync(Cancellation)];

        var urgent = gate.PassUrgentAsync(Cancellation);
        time.Advance(Second);
        await waiting[0].WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        (await time.NextWaitAsync(Cancellation)).ShouldBe(Second);
        time.Advance(Second);

        await urgent.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        waiting[1].IsCompleted.ShouldBeFalse();
        (await time.NextWaitAsync(Cancellation)).ShouldBe(Second);
        time.Advance(Second);
        await waiting[1].WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        waiting[2].IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task PassAsync_Cancelled_DoesNotBlockTheNext()
    {
        using var gate = new RateGate(1, Second, time);
        using var cancellation = new CancellationTokenSource();
        await gate.PassAsync(Cancellation);
        var cancelled = gate.PassAsync(cancellation.Token);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => cancelled);
        time.Advance(Second);

        await gate.PassAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
    }

    [Fact]
    public void TryPass_Burst_ThenOneAnInterval()
    {
        using var gate = new RateGate(3, Second, time);

        Enumerable.Range(0, 4).Select(_ => gate.TryPass()).ShouldBe([true, true, true, false]);
        time.Advance(Second);
        Enumerable.Range(0, 2).Select(_ => gate.TryPass()).ShouldBe([true, false]);
        time.Advance(TimeSpan.FromMinutes(1));
        Enumerable.Range(0, 4).Select(_ => gate.TryPass()).ShouldBe([true, true, true, false]);
    }

    [Fact]
    public async Task TryPass_SomebodyWaits_IsRefused()
    {
        using var gate = new RateGate(1, Second, time);
        gate.TryPass().ShouldBeTrue();
        var waiting = gate.PassAsync(Cancellation);

        gate.TryPass().ShouldBeFalse();

        time.Advance(Second);
        await waiting.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
    }
}
