using System.Threading.Channels;
using AlertResponder.Contracts;
using AlertResponder.Resilience;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Notification;

/// <summary>
/// Redrawings that wait for a quiet moment or for the board's limit, one for an incident however often it changes meanwhile.
/// </summary>
/// <remarks>
/// They are kept in memory only: the store knows which messages are not up to date, and the watchdog has them drawn if this
/// process ends before it does.
/// </remarks>
internal sealed partial class LateRedraws(IServiceScopeFactory scopes, TimeProvider time, ILogger<LateRedraws> logger) : BackgroundService
{
    /// <summary>How long alerts may join before they are shown.</summary>
    public static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(1.5);

    private const int Most = 10_000;
    private const int MostAsking = 32;
    private static readonly TimeSpan BusyWait = TimeSpan.FromSeconds(1);

    private readonly Channel<Guid> due = Channel.CreateUnbounded<Guid>();

    // With the spans that asked for it, of which the first has it done.
    private readonly Dictionary<Guid, List<string>> waiting = [];

    /// <summary>Has the incident's message redrawn after a wait, unless it is to be redrawn anyway.</summary>
    public void Add(Guid incidentId, TimeSpan wait) => Add(incidentId, wait, Traces.Current is { } asking ? [asking] : []);

    private void Add(Guid incidentId, TimeSpan wait, IReadOnlyList<string> asking)
    {
        lock (waiting)
        {
            if (waiting.TryGetValue(incidentId, out var before))
            {
                before.AddRange(asking.Take(MostAsking - before.Count));
                return;
            }

            if (waiting.Count >= Most)
                return;
            waiting.Add(incidentId, [.. asking]);
        }

        _ = AddWhenDueAsync(incidentId, wait);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var incidentId in due.Reader.ReadAllAsync(stoppingToken))
        {
            // Before it is read: what changes from here on is for the next time.
            List<string>? asking;
            lock (waiting)
                waiting.Remove(incidentId, out asking);
            await RedrawAsync(incidentId, asking ?? [], stoppingToken);
        }
    }

    private async Task AddWhenDueAsync(Guid incidentId, TimeSpan wait)
    {
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, time);
        due.Writer.TryWrite(incidentId);
    }

    private async Task RedrawAsync(Guid incidentId, IReadOnlyList<string> asking, CancellationToken cancellationToken)
    {
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
            Add(incidentId, BusyWait, asking);
        }
        catch (BoardUnusableException e)
        {
            // Drawn when the board can be used again: whoever notices that has everything drawn that is owed.
            Log.Owed(logger, incidentId, e.Message);
        }
        catch (UpstreamPausedException e)
        {
            Add(incidentId, e.PausedUntil - time.GetUtcNow(), asking);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Failed(logger, e, incidentId);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The message of incident {IncidentId} waits: {Why}")]
        public static partial void Owed(ILogger logger, Guid incidentId, string why);

        [LoggerMessage(Level = LogLevel.Error, Message = "The message of incident {IncidentId} could not be redrawn; the watchdog has it tried again")]
        public static partial void Failed(ILogger logger, Exception exception, Guid incidentId);
    }
}
