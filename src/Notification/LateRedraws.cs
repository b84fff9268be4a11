using System.Threading.Channels;
using AlertResponder.Contracts;
using AlertResponder.Resilience;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Notification;

/// <summary>
/// Drawings that wait for a quiet moment or for the board's limit, one for an incident however often it changes meanwhile. First messages of critical
/// incidents go before other first ones, and redrawings wait for themselves alone.
/// </summary>
/// <remarks>
/// They are kept in memory only: the store knows which messages are not up to date, and the watchdog has them drawn if this
/// process ends before it does. So it does with what is beyond the bound here.
/// </remarks>
internal sealed partial class LateRedraws(IServiceScopeFactory scopes, TimeProvider time, ILogger<LateRedraws> logger) : BackgroundService
{
    /// <summary>How long alerts may join before they are shown.</summary>
    public static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(1.5);

    // Of those that are not urgent.
    private const int Most = 10_000;
    private const int MostAsking = 32;

    // As many as keep up with the board's limit while its answers take seconds. What they hold goes before what is urgent, so not more than that.
    private const int PostWorkers = 4;
    private static readonly TimeSpan BusyWait = TimeSpan.FromSeconds(1);

    private readonly Channel<Guid> updates = Channel.CreateUnbounded<Guid>();
    private readonly Channel<Guid> urgent = Channel.CreateUnbounded<Guid>();

    // The urgent ones before the others, each in the order they came.
    private readonly Channel<(int Rank, long Number, Guid IncidentId)> posts = Channel.CreateUnboundedPrioritized<(int Rank, long Number, Guid IncidentId)>();
    private readonly Dictionary<Guid, Waiting> waiting = [];
    private long added;

    /// <summary>Has the incident's message drawn after a wait, unless it is to be drawn anyway.</summary>
    public void Add(Guid incidentId, RedrawLane lane, TimeSpan wait) => Add(incidentId, lane, wait, Traces.Current is { } asking ? [asking] : []);

    private void Add(Guid incidentId, RedrawLane lane, TimeSpan wait, IReadOnlyList<string> asking)
    {
        long number;
        lock (waiting)
        {
            if (waiting.TryGetValue(incidentId, out var before))
            {
                before.Asking.AddRange(asking.Take(MostAsking - before.Asking.Count));
                if (lane <= before.Lane)
                    return;

                // It stands in the other lane too, where nobody will find it waiting any more.
                waiting[incidentId] = before with { Lane = lane };
            }
            else if (lane != RedrawLane.UrgentPost && waiting.Count >= Most)
            {
                return;
            }
            else
            {
                waiting.Add(incidentId, new Waiting(lane, [.. asking]));
            }

            number = added++;
        }

        _ = AddWhenDueAsync(incidentId, lane, number, wait);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
    [
        WorkAsync(updates.Reader.ReadAllAsync(stoppingToken), stoppingToken),
        WorkAsync(urgent.Reader.ReadAllAsync(stoppingToken), stoppingToken),
        .. Enumerable.Range(0, PostWorkers).Select(_ => WorkAsync(posts.Reader.ReadAllAsync(stoppingToken).Select(place => place.IncidentId), stoppingToken)),
    ]);

    private async Task WorkAsync(IAsyncEnumerable<Guid> due, CancellationToken cancellationToken)
    {
        await foreach (var incidentId in due)
        {
            // Before it is read: what changes from here on is for the next time.
            Waiting? next;
            lock (waiting)
                waiting.Remove(incidentId, out next);
            if (next is not null)
                await RedrawAsync(incidentId, next, cancellationToken);
        }
    }

    private async Task AddWhenDueAsync(Guid incidentId, RedrawLane lane, long number, TimeSpan wait)
    {
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, time);
        if (lane == RedrawLane.Update)
        {
            updates.Writer.TryWrite(incidentId);
            return;
        }

        // One worker has time for urgent ones alone; who is first draws.
        if (lane == RedrawLane.UrgentPost)
            urgent.Writer.TryWrite(incidentId);
        posts.Writer.TryWrite((-(int)lane, number, incidentId));
    }

    private async Task RedrawAsync(Guid incidentId, Waiting next, CancellationToken cancellationToken)
    {
        var (lane, asking) = next;
        using var span = Traces.Continue("late redraw", asking is [var first, ..] ? first : null, incidentId);
        foreach (var other in asking.Skip(1))
            Traces.Link(other);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<Redrawer>().RedrawAsync(incidentId, cancellationToken);
        }
        catch (RedrawBusyException)
        {
            Add(incidentId, lane, BusyWait, asking);
        }
        catch (BoardUnusableException e)
        {
            // Drawn when the board can be used again: whoever notices that has everything drawn that is owed.
            Log.Owed(logger, incidentId, e.Message);
        }
        catch (UpstreamPausedException e)
        {
            Add(incidentId, lane, e.PausedUntil - time.GetUtcNow(), asking);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Failed(logger, e, incidentId);
        }
    }

    /// <param name="Lane">Which queue it waits in.</param>
    /// <param name="Asking">The spans that asked for it, of which the first has it done.</param>
    private sealed record Waiting(RedrawLane Lane, List<string> Asking);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The message of incident {IncidentId} waits: {Why}")]
        public static partial void Owed(ILogger logger, Guid incidentId, string why);

        [LoggerMessage(Level = LogLevel.Error, Message = "The message of incident {IncidentId} could not be redrawn; the watchdog has it tried again")]
        public static partial void Failed(ILogger logger, Exception exception, Guid incidentId);
    }
}
