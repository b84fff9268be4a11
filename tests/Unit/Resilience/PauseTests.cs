using AlertResponder.Resilience;

namespace AlertResponder.Tests.Unit.Resilience;

/// <summary>The 429 rule.</summary>
public sealed class PauseTests
{
    private const FailureKind Throttled = FailureKind.Throttled;
    private const FailureKind Transient = FailureKind.Transient;
    private const FailureKind Permanent = FailureKind.Permanent;
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private readonly ScriptedUpstream upstream = new();

    [Fact]
    public async Task CallAsync_ThreeThrottlesInARow_SendsExactlyThreeAndPausesForFiveMinutes()
    {
        upstream.Answers(Throttled, Throttled, Throttled);
        var start = upstream.Time.GetUtcNow();

        var refusal = (await upstream.OutcomeAsync()).ShouldBeOfType<UpstreamPausedException>();

        upstream.Sent.ShouldBe(3);
        refusal.Upstream.ShouldBe("scripted");
        refusal.PausedUntil.ShouldBe(start + FiveMinutes);
        upstream.Upstream.PausedUntil.ShouldBe(start + FiveMinutes);
    }

    [Fact]
    public async Task CallAsync_WhilePaused_SendsNothingUntilTheLastTick()
    {
        await PauseAsync();

        upstream.Time.Advance(FiveMinutes - Tick);
        for (var i = 0; i < 20; i++)
        {
            (await upstream.OutcomeAsync()).ShouldBeOfType<UpstreamPausedException>();
        }

        upstream.Sent.ShouldBe(3);
    }

    [Fact]
    public async Task CallAsync_ThirdThrottleAsksForALongWait_IsRefusedAtOnceInsteadOfWaitingInVain()
    {
        for (var i = 0; i < 2; i++)
        {
            upstream.Answers(Throttled);
        }

        upstream.Answers(_ => throw new SortedException(Throttled, TimeSpan.FromMinutes(3)));
        var start = upstream.Time.GetUtcNow();

        (await upstream.OutcomeAsync()).ShouldBeOfType<UpstreamPausedException>();

        upstream.Time.GetUtcNow().ShouldBe(start);
    }

    [Fact]
    public async Task CallAsync_PauseOver_SendsOneTrialWhoseSuccessCloses()
    {
        await PauseAsync();
        upstream.Time.Advance(FiveMinutes);
        var answer = new TaskCompletionSource<string>();
        upstream.Answers(_ => answer.Task);

        var trial = upstream.CallAsync();
        upstream.Sent.ShouldBe(4);
        foreach (var _ in Enumerable.Range(0, 5))
        {
            (await upstream.OutcomeAsync()).ShouldBeOfType<UpstreamPausedException>();
        }

        upstream.Sent.ShouldBe(4);
        answer.SetResult("ok");
        (await trial).ShouldBe("ok");

        (await upstream.OutcomeAsync()).ShouldBeNull();
        upstream.Sent.ShouldBe(5);
        upstream.Upstream.PausedUntil.ShouldBeNull();
    }

    [Fact]
    public async Task CallAsync_TrialClosed_CountsTheNextRowFromZero()
    {
        await PauseAsync();
        upstream.Time.Advance(FiveMinutes);
        (await upstream.OutcomeAsync()).ShouldBeNull();

        upstream.Answers(Throttled, Throttled, null);

        (await upstream.OutcomeAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task CallAsync_TrialThrottled_PausesForFiveMinutesAgain()
    {
        await PauseAsync();
        upstream.Time.Advance(FiveMinutes);
        upstream.Answers(Throttled);
        var trialAt = upstream.Time.GetUtcNow();

        (await upstream.OutcomeAsync()).ShouldBeOfType<UpstreamPausedException>();

        upstream.Sent.ShouldBe(4);
        upstream.Upstream.PausedUntil.ShouldBe(trialAt + FiveMinutes);
    }

    [Fact]
    public async Task CallAsync_TrialFailsOtherwise_PausesForThirtySeconds()
    {
        await PauseAsync();
        upstream.Time.Advance(FiveMinutes);
        upstream.Answers(Transient);
        var trialAt = upstream.Time.GetUtcNow();

        (await upstream.OutcomeAsync()).ShouldBeOfType<UpstreamPausedException>();

        upstream.Upstream.PausedUntil.ShouldBe(trialAt + TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task CallAsync_TrialFailsForGood_ClosesSinceTheUpstreamAnswers()
    {
        await PauseAsync();
        upstream.Time.Advance(FiveMinutes);
        upstream.Answers(Permanent);

        (await upstream.OutcomeAsync()).ShouldBeOfType<SortedException>();
        (await upstream.OutcomeAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task CallAsync_RetryAfterLongerThanFiveMinutes_IsHonoured()
    {
        upstream.Answers(Throttled, Throttled).Answers(_ => throw new SortedException(Throttled, TimeSpan.FromMinutes(12)));
        var start = upstream.Time.GetUtcNow();

        await upstream.OutcomeAsync();

        upstream.Upstream.PausedUntil.ShouldBe(start.AddMinutes(12));
    }

    [Fact]
    public async Task CallAsync_RetryAfterShorterThanFiveMinutes_DoesNotShortenThePause()
    {
        upstream.Answers(Throttled, Throttled).Answers(_ => throw new SortedException(Throttled, TimeSpan.FromSeconds(1)));
        var start = upstream.Time.GetUtcNow();

        await upstream.OutcomeAsync();

        upstream.Upstream.PausedUntil.ShouldBe(start + FiveMinutes);
    }

    [Fact]
    public async Task CallAsync_SuccessInBetween_EndsTheRow()
    {
        for (var i = 0; i < 10; i++)
        {
            upstream.Answers(Throttled, Throttled, null);
            (await upstream.OutcomeAsync()).ShouldBeNull();
        }

        upstream.Upstream.PausedUntil.ShouldBeNull();
    }

    [Fact]
    public async Task CallAsync_PermanentFailureInBetween_EndsTheRow()
    {
        for (var i = 0; i < 10; i++)
        {
            upstream.Answers(Throttled, Throttled, Permanent);
            (await upstream.OutcomeAsync()).ShouldBeOfType<SortedException>().Failure.Kind.ShouldBe(Permanent);
        }

        upstream.Upstream.PausedUntil.ShouldBeNull();
    }

    [Fact]
    public async Task CallAsync_RowAcrossCalls_Counts()
    {
        using var first = new CancellationTokenSource();
        upstream.Answers(_ => throw new SortedException(Throttled, TimeSpan.FromSeconds(9)));
        var call = upstream.CallForAsync(first.Token);
        await first.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(call);

        upstream.Answers(Throttled, Throttled);
        (await upstream.OutcomeAsync()).ShouldBeOfType<UpstreamPausedException>();

        upstream.Sent.ShouldBe(3);
    }

    [Fact]
    public async Task CallAsync_FiveOtherFailuresInARow_PausesForThirtySeconds()
    {
        upstream.Answers(Transient, Transient, Transient, Transient, Transient);
        var start = upstream.Time.GetUtcNow();

        (await upstream.OutcomeAsync()).ShouldBeOfType<SortedException>();
        upstream.Sent.ShouldBe(4);
        upstream.Upstream.PausedUntil.ShouldBeNull();
        (await upstream.OutcomeAsync()).ShouldBeOfType<UpstreamPausedException>();

        upstream.Sent.ShouldBe(5);
        upstream.Upstream.PausedUntil.ShouldBe(start.AddSeconds(30));
        upstream.Time.Advance(TimeSpan.FromSeconds(30));
        (await upstream.OutcomeAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task CallAsync_ThrottlesAndOtherFailuresInTurn_PauseAfterFive()
    {
        upstream.Answers(Throttled, Transient, Throttled, Transient, Throttled);

        await upstream.OutcomeAsync();
        (await upstream.OutcomeAsync()).ShouldBeOfType<UpstreamPausedException>();

        upstream.Sent.ShouldBe(5);
    }

    [Fact]
    public async Task CallAsync_CallerGivesUp_CountsAsNothing()
    {
        for (var i = 0; i < 10; i++)
        {
            using var caller = new CancellationTokenSource();
            upstream.Answers(upstream.HangAsync);
            var call = upstream.CallForAsync(caller.Token);
            await caller.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(call);
        }

        upstream.Upstream.PausedUntil.ShouldBeNull();
        (await upstream.OutcomeAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task CallAsync_CallerGivesUpTheTrial_LeavesItToTheNext()
    {
        await PauseAsync();
        upstream.Time.Advance(FiveMinutes);
        using var caller = new CancellationTokenSource();
        upstream.Answers(upstream.HangAsync);
        var trial = upstream.CallForAsync(caller.Token);
        await caller.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(trial);

        upstream.Answers(Throttled);
        (await upstream.OutcomeAsync()).ShouldBeOfType<UpstreamPausedException>();

        upstream.Sent.ShouldBe(5);
        upstream.Upstream.PausedUntil.ShouldNotBeNull();
    }

    [Fact]
    public async Task CallAsync_SuccessOfACallBegunBefore_DoesNotClose()
    {
        var answer = new TaskCompletionSource<string>();
        upstream.Answers(_ => answer.Task);
        var early = upstream.CallAsync();
        upstream.Answers(Throttled, Throttled, Throttled);
        await upstream.OutcomeAsync();

        answer.SetResult("ok");

        (await early).ShouldBe("ok");
        (await upstream.OutcomeAsync()).ShouldBeOfType<UpstreamPausedException>();
        upstream.Sent.ShouldBe(4);
    }

    [Fact]
    public async Task CallAsync_PermanentFailureOfACallBegunBefore_DoesNotClose()
    {
        var answer = new TaskCompletionSource<string>();
        upstream.Answers(_ => answer.Task);
        var early = upstream.CallAsync();
        await PauseAsync();

        answer.SetException(new SortedException(Permanent));
        await Should.ThrowAsync<SortedException>(early);

        (await upstream.OutcomeAsync()).ShouldBeOfType<UpstreamPausedException>();
    }

    [Fact]
    public async Task CallAsync_ManyCallersAtOnceAfterAPause_LetsOneThrough()
    {
        await PauseAsync();
        upstream.Time.Advance(FiveMinutes);
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        upstream.Answers(_ => answer.Task);

        var calls = Enumerable.Range(0, 16).Select(_ => Task.Run(() => upstream.CallAsync(), TestContext.Current.CancellationToken)).ToList();
        for (var refused = 0; refused < 15; refused++)
        {
            var call = await Task.WhenAny(calls);
            await Should.ThrowAsync<UpstreamPausedException>(call);
            calls.Remove(call);
        }

        upstream.Sent.ShouldBe(4);
        answer.SetResult("ok");
        (await calls.Single()).ShouldBe("ok");
    }

    private async Task PauseAsync()
    {
        upstream.Answers(Throttled, Throttled, Throttled);
        (await upstream.OutcomeAsync()).ShouldBeOfType<UpstreamPausedException>();
    }
}
