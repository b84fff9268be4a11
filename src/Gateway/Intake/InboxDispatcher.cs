using System.Text.Json;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Incidents.Work;
using AlertResponder.Resilience;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Gateway.Intake;

/// <summary>
/// Puts the inbox on the in-memory bus: what is new at once, what is still there after a while again (its consumer failed),
/// and after a start everything (the bus has forgotten it). Critical alerts that fire go before others, whenever they came.
/// </summary>
internal sealed partial class InboxDispatcher(
    IServiceScopeFactory scopes, IBus bus, [FromKeyedServices(InboxDispatcher.Inbox)] WakeUp wakeUp, IHostApplicationLifetime lifetime, [FromKeyedServices(StoreTime.Key)] TimeProvider time, ILogger<InboxDispatcher> logger)
    : BackgroundService
{
    /// <summary>The key of what wakes it.</summary>
    public const string Inbox = "inbox";

    // What waits in the bus for longer than the first backoff is put there twice. Enrichment gets through these within it even
    // while every read of the cluster times out.
    private const int MostUnderWay = 64;
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PollIntervalWhenFull = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromHours(1);

    // What has been put on the bus and not left the inbox, until when that is for the consumer to do.
    private readonly Dictionary<long, DateTimeOffset> underWay = [];

    // Everything after them this process has not yet put on the bus.
    private long lastUrgent;
    private long lastOther;
    private DateTimeOffset nextRetry;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await lifetime.StartedAsync(stoppingToken);
        var counted = false;
        await new WorkRounds(scopes, time, logger).RepeatAsync(Inbox, PollInterval, wakeUp, DispatchAllAsync, stoppingToken);

        async Task DispatchAllAsync(CancellationToken cancellationToken)
        {
            if (!counted)
            {
                await CountAsync(cancellationToken);
                counted = true;
            }

            while (await DispatchAsync(cancellationToken))
            {
                await Task.Delay(PollIntervalWhenFull, time, cancellationToken);
            }
        }
    }

    private async Task CountAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var waiting = await scope.ServiceProvider.GetRequiredService<IncidentsContext>().Inbox.CountAsync(cancellationToken);
        if (waiting > 0)
        {
            Log.Recovered(logger, waiting);
        }
    }

    /// <returns>Whether more waits than may be under way.</returns>
    private async Task<bool> DispatchAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IncidentsContext>();
        var now = time.GetUtcNow();
        await ForgetArrivedAsync(store, now, cancellationToken);
        var room = MostUnderWay - underWay.Count;
        if (room == 0)
        {
            return true;
        }

        // By the sequence, in which the inbox is kept: a storm must not have it searched for each of its alerts. The urgent ones have an
        // index of their own.
        var added = await store.Inbox.AsNoTracking().Where(entry => entry.Urgency == InboxEntry.Urgent && entry.Sequence > lastUrgent).OrderBy(entry => entry.Sequence)
            .Take(room).ToListAsync(cancellationToken);
        added.AddRange(await store.Inbox.AsNoTracking().Where(entry => entry.Urgency == null && entry.Sequence > lastOther).OrderBy(entry => entry.Sequence)
            .Take(room - added.Count).ToListAsync(cancellationToken));
        InboxEntry[] due = added.Count < room ? await DueAsync(store, now, room - added.Count, cancellationToken) : [];
        await DriveAsync(store, added, drives: 0, now, cancellationToken);
        foreach (var again in due.GroupBy(entry => entry.Drives))
        {
            await DriveAsync(store, [.. again], again.Key, now, cancellationToken);
        }

        return added.Count + due.Length == room;
    }

    private async Task<InboxEntry[]> DueAsync(IncidentsContext store, DateTimeOffset now, int room, CancellationToken cancellationToken)
    {
        if (now < nextRetry)
        {
            return [];
        }

        var due = await store.Inbox.AsNoTracking()
            .Where(entry => entry.Sequence <= (entry.Urgency == InboxEntry.Urgent ? lastUrgent : lastOther) && entry.DriveAt <= now)
            .OrderBy(entry => entry.Urgency == InboxEntry.Urgent ? 0 : 1).ThenBy(entry => entry.DriveAt).Take(room).ToArrayAsync(cancellationToken);
        nextRetry = now + PollInterval;
        return due;
    }

    private async Task DriveAsync(
        IncidentsContext store, IReadOnlyList<InboxEntry> entries, int drives, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (entries.Count == 0)
        {
            return;
        }

        var sequences = entries.Select(entry => entry.Sequence).ToArray();
        var again = now + Backoff.After(drives, FirstBackoff, LongestBackoff);
        await store.Inbox.Where(entry => sequences.Contains(entry.Sequence))
            .ExecuteUpdateAsync(set => set.SetProperty(entry => entry.DriveAt, again).SetProperty(entry => entry.Drives, drives + 1), cancellationToken);
        foreach (var entry in entries)
        {
            (lastUrgent, lastOther) = entry.Urgency == InboxEntry.Urgent ? (Math.Max(lastUrgent, entry.Sequence), lastOther) : (lastUrgent, Math.Max(lastOther, entry.Sequence));
            underWay[entry.Sequence] = now + FirstBackoff;
            await PublishAsync(entry, cancellationToken);
        }
    }

    // What a consumer cannot handle stays in the inbox; it must not take the place of others for good.
    private async Task ForgetArrivedAsync(IncidentsContext store, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (underWay.Count == 0)
        {
            return;
        }

        var sequences = underWay.Keys.ToArray();
        var waiting = await store.Inbox.Where(entry => sequences.Contains(entry.Sequence)).Select(entry => entry.Sequence).ToListAsync(cancellationToken);
        foreach (var sequence in sequences.Where(sequence => underWay[sequence] <= now).Concat(sequences.Except(waiting)))
        {
            underWay.Remove(sequence);
        }
    }

    private async Task PublishAsync(InboxEntry entry, CancellationToken cancellationToken)
    {
        using var span = Traces.Continue("inbox dispatch", entry.Traceparent);
        try
        {
            await bus.Publish(StoredJson.Read<AlertReceived>(entry.Json), context => context.MessageId = entry.MessageId, cancellationToken);
        }
        catch (JsonException e)
        {
            Log.Unreadable(logger, entry.Sequence, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Count} accepted alerts were waiting from before the start")]
        public static partial void Recovered(ILogger logger, int count);

        [LoggerMessage(Level = LogLevel.Error, Message = "Entry {Sequence} of the inbox cannot be read; it stays there")]
        public static partial void Unreadable(ILogger logger, long sequence, Exception exception);
    }
}
