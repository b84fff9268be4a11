using System.Collections.Concurrent;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace AlertResponder.Tests.Unit.Time;

public sealed class ManualTimeProviderTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 2, 13, 0, TimeSpan.Zero);
    private readonly ManualTimeProvider time = new(Start);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void GetUtcNow_Untouched_StandsStill()
    {
        time.GetUtcNow().ShouldBe(Start);
        time.GetUtcNow().ShouldBe(Start);
        time.GetLocalNow().ShouldBe(Start);
    }

    [Fact]
    public void GetTimestamp_Advanced_MeasuresTheSameAsTheClock()
    {
        var before = time.GetTimestamp();

        time.Advance(TimeSpan.FromMilliseconds(1234));

        time.GetElapsedTime(before).ShouldBe(TimeSpan.FromMilliseconds(1234));
        time.GetUtcNow().ShouldBe(Start.AddMilliseconds(1234));
    }

    [Fact]
    public void Advance_SeveralTimers_FireInOrderEachAtItsOwnTime()
    {
        List<(string Name, DateTimeOffset At)> fired = [];
        using var late = Timer("late", 3, fired);
        using var early = Timer("early", 1, fired);
        using var sameAsLate = Timer("same as late", 3, fired);
        using var never = Timer("never", 4, fired);

        time.Advance(TimeSpan.FromSeconds(3.5));

        fired.ShouldBe([("early", Start.AddSeconds(1)), ("late", Start.AddSeconds(3)), ("same as late", Start.AddSeconds(3))]);
        time.GetUtcNow().ShouldBe(Start.AddSeconds(3.5));
        time.Waits.ShouldBe([TimeSpan.FromSeconds(0.5)]);
    }

    [Fact]
    public void Advance_PeriodicTimer_FiresOncePerPeriod()
    {
        List<DateTimeOffset> fired = [];
        using var timer = time.CreateTimer(_ => fired.Add(time.GetUtcNow()), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));

        time.Advance(TimeSpan.FromSeconds(25));

        fired.ShouldBe([Start.AddSeconds(1), Start.AddSeconds(11), Start.AddSeconds(21)]);
    }

    [Fact]
    public void Advance_CallbackSetsAnotherTimer_FiresItTooWhenItComesDue()
    {
        List<(string Name, DateTimeOffset At)> fired = [];
        ITimer? second = null;
        using var first = time.CreateTimer(_ => second = Timer("second", 1, fired), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        time.Advance(TimeSpan.FromSeconds(5));

        fired.ShouldBe([("second", Start.AddSeconds(2))]);
        second.ShouldNotBeNull().Dispose();
    }

    [Fact]
    public void Change_PendingTimer_FiresAtTheNewTimeOnly()
    {
        List<(string Name, DateTimeOffset At)> fired = [];
        using var timer = Timer("changed", 1, fired);

        timer.Change(TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan).ShouldBeTrue();
        time.Advance(TimeSpan.FromSeconds(4));
        fired.ShouldBeEmpty();
        time.Advance(TimeSpan.FromSeconds(1));

        fired.ShouldBe([("changed", Start.AddSeconds(5))]);
    }

    [Fact]
    public void Change_Infinite_StopsTheTimerUntilItIsChangedAgain()
    {
        List<(string Name, DateTimeOffset At)> fired = [];
        using var timer = Timer("stopped", 1, fired);

        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        time.Advance(TimeSpan.FromHours(1));
        fired.ShouldBeEmpty();
        timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        fired.ShouldBe([("stopped", Start.AddHours(1))]);
    }

    [Fact]
    public void Dispose_PendingTimer_NeverFires()
    {
        List<(string Name, DateTimeOffset At)> fired = [];
        var timer = Timer("disposed", 1, fired);

        timer.Dispose();
        time.Advance(TimeSpan.FromSeconds(2));

        fired.ShouldBeEmpty();
        timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan).ShouldBeFalse();
        time.Waits.ShouldBeEmpty();
    }

    [Fact]
    public void Advance_Backwards_IsRefused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => time.Advance(TimeSpan.FromTicks(-1)));

    [Fact]
    public void CreateTimer_NegativeDueTime_IsRefused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => time.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(-1), Timeout.InfiniteTimeSpan));

    [Fact]
    public async Task TaskDelay_OnThisClock_EndsWithTheAdvance()
    {
        var delay = Task.Delay(TimeSpan.FromMinutes(5), time, Token);

        time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        delay.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromTicks(1));

        await delay.WaitAsync(TimeSpan.FromSeconds(10), Token);
    }

    [Fact]
    public void CancellationTokenSource_OnThisClock_CancelsWithTheAdvance()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(5), time);

        time.Advance(TimeSpan.FromSeconds(4));
        source.IsCancellationRequested.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));

        source.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task PeriodicTimer_OnThisClock_TicksWithTheAdvance()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(30), time);
        var tick = timer.WaitForNextTickAsync(Token);
        tick.IsCompleted.ShouldBeFalse();

        time.Advance(TimeSpan.FromSeconds(30));

        (await tick).ShouldBeTrue();
    }

    [Fact]
    public async Task Polly_OnThisClock_RetriesAndTimesOutWithTheAdvance()
    {
        var tries = 0;
        var pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions { MaxRetryAttempts = 1, Delay = TimeSpan.FromSeconds(7), BackoffType = DelayBackoffType.Constant })
            .AddTimeout(TimeSpan.FromSeconds(20))
            .Build();
        var call = pipeline.ExecuteAsync(async token =>
        {
            tries++;
            await Task.Delay(Timeout.InfiniteTimeSpan, time, token);
        }, Token).AsTask();

        (await time.NextWaitAsync(Token)).ShouldBe(TimeSpan.FromSeconds(20));
        time.Advance(TimeSpan.FromSeconds(20));
        (await time.NextWaitAsync(Token)).ShouldBe(TimeSpan.FromSeconds(7));
        time.Advance(TimeSpan.FromSeconds(7));
        (await time.NextWaitAsync(Token)).ShouldBe(TimeSpan.FromSeconds(20));
        time.Advance(TimeSpan.FromSeconds(20));

        await Should.ThrowAsync<TimeoutRejectedException>(call);
        tries.ShouldBe(2);
    }

    [Fact]
    public async Task NextWaitAsync_TimerSetLater_WaitsForIt()
    {
        var wait = time.NextWaitAsync(Token);
        wait.IsCompleted.ShouldBeFalse();

        using var timer = time.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);

        (await wait).ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Advance_FromManyThreads_FiresEveryTimerOnce()
    {
        ConcurrentBag<int> fired = [];
        var setting = Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                var number = (worker * 100) + i;
                time.CreateTimer(_ => fired.Add(number), null, TimeSpan.FromMilliseconds(1 + (number % 7)), Timeout.InfiniteTimeSpan);
                time.Advance(TimeSpan.FromMilliseconds(1));
            }
        }, Token));

        await Task.WhenAll(setting);
        time.Advance(TimeSpan.FromMilliseconds(10));

        fired.Order().ShouldBe(Enumerable.Range(0, 800));
    }

    private ITimer Timer(string name, double seconds, List<(string, DateTimeOffset)> fired) =>
        time.CreateTimer(_ => fired.Add((name, time.GetUtcNow())), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
}
