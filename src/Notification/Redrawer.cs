using AlertResponder.Incidents;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Notification;

/// <summary>Brings an incident's one message up to date.</summary>
/// <remarks>
/// One worker at a time draws an incident, by a claim in the store: two would post twice, or let an older state overtake a
/// newer one. A claim that was never given back means that a worker stopped halfway; the message is looked for then
/// before it is posted.
/// </remarks>
internal sealed partial class Redrawer(IncidentsContext store, IMessageBoard board, TimeProvider time, ILogger<Redrawer> logger)
{
    private static readonly TimeSpan ClaimLasts = TimeSpan.FromSeconds(40);

    // Ends before the claim does.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <exception cref="RedrawBusyException">Another worker draws it.</exception>
    public async Task RedrawAsync(Guid incidentId, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginIncident(incidentId);
        var incident = await store.Incidents.AsNoTracking().SingleOrDefaultAsync(i => i.Id == incidentId, cancellationToken);
        if (incident is null || incident.AnalyzedRevision == 0 || incident.DrawnVersion >= incident.Version)
        {
            return;
        }

        var claim = await ClaimAsync(incident, cancellationToken);
        try
        {
            await DrawAsync(incident, claim, cancellationToken);
        }
        catch
        {
            // Given up, but not forgotten: what was sent may have arrived.
            var now = time.GetUtcNow();
            await store.Incidents.Where(i => i.Id == incidentId && i.DrawClaimedUntil == claim)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.DrawClaimedUntil, now), CancellationToken.None);
            throw;
        }
    }

    private async Task<DateTimeOffset> ClaimAsync(Incident incident, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (incident.DrawClaimedUntil > now)
        {
            throw new RedrawBusyException(incident.Id);
        }

        var claim = (now + ClaimLasts).InMicroseconds();

        // Not by the claim alone: between our read and now another worker may have claimed, posted and given back.
        var claimed = await store.Incidents
            .Where(i => i.Id == incident.Id && i.DrawClaimedUntil == incident.DrawClaimedUntil && i.DrawnVersion == incident.DrawnVersion)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.DrawClaimedUntil, claim), cancellationToken);
        return claimed == 1 ? claim : throw new RedrawBusyException(incident.Id);
    }

    private async Task DrawAsync(Incident incident, DateTimeOffset claim, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var snapshot = await store.ReadSnapshotAsync(incident.Id, cancellationToken)
            ?? throw new InvalidOperationException($"Incident {incident.Id} vanished while it was claimed.");
        PostedMessage message;
        try
        {
            message = await PutAsync(incident, snapshot, either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The message was not drawn within {Deadline.TotalSeconds} s.", e);
        }

        await store.Incidents.Where(i => i.Id == incident.Id && i.DrawClaimedUntil == claim).ExecuteUpdateAsync(
            set => set
                .SetProperty(i => i.MessageChannel, message.Channel)
                .SetProperty(i => i.MessageTs, message.Ts)
                .SetProperty(i => i.DrawnVersion, snapshot.Version)
                .SetProperty(i => i.DrawClaimedUntil, (DateTimeOffset?)null)
                .SetProperty(i => i.Drives, 0),
            CancellationToken.None);
        Log.Drawn(logger, snapshot.Version, message.Channel, message.Ts);
        if (incident.DrawnVersion == 0
            && await store.Alerts.Where(a => a.IncidentId == incident.Id).OrderBy(a => a.ReceivedAt).Select(a => (DateTimeOffset?)a.ReceivedAt).FirstOrDefaultAsync(CancellationToken.None) is { } receivedAt)
        {
            NotificationMetrics.ShownFirst(time.GetUtcNow() - receivedAt);
        }
    }

    private async Task<PostedMessage> PutAsync(Incident incident, IncidentSnapshot snapshot, CancellationToken cancellationToken)
    {
        var message = incident is { MessageChannel: { } channel, MessageTs: { } ts } ? new PostedMessage(channel, ts) : null;
        if (message is null && incident.DrawClaimedUntil is not null)
        {
            message = await board.FindAsync(incident.Id, incident.OpenedAt, cancellationToken);
        }

        if (message is not null)
        {
            if (await board.UpdateAsync(message, snapshot, cancellationToken) == UpdateResult.Updated)
            {
                NotificationMetrics.Updated();
                return message;
            }

            // Forgotten before the new one is posted, so that after a crash in between that one is looked for.
            Log.Gone(logger, message.Channel, message.Ts);
            await store.Incidents.Where(i => i.Id == incident.Id).ExecuteUpdateAsync(
                set => set.SetProperty(i => i.MessageChannel, (string?)null).SetProperty(i => i.MessageTs, (string?)null), cancellationToken);
        }

        var posted = await board.PostAsync(snapshot, cancellationToken);
        NotificationMetrics.Posted();
        return posted;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Version {Version} is shown in {Channel} ({Ts})")]
        public static partial void Drawn(ILogger logger, int version, string channel, string ts);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The message in {Channel} ({Ts}) is gone; a new one is posted")]
        public static partial void Gone(ILogger logger, string channel, string ts);
    }
}
