using System.Collections.Concurrent;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Incidents.Work;
using AlertResponder.Tests.Unit.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace AlertResponder.Tests.Unit.Incidents;

public sealed class WorkRoundsTests : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private readonly WatchedTimeProvider time = new(Samples.Start);
    private TemporaryStore store = null!;
    private WorkRounds rounds = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = await TemporaryStore.CreateAsync();
        rounds = new WorkRounds(store.Scopes, time, NullLogger.Instance);
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task Run_SomeFailEveryTime_TheOthersAreDoneAndThoseWaitForTheirNextTurn()
    {
        var incidents = await AddAsync(6);
        ConcurrentBag<Guid> done = [];
        var work = Work(async (_, incident, _) =>
        {
            done.Add(incident.Id);
            await Task.CompletedTask;
            if (incidents.Take(3).Contains(incident.Id))
            {
                throw new InvalidOperationException("always");
            }
        });

        (await rounds.RunAsync(work, Cancellation)).ShouldBeFalse();
        done.ShouldBe(incidents, ignoreOrder: true);
        (await rounds.RunAsync(work, Cancellation)).ShouldBeTrue();
        done.Count.ShouldBe(6);

        time.Advance(Lease);
        (await rounds.RunAsync(work, Cancellation)).ShouldBeFalse();
        done.Count.ShouldBe(12);
    }

    [Fact]
    public async Task Run_MoreThanARoundTakes_ThoseThatFailGoBehindTheOthers()
    {
        var incidents = await AddAsync(5);
        ConcurrentBag<Guid> done = [];
        var work = Work(
            (_, incident, _) =>
            {
                done.Add(incident.Id);
                return Task.FromException(new InvalidOperationException("always"));
            },
            batch: 3);

        await rounds.RunAsync(work, Cancellation);
        await rounds.RunAsync(work, Cancellation);

        done.ShouldBe(incidents, ignoreOrder: true);
    }

    [Fact]
    public async Task Run_InTwoProcesses_EachPieceIsDoneOnce()
    {
        var incidents = await AddAsync(20);
        ConcurrentBag<Guid> done = [];
        var work = Work((_, incident, _) =>
        {
            done.Add(incident.Id);
            return Task.CompletedTask;
        });

        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => new WorkRounds(store.Scopes, time, NullLogger.Instance).RunAsync(work, Cancellation), Cancellation)));

        done.ShouldBe(incidents, ignoreOrder: true);
    }

    [Fact]
    public async Task Run_SeveralAtOnce_NoMoreThanThat()
    {
        await AddAsync(9);
        var (running, most) = (0, 0);
        var three = new TaskCompletionSource();
        var work = Work(async (_, _, _) =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            if (now == 3)
            {
                three.TrySetResult();
            }

            await three.Task.WaitAsync(TimeSpan.FromSeconds(15), Cancellation);
            Interlocked.Decrement(ref running);
        });

        (await rounds.RunAsync(work with { AtOnce = 3 }, Cancellation)).ShouldBeTrue();

        most.ShouldBe(3);
    }

    [Fact]
    public async Task Repeat_OneKindHangsAndAnotherFails_TheThirdGoesOn()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var (failures, looks) = (0, 0);
        var repeating = rounds.RepeatAsync(
            TimeSpan.FromSeconds(5),
            new Dictionary<string, Func<CancellationToken, Task>>
            {
                ["hangs"] = token => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token),
                ["fails"] = _ => throw new InvalidOperationException($"again: {Interlocked.Increment(ref failures)}"),
                ["works"] = _ => Task.FromResult(Interlocked.Increment(ref looks)),
            },
            stop.Token);

        for (var times = 1; times <= 3; times++)
        {
            await Eventually.TrueAsync(() => Volatile.Read(ref looks) == times && Volatile.Read(ref failures) == times, $"look {times}");
            time.Advance(TimeSpan.FromSeconds(5));
        }

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(repeating);
    }

    [Fact]
    public async Task Repeat_WokenUp_DoesNotWaitForItsInterval()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var wakeUp = new WakeUp();
        var looks = 0;
        var repeating = rounds.RepeatAsync("test", TimeSpan.FromHours(1), wakeUp, _ => Task.FromResult(Interlocked.Increment(ref looks)), stop.Token);
        await time.NextWaitAsync(Cancellation);

        wakeUp.Raise();

        await Eventually.TrueAsync(() => Volatile.Read(ref looks) == 2, "it looked again");
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(repeating);
    }

    [Theory]
    [InlineData(0, 0, 60)]
    [InlineData(1, 0, 120)]
    [InlineData(2, 0, 240)]
    [InlineData(3, 0, 300)]
    [InlineData(int.MaxValue, 0, 300)]
    [InlineData(-1, 0, 60)]
    [InlineData(0, 1, 48)]
    [InlineData(9, 0.5, 270)]
    public void Backoff_AfterTries_DoublesUpToItsBoundLessAPart(int tries, double jitter, double seconds) =>
        Backoff.After(tries, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), jitter).TotalSeconds.ShouldBe(seconds, tolerance: 0.001);

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            if (Interlocked.CompareExchange(ref most, value, seen) == seen)
            {
                return;
            }
        }
    }

    private static OwedWork<Incident> Work(Func<IServiceProvider, Incident, CancellationToken, Task> work, int batch = 100) => new(
        "test",
        incident => incident.Id,
        (context, now, token) => context.Incidents.Where(i => i.DriveAt <= now).OrderBy(i => i.DriveAt).Take(batch).WithoutJson().ToListAsync(token),
        async (context, incident, now, token) => await context.Incidents.Where(i => i.Id == incident.Id && i.DriveAt == incident.DriveAt)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.DriveAt, now + Lease), token) == 1,
        work);

    private async Task<Guid[]> AddAsync(int count)
    {
        var incidents = Enumerable.Range(0, count).Select(number => Samples.Incident(new Subject("Deployment", "x", $"{number}"))).ToArray();
        await store.ChangeAsync(context =>
        {
            foreach (var incident in incidents)
            {
                incident.DriveAt = Samples.Start;
                context.Incidents.Add(incident);
            }

            return Task.CompletedTask;
        });
        return [.. incidents.Select(incident => incident.Id)];
    }
}
