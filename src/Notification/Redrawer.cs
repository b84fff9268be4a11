using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Notification.Cards;
using AlertResponder.Resilience.Failures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Notification;

/// <summary>Brings an incident's one message up to date.</summary>
/// <remarks>
/// One worker at a time draws an incident, by a claim in the store: two would post twice, or let an older state overtake a
/// newer one. A claim that was never given back means that a worker stopped halfway; the message is looked for then
/// before it is posted.
/// </remarks>
internal sealed partial class Redrawer(IncidentsContext store, IMessageBoard board, [FromKeyedServices(StoreTime.Key)] TimeProvider time, ILogger<Redrawer> logger)
{
    private static readonly TimeSpan ClaimLasts = TimeSpan.FromSeconds(40);

    // Ends before the claim does.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Draws the message if it is not up to date and there is a turn for it now. What would have to wait is left to the caller.
    /// </summary>
    /// <param name="incidentId">The incident.</param>
    /// <param name="atOnce">Whether to redraw a message that exists; a first one is put up in any case.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Where the rest is to wait; null when nothing has to.</returns>
    /// <exception cref="RedrawBusyException">Another worker draws it.</exception>
    public async Task<RedrawLane?> TryRedrawAsync(Guid incidentId, bool atOnce, CancellationToken cancellationToken)
    {
        try
        {
            return await RedrawAsync(
                incidentId, (lane, _) => Task.FromResult(lane == RedrawLane.Update ? atOnce && board.TryUpdateTurn() : board.TryPostTurn()), mayWait: false, cancellationToken);
        }
        catch (BoardUnusableException)
        {
            // Owed by the store, and an alarm of its own; the message that asked for it would only end among the dead letters.
            return null;
        }
    }

    /// <summary>Draws the message if it is not up to date, as soon as the board lets it.</summary>
    /// <exception cref="RedrawBusyException">Another worker draws it.</exception>
    /// <exception cref="BoardUnusableException">The board takes nothing at the moment.</exception>
    public Task RedrawAsync(Guid incidentId, CancellationToken cancellationToken) => RedrawAsync(
        incidentId,
        async (lane, token) =>
        {
            await (lane switch
            {
                RedrawLane.UrgentPost => board.UrgentPostTurnAsync(token),
                RedrawLane.Post => board.PostTurnAsync(token),
                _ => board.UpdateTurnAsync(token),
            });
            return true;
        },
        mayWait: true,
        cancellationToken);

    private async Task<RedrawLane?> RedrawAsync(
        Guid incidentId, Func<RedrawLane, CancellationToken, Task<bool>> turnAsync, bool mayWait, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginIncident(incidentId);
        var hasReplyTurn = false;
        while (await OutdatedAsync(incidentId, cancellationToken) is { } incident)
        {
            // Before the claim, whose time is for the drawing alone.
            if (!await turnAsync(incident.Lane, cancellationToken))
            {
                return incident.Lane;
            }

            // Read again if the turn may have been long in coming. A message that is gone takes a second round, as a first one.
            var drawing = (mayWait ? await OutdatedAsync(incidentId, cancellationToken) : incident) is { } present
                ? await TryDrawAsync(present, hasReplyTurn, cancellationToken)
                : Drawing.Done;
            if (drawing == Drawing.Done)
            {
                return null;
            }

            if (drawing == Drawing.ThreadWaits)
            {
                if (!mayWait)
                {
                    return RedrawLane.Update;
                }

                await board.PostTurnAsync(cancellationToken);
                hasReplyTurn = true;
            }
        }

        return null;
    }

    private async Task<Outdated?> OutdatedAsync(Guid incidentId, CancellationToken cancellationToken)
    {
        return await store.Incidents.AsNoTracking().Drawable(time.GetUtcNow()).Where(i => i.Id == incidentId)
            .Select(i => new Outdated(i.Id, i.OpenedAt, i.DrawnVersion, i.DrawClaimedUntil, i.MessageChannel, i.MessageTs, i.MessageNumber ?? 0, i.ThreadTs, i.ThreadHash,
                store.Alerts.Any(a => a.IncidentId == i.Id && a.Status == AlertStatus.Firing && a.Severity == Severity.Critical)))
            .SingleOrDefaultAsync(cancellationToken);
    }

    private async Task<Drawing> TryDrawAsync(Outdated incident, bool hasReplyTurn, CancellationToken cancellationToken)
    {
        var claim = await ClaimAsync(incident, cancellationToken);
        try
        {
            return await TryDrawAsync(incident, claim, hasReplyTurn, cancellationToken);
        }
        catch (Exception exception)
        {
            // Given up, but not forgotten: what was sent may have arrived, unless the board has refused it.
            var until = exception is BoardUnusableException ? incident.ClaimedUntil : time.GetUtcNow();
            await store.Incidents.Where(i => i.Id == incident.Id && i.DrawClaimedUntil == claim)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.DrawClaimedUntil, until), CancellationToken.None);
            throw;
        }
    }

    private async Task<DateTimeOffset> ClaimAsync(Outdated incident, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (incident.ClaimedUntil > now)
        {
            throw new RedrawBusyException(incident.Id);
        }

        var claim = (now + ClaimLasts).InMicroseconds();

        // Not by the claim alone: between our read and now another worker may have claimed, posted and given back.
        var claimed = await store.Incidents
            .Where(i => i.Id == incident.Id && i.DrawClaimedUntil == incident.ClaimedUntil && i.DrawnVersion == incident.DrawnVersion && i.MessageTs == incident.MessageTs)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.DrawClaimedUntil, claim), cancellationToken);
        return claimed == 1 ? claim : throw new RedrawBusyException(incident.Id);
    }

    private async Task<Drawing> TryDrawAsync(Outdated incident, DateTimeOffset claim, bool hasReplyTurn, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var snapshot = await store.ReadSnapshotAsync(incident.Id, cancellationToken)
            ?? throw new InvalidOperationException($"Incident {incident.Id} vanished while it was claimed.");
        if (IncidentCard.Failure(snapshot) is { } failure)
        {
            // Its text may quote what others wrote.
            NotificationMetrics.NotDrawnWhole();
            Log.NotDrawnWhole(logger, new UnquotedException(failure), snapshot.Version);
        }

        Put put;
        ShownThread? thread = null;
        try
        {
            put = await PutAsync(incident, claim, snapshot, either.Token);
            if (put.GoneBecause is null)
            {
                thread = incident.Thread(put.Message);
                if (OwedReply(snapshot, thread) is { } reply)
                {
                    // Before its thread, which may fail: the message is there.
                    if (put.Message != incident.Message)
                    {
                        await store.Incidents.Where(i => i.Id == incident.Id && i.DrawClaimedUntil == claim).ExecuteUpdateAsync(
                            set => set.SetProperty(i => i.MessageChannel, put.Message.Channel).SetProperty(i => i.MessageTs, put.Message.Ts), CancellationToken.None);
                    }

                    thread = await PutThreadAsync(put.Message, reply, thread.Ts, hasReplyTurn, either.Token);
                }
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The message was not drawn within {Deadline.TotalSeconds} s.", e);
        }

        var claimed = store.Incidents.Where(i => i.Id == incident.Id && i.DrawClaimedUntil == claim);
        var message = put.Message;
        if (put.GoneBecause is not null)
        {
            // The next one has a number of its own, by which it is told from this one, should that still be where it was.
            await claimed.ExecuteUpdateAsync(
                set => set
                    .SetProperty(i => i.MessageChannel, (string?)null)
                    .SetProperty(i => i.MessageTs, (string?)null)
                    .SetProperty(i => i.MessageNumber, incident.MessageNumber + 1)
                    .SetProperty(i => i.ContinuedFrom, message.Channel)
                    .SetProperty(i => i.ContinuedBecause, put.GoneBecause)
                    .SetProperty(i => i.ThreadTs, (string?)null)
                    .SetProperty(i => i.ThreadHash, (string?)null)
                    .SetProperty(i => i.DrawClaimedUntil, (DateTimeOffset?)null),
                CancellationToken.None);
            return Drawing.Gone;
        }

        // Without its thread the message is not up to date yet.
        var shown = thread is null ? incident.DrawnVersion : snapshot.Version;
        var present = thread ?? incident.Thread(message);
        await claimed.ExecuteUpdateAsync(
            set => set
                .SetProperty(i => i.MessageChannel, message.Channel)
                .SetProperty(i => i.MessageTs, message.Ts)
                .SetProperty(i => i.ThreadTs, present.Ts)
                .SetProperty(i => i.ThreadHash, present.Hash)
                .SetProperty(i => i.DrawnVersion, shown)
                .SetProperty(i => i.DrawClaimedUntil, (DateTimeOffset?)null)
                .SetProperty(i => i.Drives, 0),
            CancellationToken.None);
        Log.Drawn(logger, snapshot.Version, message.Channel, message.Ts);
        if (incident is { DrawnVersion: 0, Message: null }
            && await store.Alerts.Where(a => a.IncidentId == incident.Id).OrderBy(a => a.ReceivedAt).Select(a => (DateTimeOffset?)a.ReceivedAt).FirstOrDefaultAsync(CancellationToken.None) is { } receivedAt)
        {
            NotificationMetrics.ShownFirst(time.GetUtcNow() - receivedAt);
        }

        return thread is null ? Drawing.ThreadWaits : Drawing.Done;
    }

    /// <returns>The message that shows the snapshot, or the one that is gone.</returns>
    private async Task<Put> PutAsync(Outdated incident, DateTimeOffset claim, IncidentSnapshot snapshot, CancellationToken cancellationToken)
    {
        var message = incident.Message;
        if (message is null && incident.ClaimedUntil is not null)
        {
            message = await board.FindAsync(incident.Id, incident.MessageNumber, incident.MessageChannel, incident.OpenedAt, cancellationToken);
        }

        if (message is null)
        {
            var posted = await board.PostAsync(snapshot, channel => IntendAsync(incident.Id, claim, channel), cancellationToken);
            NotificationMetrics.Posted();
            return new Put(posted);
        }

        var update = await board.UpdateAsync(message, snapshot, cancellationToken);
        if (update.GoneBecause is null)
        {
            NotificationMetrics.Updated();
        }
        else
        {
            Log.Gone(logger, message.Channel, message.Ts, update.GoneBecause);
        }

        return new Put(message, update.GoneBecause);
    }

    // Whoever looks for the message after a crash may be configured for another channel by then.
    private Task IntendAsync(Guid incidentId, DateTimeOffset claim, string channel) =>
        store.Incidents.Where(i => i.Id == incidentId && i.DrawClaimedUntil == claim && i.MessageTs == null)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.MessageChannel, channel), CancellationToken.None);

    /// <returns>What the thread is to show; null when it shows that already.</returns>
    private ThreadReply? OwedReply(IncidentSnapshot snapshot, ShownThread known)
    {
        var overflow = board.Overflow(snapshot);
        if (overflow is null && known.Ts is null)
        {
            return null;
        }

        var reply = overflow ?? ThreadReply.NoOverflow(snapshot.Id);
        return reply.Hash() == known.Hash ? null : reply;
    }

    /// <returns>What the thread shows then; null when the board takes no reply at the moment.</returns>
    private async Task<ShownThread?> PutThreadAsync(PostedMessage message, ThreadReply reply, string? ts, bool hasTurn, CancellationToken cancellationToken) =>
        hasTurn || (ts is null ? board.TryPostTurn() : board.TryUpdateTurn())
            ? new ShownThread(await board.ReplyAsync(message, reply, ts, cancellationToken), reply.Hash())
            : null;

    private enum Drawing
    {
        Done,

        /// <summary>The message was gone; it is forgotten, and nothing is drawn.</summary>
        Gone,

        /// <summary>The message is drawn, the reply in its thread has no turn yet.</summary>
        ThreadWaits,
    }

    /// <summary>Where the snapshot is shown; with a reason the message that is gone.</summary>
    private sealed record Put(PostedMessage Message, string? GoneBecause = null);

    /// <summary>The reply in the message's thread; without an id there is none.</summary>
    private sealed record ShownThread(string? Ts, string? Hash);

    private sealed record Outdated(
        Guid Id, DateTimeOffset OpenedAt, int DrawnVersion, DateTimeOffset? ClaimedUntil, string? MessageChannel, string? MessageTs, int MessageNumber, string? ThreadTs, string? ThreadHash, bool IsUrgent)
    {
        public PostedMessage? Message => this is { MessageChannel: { } channel, MessageTs: { } ts } ? new PostedMessage(channel, ts) : null;

        public RedrawLane Lane => (Message, IsUrgent) switch
        {
            (not null, _) => RedrawLane.Update,
            (null, true) => RedrawLane.UrgentPost,
            (null, false) => RedrawLane.Post,
        };

        /// <summary>What the thread of <paramref name="message"/> shows, as far as it is recorded: a new message has a new thread.</summary>
        public ShownThread Thread(PostedMessage message) => message.Ts == MessageTs ? new ShownThread(ThreadTs, ThreadHash) : new ShownThread(null, null);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Version {Version} cannot be drawn whole, by a defect, and is shown by its alerts alone")]
        public static partial void NotDrawnWhole(ILogger logger, Exception exception, int version);

        [LoggerMessage(Level = LogLevel.Information, Message = "Version {Version} is shown in {Channel} ({Ts})")]
        public static partial void Drawn(ILogger logger, int version, string channel, string ts);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The message in {Channel} ({Ts}) can no longer be updated ({Reason}); a new one is posted")]
        public static partial void Gone(ILogger logger, string channel, string ts, string reason);
    }
}
