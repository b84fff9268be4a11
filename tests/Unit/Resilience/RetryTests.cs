using AlertResponder.Resilience;
using Polly.Timeout;

namespace AlertResponder.Tests.Unit.Resilience;

public sealed class RetryTests
{
    private readonly ScriptedUpstream upstream = new();

    [Fact]
    public async Task CallAsync_TransientFailures_TriesFourTimesThenThrowsTheLast()
    {
        for (var i = 0; i < 4; i++)
        {
            upstream.Answers(FailureKind.Transient);
        }

        (await upstream.OutcomeAsync()).ShouldBeOfType<SortedException>();

        upstream.Sent.ShouldBe(4);
    }

    [Fact]
    public async Task CallAsync_PermanentFailure_IsNotRetried()
    {
        upstream.Answers(FailureKind.Permanent);

        (await upstream.OutcomeAsync()).ShouldBeOfType<SortedException>();

        upstream.Sent.ShouldBe(1);
        upstream.Time.Waits.ShouldBeEmpty();
    }

    [Fact]
    public async Task CallAsync_RetryAfter_IsWaitedForExactly()
    {
        upstream
            .Answers(_ => throw new SortedException(FailureKind.Throttled, TimeSpan.FromSeconds(7)))
            .Answers(_ => throw new SortedException(FailureKind.Transient, TimeSpan.FromSeconds(42)));
        var start = upstream.Time.GetUtcNow();

        (await upstream.OutcomeAsync()).ShouldBeNull();

        upstream.SentAt.ShouldBe([start, start.AddSeconds(7), start.AddSeconds(49)]);
    }

    // Bounds of the sums up to each retry: of 2^n * 0.5 s the jitter leaves from tanh(sqrt(4n))/1.4 at n to that at n + 1.
    [Fact]
    public async Task CallAsync_NoRetryAfter_BacksOffExponentiallyFromHalfASecondWithJitter()
    {
        List<double> firstDelays = [];
        for (var i = 0; i < 50; i++)
        {
            var scripted = new ScriptedUpstream();
            for (var failure = 0; failure < 4; failure++)
            {
                scripted.Answers(_ => throw new SortedException(FailureKind.Transient));
            }

            await scripted.OutcomeAsync();

            var sent = scripted.SentAt.Select(at => (at - scripted.SentAt[0]).TotalSeconds).ToArray();
            sent.Length.ShouldBe(4);
            sent[1].ShouldBeInRange(0, 0.7);
            sent[2].ShouldBeInRange(0.65, 1.45);
            sent[3].ShouldBeInRange(1.4, 2.9);
            firstDelays.Add(sent[1]);
        }

        firstDelays.Distinct().Count().ShouldBeGreaterThan(25);
        firstDelays.Average().ShouldBeInRange(0.15, 0.55);
    }

    [Fact]
    public async Task CallAsync_TriesHang_TimesOutEachAndThrowsAfterTheRetries()
    {
        AllHang(upstream);

        (await upstream.OutcomeAsync()).ShouldBeOfType<TimeoutRejectedException>().Timeout.ShouldBe(TimeSpan.FromSeconds(5));

        upstream.Sent.ShouldBe(4);
        // Four tries of 5 s and the retries' delays between them.
        (upstream.Time.GetUtcNow() - upstream.SentAt[0]).TotalSeconds.ShouldBeInRange(21.4, 22.9);
    }

    [Fact]
    public async Task CallAsync_OwnTryTimeout_IsUsedInstead()
    {
        AllHang(upstream);

        (await upstream.OutcomeAsync(TimeSpan.FromSeconds(10))).ShouldBeOfType<TimeoutRejectedException>().Timeout.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task CallAsync_OwnTryTimeout_IsForThatCallOnly()
    {
        await upstream.OutcomeAsync(TimeSpan.FromSeconds(10));
        AllHang(upstream);

        (await upstream.OutcomeAsync()).ShouldBeOfType<TimeoutRejectedException>().Timeout.ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task CallAsync_TimeoutThenAnswer_Succeeds()
    {
        upstream.Answers(upstream.HangAsync);

        (await upstream.OutcomeAsync()).ShouldBeNull();

        upstream.Sent.ShouldBe(2);
    }

    [Fact]
    public async Task CallAsync_CallerGivesUpBetweenTries_EndsAtOnce()
    {
        using var caller = new CancellationTokenSource();
        upstream.Answers(_ => throw new SortedException(FailureKind.Transient, TimeSpan.FromHours(1)));
        var call = upstream.CallForAsync(caller.Token);

        await caller.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(call);
        upstream.Sent.ShouldBe(1);
    }

    [Fact]
    public async Task CallAsync_CancelledBefore_SendsNothing()
    {
        await Should.ThrowAsync<OperationCanceledException>(() => upstream.CallForAsync(new CancellationToken(canceled: true)));

        upstream.Sent.ShouldBe(0);
    }

    private static void AllHang(ScriptedUpstream upstream)
    {
        for (var i = 0; i < 4; i++)
        {
            upstream.Answers(upstream.HangAsync);
        }
    }
}
