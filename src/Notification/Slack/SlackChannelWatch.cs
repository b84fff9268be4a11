using AlertResponder.Incidents;
using AlertResponder.Resilience;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Notification.Slack;

/// <summary>
/// Tries channels that refuse messages again, by telling people there that they can be posted to; then whatever was owed meanwhile goes
/// out. While the fallback stands in for the channel, it says so there. Once, however many processes there are: they share by the store which channel
/// refuses, and who tells it.
/// </summary>
internal sealed partial class SlackChannelWatch(
    SlackChannels channels, SlackMessenger messenger, UntoldAnswers untold, IServiceScopeFactory scopes,
    [FromKeyedServices(StoreTime.Key)] TimeProvider time, ILogger<SlackChannelWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ClaimLasts = TimeSpan.FromMinutes(1);

    // Ends before the claim does, after which another process tells it.
    private static readonly TimeSpan Deadline = ClaimLasts - TimeSpan.FromSeconds(10);

    private bool owes;
    private bool started;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>One look.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        await using (var scope = scopes.CreateAsyncScope())
        {
            var store = scope.ServiceProvider.GetRequiredService<IncidentsContext>();
            foreach (var channel in channels.All)
            {
                await LookAfterAsync(store, channel, cancellationToken);
                NotificationMetrics.ChannelTakes(channel, Trouble(channel) is null);
            }
        }

        // Once at the start too: what the process before this one had waiting for Slack it has in memory no more.
        if (owes || !started)
        {
            await TakeUpAsync(cancellationToken);
            started = true;
        }

        if (owes)
        {
            await untold.TakeUpAsync(cancellationToken);
            untold.Wake();
            owes = false;
        }
    }

    private ChannelTrouble? Trouble(string channel) => channels.Troubles.FirstOrDefault(trouble => trouble.Channel == channel);

    private async Task LookAfterAsync(IncidentsContext store, string channel, CancellationToken cancellationToken)
    {
        var outage = await OutageAsync(store, channel, cancellationToken);
        if (Trouble(channel) is not { } trouble)
        {
            if (!ChannelOutageRule.IsShared(outage))
            {
                return;
            }

            channels.Refuses(channel, outage!.Error, outage.Since);
        }
        else if (ChannelOutageRule.IsNew(trouble, outage))
        {
            outage = await BeginAsync(store, trouble, cancellationToken);
        }
        else if (ChannelOutageRule.IsOver(trouble, outage))
        {
            channels.Takes(channel);
            owes = true;
            return;
        }

        if (outage!.TryAt <= time.GetUtcNow())
        {
            await TryAgainAsync(store, outage, cancellationToken);
        }
        else if (outage.ToldAt is null && channel == channels.All[0] && channels.Usable is { } fallback)
        {
            await AnnounceAsync(store, outage, fallback, cancellationToken);
        }
    }

    private static Task<ChannelOutage?> OutageAsync(IncidentsContext store, string channel, CancellationToken cancellationToken) =>
        store.ChannelOutages.AsNoTracking().SingleOrDefaultAsync(outage => outage.Channel == channel, cancellationToken);

    // Several processes are refused at once, and one begins.
    private static async Task<ChannelOutage> BeginAsync(IncidentsContext store, ChannelTrouble trouble, CancellationToken cancellationToken)
    {
        await using var transaction = await store.BeginExclusiveAsync($"channel/{trouble.Channel}", cancellationToken);
        var outage = await store.ChannelOutages.SingleOrDefaultAsync(known => known.Channel == trouble.Channel, cancellationToken);
        if (ChannelOutageRule.IsNew(trouble, outage))
        {
            outage ??= store.ChannelOutages.Add(new ChannelOutage { Channel = trouble.Channel, Error = trouble.Error }).Entity;
            outage.Error = trouble.Error;
            outage.Since = trouble.Since.InMicroseconds();
            outage.TryAt = (trouble.RefusedAt + SlackChannels.TryAgainAfter).InMicroseconds();
            (outage.EndedAt, outage.ToldAt, outage.ClaimedUntil) = (null, null, null);
            await store.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        store.ChangeTracker.Clear();
        return outage!;
    }

    private async Task TryAgainAsync(IncidentsContext store, ChannelOutage outage, CancellationToken cancellationToken)
    {
        await messenger.PostTurnAsync(cancellationToken);
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        if (await ClaimAsync(store, outage, cancellationToken) is not { } claimed)
        {
            return;
        }

        var takes = await messenger.TryAgainAsync(outage.Channel, ChannelNote.Takes(outage), MayBeThere(outage), either.Token);
        var now = time.GetUtcNow().InMicroseconds();
        var (endedAt, tryAt) = (takes ? now : (DateTimeOffset?)null, now + SlackChannels.TryAgainAfter);
        var error = Trouble(outage.Channel)?.Error ?? outage.Error;
        await claimed.ExecuteUpdateAsync(
            set => set
                .SetProperty(o => o.EndedAt, endedAt)
                .SetProperty(o => o.TryAt, tryAt)
                .SetProperty(o => o.Error, error)
                .SetProperty(o => o.ClaimedUntil, (DateTimeOffset?)null),
            CancellationToken.None);
        owes |= takes;
    }

    private async Task AnnounceAsync(IncidentsContext store, ChannelOutage outage, string fallback, CancellationToken cancellationToken)
    {
        await messenger.PostTurnAsync(cancellationToken);
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        if (await ClaimAsync(store, outage, cancellationToken) is not { } claimed)
        {
            return;
        }

        await messenger.NoteAsync(fallback, ChannelNote.Refuses(outage), MayBeThere(outage), either.Token);
        var now = time.GetUtcNow().InMicroseconds();
        await claimed.ExecuteUpdateAsync(set => set.SetProperty(o => o.ToldAt, now).SetProperty(o => o.ClaimedUntil, (DateTimeOffset?)null), CancellationToken.None);
    }

    /// <returns>The outage, as long as it is this worker's; null when it is another's.</returns>
    private async Task<IQueryable<ChannelOutage>?> ClaimAsync(IncidentsContext store, ChannelOutage outage, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (outage.ClaimedUntil > now)
        {
            return null;
        }

        var until = (now + ClaimLasts).InMicroseconds();
        var claimed = await store.ChannelOutages
            .Where(o => o.Channel == outage.Channel && o.Since == outage.Since && o.EndedAt == null && o.TryAt == outage.TryAt && o.ToldAt == outage.ToldAt && o.ClaimedUntil == outage.ClaimedUntil)
            .ExecuteUpdateAsync(set => set.SetProperty(o => o.ClaimedUntil, until), cancellationToken);
        return claimed == 0 ? null : store.ChannelOutages.Where(o => o.Channel == outage.Channel && o.ClaimedUntil == until);
    }

    private static DateTimeOffset? MayBeThere(ChannelOutage outage) => outage.ClaimedUntil - ClaimLasts;

    // The watchdog has it drawn: in this process or in another, at its next look.
    private async Task TakeUpAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IncidentsContext>();
        var now = time.GetUtcNow().InMicroseconds();
        await store.Incidents.Where(IncidentProgress.IsUndrawn).ExecuteUpdateAsync(set => set.SetProperty(i => i.DriveAt, now), cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The Slack channels could not be looked after; trying again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
