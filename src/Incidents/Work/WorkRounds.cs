using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Incidents.Work;

/// <summary>
/// Does what the store owes, in rounds, however often it fails: a round that fails is followed by the next one, and of a round one piece that fails keeps
/// neither the others nor the loop from anything.
/// </summary>
public sealed partial class WorkRounds(IServiceScopeFactory scopes, TimeProvider time, ILogger logger)
{
    /// <summary>Does what is due now, each piece in a scope of its own: what could not be saved of one is not tried again with the next.</summary>
    /// <returns>Whether none has failed.</returns>
    public async Task<bool> RunAsync<T>(OwedWork<T> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        var failed = 0;
        var together = new ParallelOptions { MaxDegreeOfParallelism = work.AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(await DueAsync(work, cancellationToken), together, async (piece, token) =>
        {
            try
            {
                await TakeAsync(work, piece, token);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                Interlocked.Increment(ref failed);
                WorkMetrics.Failed(work.Name);
                Log.PieceFailed(logger, e, work.Name, work.IdOf(piece));
            }
        });
        return failed == 0;
    }

    /// <summary>A round now, and then whenever it is woken or the interval is over.</summary>
    public async Task RepeatAsync(string name, TimeSpan interval, WakeUp wakeUp, Func<CancellationToken, Task> round, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wakeUp);
        while (true)
        {
            await RoundAsync(name, round, cancellationToken);
            await wakeUp.WaitAsync(interval, time, cancellationToken);
        }
    }

    /// <summary>Rounds of several kinds now and at each interval, each kind by itself: none waits for another that takes long.</summary>
    public async Task RepeatAsync(TimeSpan interval, IReadOnlyDictionary<string, Func<CancellationToken, Task>> rounds, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        var loops = rounds.Select(round => (round.Key, round.Value, WakeUp: new WakeUp())).ToList();
        await Task.WhenAll([TickAsync(), .. loops.Select(LoopAsync)]);

        async Task TickAsync()
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                loops.ForEach(loop => loop.WakeUp.Raise());
            }
        }

        async Task LoopAsync((string Name, Func<CancellationToken, Task> Round, WakeUp WakeUp) loop)
        {
            while (true)
            {
                await RoundAsync(loop.Name, loop.Round, cancellationToken);
                await loop.WakeUp.WaitAsync(cancellationToken);
            }
        }
    }

    private async Task RoundAsync(string name, Func<CancellationToken, Task> round, CancellationToken cancellationToken)
    {
        try
        {
            await round(cancellationToken);
        }
        catch (Exception e)
        {
            // What a stop breaks off is no failure.
            cancellationToken.ThrowIfCancellationRequested();
            WorkMetrics.Failed(name);
            Log.RoundFailed(logger, e, name);
        }
    }

    private async Task<List<T>> DueAsync<T>(OwedWork<T> work, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await work.DueAsync(scope.ServiceProvider.GetRequiredService<IncidentsContext>(), time.GetUtcNow().InMicroseconds(), cancellationToken);
    }

    private async Task TakeAsync<T>(OwedWork<T> work, T piece, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IncidentsContext>();

        // By the time as it is now: it may have waited for its turn in the round.
        if (work.ClaimAsync is null || await work.ClaimAsync(store, piece, time.GetUtcNow().InMicroseconds(), cancellationToken))
        {
            await work.DoAsync(scope.ServiceProvider, piece, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "{Work}: {Id} failed; its turn comes again")]
        public static partial void PieceFailed(ILogger logger, Exception exception, string work, object id);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Work} could not be looked after; trying again")]
        public static partial void RoundFailed(ILogger logger, Exception exception, string work);
    }
}
