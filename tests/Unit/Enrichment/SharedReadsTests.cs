using AlertResponder.Enrichment.Cluster;
using AlertResponder.Tests.Unit.Incidents;
using Microsoft.Extensions.Time.Testing;

namespace AlertResponder.Tests.Unit.Enrichment;

public sealed class SharedReadsTests
{
    private readonly FakeTimeProvider time = new(Samples.Start);
    private readonly SharedReads shared = new(TimeSpan.FromSeconds(5));
    private int reads;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_AtOnce_IsOneRead()
    {
        var answer = new TaskCompletionSource<string>();

        var all = Enumerable.Range(0, 25).Select(_ => ReadAsync(_ => answer.Task)).ToArray();
        answer.SetResult("node");

        (await Task.WhenAll(all)).ShouldAllBe(value => value == "node");
        reads.ShouldBe(1);
    }

    [Fact]
    public async Task Read_AMomentLater_IsTheSameUntilItIsTooOld()
    {
        await ReadAsync(_ => Task.FromResult("old"));

        time.Advance(TimeSpan.FromSeconds(4));
        (await ReadAsync(_ => Task.FromResult("new"))).ShouldBe("old");
        time.Advance(TimeSpan.FromSeconds(1));
        (await ReadAsync(_ => Task.FromResult("new"))).ShouldBe("new");
    }

    [Fact]
    public async Task Read_AskedForAfresh_IsReadAnew()
    {
        await ReadAsync(_ => Task.FromResult("old"));
        time.Advance(TimeSpan.FromSeconds(1));

        (await shared.ReadAsync("node", time.GetTimestamp(), time, _ => Task.FromResult("new"), Cancellation)).ShouldBe("new");
    }

    [Fact]
    public async Task Read_AnotherTypeOfTheSameName_IsAnotherRead()
    {
        await ReadAsync(_ => Task.FromResult("text"));

        (await shared.ReadAsync("node", long.MinValue, time, _ => Task.FromResult(new Version(1, 2)), Cancellation)).ShouldBe(new Version(1, 2));
    }

    [Fact]
    public async Task Read_Fails_FailsAllWhoWaitAndNobodyAfter()
    {
        var answer = new TaskCompletionSource<string>();
        var all = Enumerable.Range(0, 3).Select(_ => ReadAsync(_ => answer.Task)).ToArray();

        answer.SetException(new InvalidOperationException());

        foreach (var read in all)
        {
            await Should.ThrowAsync<InvalidOperationException>(() => read);
        }

        (await ReadAsync(_ => Task.FromResult("well"))).ShouldBe("well");
    }

    [Fact]
    public async Task Read_TheFirstGivesUp_TheOthersGetTheirs()
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var answer = new TaskCompletionSource<string>();
        var first = ReadAsync(token => answer.Task.WaitAsync(token), gone.Token);
        var second = ReadAsync(token => answer.Task.WaitAsync(token));

        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        answer.SetResult("node");

        (await second).ShouldBe("node");
        reads.ShouldBe(1);
    }

    [Fact]
    public async Task Read_AllGiveUp_IsCancelledAndForgotten()
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var cancelled = new TaskCompletionSource();
        var read = ReadAsync(
            async token =>
            {
                await using var registration = token.Register(cancelled.SetResult);
                await cancelled.Task;
                token.ThrowIfCancellationRequested();
                return "never";
            },
            gone.Token);

        await gone.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => read);
        await cancelled.Task.WaitAsync(Cancellation);
        (await ReadAsync(_ => Task.FromResult("well"))).ShouldBe("well");
    }

    [Fact]
    public async Task Read_ManyThings_KeepsTheNewest()
    {
        for (var number = 0; number < 1000; number++)
        {
            await shared.ReadAsync($"pod {number}", long.MinValue, time, Count(_ => Task.FromResult("pod")), Cancellation);
        }

        await shared.ReadAsync("pod 999", long.MinValue, time, Count(_ => Task.FromResult("pod")), Cancellation);
        reads.ShouldBe(1000);
        await shared.ReadAsync("pod 0", long.MinValue, time, Count(_ => Task.FromResult("pod")), Cancellation);
        reads.ShouldBe(1001);
    }

    private Task<string> ReadAsync(Func<CancellationToken, Task<string>> read, CancellationToken? cancellationToken = null) =>
        shared.ReadAsync("node", long.MinValue, time, Count(read), cancellationToken ?? Cancellation);

    private Func<CancellationToken, Task<string>> Count(Func<CancellationToken, Task<string>> read) => token =>
    {
        Interlocked.Increment(ref reads);
        return read(token);
    };
}
