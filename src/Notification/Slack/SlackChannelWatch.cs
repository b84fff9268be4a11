using AlertResponder.Incidents;
using AlertResponder.Resilience;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Notification.Slack;

/// <summary>
/// Tries channels that refuse messages again, by telling people there that they can be posted to; then whatever was owed meanwhile goes
/// out. While the fallback stands in for the channel, it says so there, once.
/// </summary>
internal sealed partial class SlackChannelWatch(
    SlackChannels channels, SlackMessenger messenger, UntoldAnswers untold, IServiceScopeFactory scopes,
    [FromKeyedServices(StoreTime.Key)] TimeProvider time, ILogger<SlackChannelWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private DateTimeOffset? announced;
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
        foreach (var channel in channels.All)
        {
            NotificationMetrics.ChannelTakes(channel, channels.Troubles.All(trouble => trouble.Channel != channel));
        }

        foreach (var trouble in channels.Troubles.Where(trouble => trouble.TryAt <= time.GetUtcNow()))
        {
            owes |= await messenger.TryAgainAsync(trouble, cancellationToken);
        }

        await AnnounceAsync(cancellationToken);

        // Once at the start too: what the process before this one had waiting for Slack it has in memory no more.
        if (owes || !started)
        {
            await TakeUpAsync(cancellationToken);
            started = true;
        }

        if (owes)
        {
            await untold.TakeUpAsync(cancellationToken);
            owes = false;
        }
    }

    private async Task AnnounceAsync(CancellationToken cancellationToken)
    {
        if (channels.Troubles is [var trouble, ..] && trouble.Channel == channels.All[0]
            && channels.Usable is { } fallback && announced != trouble.Since)
        {
            await messenger.NoteAsync(fallback, $"⚠️ {trouble.Channel} cannot be posted to ({trouble.Error}): until it can, new incidents are shown here.", cancellationToken);
            announced = trouble.Since;
        }
    }

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
