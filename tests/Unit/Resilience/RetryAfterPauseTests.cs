using AlertResponder.Resilience;

namespace AlertResponder.Tests.Unit.Resilience;

/// <summary>Slack: one answer that says how long to wait holds every call that long.</summary>
public sealed class RetryAfterPauseTests
{
    private readonly ScriptedUpstream upstream = new(ScriptedUpstream.Policy with { PausesForRetryAfter = true });

    [Fact]
    public async Task CallAsync_OneThrottleWithRetryAfter_PausesAllCallersThatLong()
    {
        upstream.Answers(_ => throw new SortedException(FailureKind.Throttled, TimeSpan.FromSeconds(30)));
        var start = upstream.Time.GetUtcNow();

        var first = upstream.CallAsync();
        (await upstream.OutcomeAsync(upstream.CallAsync())).ShouldBeOfType<UpstreamPausedException>().PausedUntil.ShouldBe(start.AddSeconds(30));
        upstream.Upstream.PausedUntil.ShouldBe(start.AddSeconds(30));
        upstream.Sent.ShouldBe(1);

        (await upstream.OutcomeAsync(first)).ShouldBeNull();
        upstream.SentAt.ShouldBe([start, start.AddSeconds(30)]);
        upstream.Upstream.PausedUntil.ShouldBeNull();
    }

    [Fact]
    public async Task CallAsync_OneThrottleWithoutRetryAfter_PausesNobody()
    {
        upstream.Answers(_ => throw new SortedException(FailureKind.Throttled));

        var first = upstream.CallAsync();
        (await upstream.CallAsync()).ShouldBe("ok");

        (await upstream.OutcomeAsync(first)).ShouldBeNull();
    }

    [Fact]
    public async Task CallAsync_SuccessOfACallBegunBefore_DoesNotEndThePause()
    {
        var answer = new TaskCompletionSource<string>();
        upstream.Answers(_ => answer.Task).Answers(_ => throw new SortedException(FailureKind.Throttled, TimeSpan.FromSeconds(3)));
        var early = upstream.CallAsync();
        var throttled = upstream.CallAsync();

        answer.SetResult("ok");
        await early;

        upstream.Upstream.PausedUntil.ShouldNotBeNull();
        (await upstream.OutcomeAsync(upstream.CallAsync())).ShouldBeOfType<UpstreamPausedException>();
        (await upstream.OutcomeAsync(throttled)).ShouldBeNull();
    }

    [Fact]
    public async Task CallAsync_ShorterRetryAfterOfACallBegunBefore_DoesNotShortenThePause()
    {
        var answer = new TaskCompletionSource<string>();
        upstream.Answers(_ => answer.Task).Answers(_ => throw new SortedException(FailureKind.Throttled, TimeSpan.FromSeconds(4)));
        var start = upstream.Time.GetUtcNow();
        using var callers = new CancellationTokenSource();
        var early = upstream.CallForAsync(callers.Token);
        var throttled = upstream.CallForAsync(callers.Token);

        answer.SetException(new SortedException(FailureKind.Throttled, TimeSpan.FromSeconds(1)));

        upstream.Upstream.PausedUntil.ShouldBe(start.AddSeconds(4));
        await callers.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(early);
        await Should.ThrowAsync<OperationCanceledException>(throttled);
    }

    [Fact]
    public async Task CallAsync_ThreeThrottlesWithRetryAfter_PausesForFiveMinutesAllTheSame()
    {
        for (var i = 0; i < 3; i++)
        {
            upstream.Answers(_ => throw new SortedException(FailureKind.Throttled, TimeSpan.FromSeconds(2)));
        }

        var start = upstream.Time.GetUtcNow();
        (await upstream.OutcomeAsync()).ShouldBeOfType<UpstreamPausedException>();

        upstream.SentAt.ShouldBe([start, start.AddSeconds(2), start.AddSeconds(4)]);
        upstream.Upstream.PausedUntil.ShouldBe(start.AddSeconds(4).AddMinutes(5));
    }
}
