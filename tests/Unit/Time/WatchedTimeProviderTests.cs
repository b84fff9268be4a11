namespace AlertResponder.Tests.Unit.Time;

public sealed class WatchedTimeProviderTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly WatchedTimeProvider time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Waits_TimersSetFiredChangedAndDisposed_AreThosePending()
    {
        using var late = Timer(3 * Second);
        using var early = Timer(Second);
        using var stopped = Timer(2 * Second);
        var disposed = Timer(4 * Second);
        using var periodic = Timer(5 * Second, period: 10 * Second);
        time.Waits.ShouldBe([Second, 2 * Second, 3 * Second, 4 * Second, 5 * Second]);

        time.Advance(Second);
        stopped.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan).ShouldBeTrue();
        disposed.Dispose();
        time.Waits.ShouldBe([2 * Second, 4 * Second]);

        time.Advance(4 * Second);
        time.Waits.ShouldBe([10 * Second]);
        early.Change(7 * Second, Timeout.InfiniteTimeSpan).ShouldBeTrue();
        disposed.Change(Second, Timeout.InfiniteTimeSpan).ShouldBeFalse();
        time.Waits.ShouldBe([7 * Second, 10 * Second]);
    }

    [Fact]
    public async Task Waits_DelayCancelled_IsNoMore()
    {
        using var cancellation = new CancellationTokenSource();
        var delay = Task.Delay(Second, time, cancellation.Token);
        time.Waits.ShouldBe([Second]);

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(delay);
        time.Waits.ShouldBeEmpty();
    }

    [Fact]
    public async Task NextWaitAsync_TimerSetLater_WaitsForIt()
    {
        var wait = time.NextWaitAsync(Token);
        wait.IsCompleted.ShouldBeFalse();

        using var timer = Timer(3 * Second);

        (await wait).ShouldBe(3 * Second);
    }

    [Fact]
    public void Advance_TimerThatSetsItselfAgain_WaitsFromThen()
    {
        var fired = 0;
        ITimer? again = null;
        again = time.CreateTimer(_ => again!.Change(++fired * Second, Timeout.InfiniteTimeSpan), null, Second, Timeout.InfiniteTimeSpan);

        time.Advance(Second);

        fired.ShouldBe(1);
        time.Waits.ShouldBe([Second]);
        again.Dispose();
    }

    private ITimer Timer(TimeSpan dueTime, TimeSpan? period = null) => time.CreateTimer(_ => { }, null, dueTime, period ?? Timeout.InfiniteTimeSpan);
}
