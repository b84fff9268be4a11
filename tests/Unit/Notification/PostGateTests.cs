using AlertResponder.Notification.Slack;

namespace AlertResponder.Tests.Unit.Notification;

public sealed class PostGateTests
{
    [Fact]
    public async Task PassAsync_SeveralAtOnce_LetsOneASecondPass()
    {
        var time = new ManualTime();
        using var gate = new PostGate(time);

        await gate.PassAsync(TestContext.Current.CancellationToken);
        var second = gate.PassAsync(TestContext.Current.CancellationToken);
        var third = gate.PassAsync(TestContext.Current.CancellationToken);

        time.Advance(TimeSpan.FromMilliseconds(999));
        second.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromMilliseconds(1));
        await second.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        third.IsCompleted.ShouldBeFalse();
        await time.AdvanceWhenAwaitedAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        await third.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task PassAsync_ASecondAfterTheLast_PassesAtOnce()
    {
        var time = new ManualTime();
        using var gate = new PostGate(time);
        await gate.PassAsync(TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(1));

        gate.PassAsync(TestContext.Current.CancellationToken).IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task PassAsync_Cancelled_DoesNotBlockTheNext()
    {
        var time = new ManualTime();
        using var gate = new PostGate(time);
        using var cancellation = new CancellationTokenSource();
        await gate.PassAsync(TestContext.Current.CancellationToken);
        var cancelled = gate.PassAsync(cancellation.Token);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => cancelled);
        time.Advance(TimeSpan.FromSeconds(1));

        await gate.PassAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }
}
