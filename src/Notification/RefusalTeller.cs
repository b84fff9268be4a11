using AlertResponder.Incidents;
using AlertResponder.Resilience;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Notification;

/// <summary>
/// Tells people what the gateway did not take: of each sender and reason once an hour at most, whichever process refused it. Once: a claim in the
/// store keeps others away while one tells, and where it was never given back the message is looked for before it is posted.
/// </summary>
internal sealed partial class RefusalTeller(
    IServiceScopeFactory scopes, IMessageBoard board, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<RefusalTeller> logger) : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    internal static readonly TimeSpan ClaimLasts = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await lifetime.StartedAsync(stoppingToken);
        while (true)
        {
            try
            {
                await TellAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, e);
            }

            await Task.Delay(Interval, time, stoppingToken);
        }
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IncidentsContext>();
        foreach (var refusal in (await store.Refusals.AsNoTracking().Where(r => r.Untold > 0).ToListAsync(cancellationToken)).Where(r => RefusalRule.IsDue(r, time.GetUtcNow())))
        {
            await board.PostTurnAsync(cancellationToken);
            await TellAsync(store, refusal, cancellationToken);
        }
    }

    private async Task TellAsync(IncidentsContext store, WebhookRefusal refusal, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().InMicroseconds();
        var claim = now + ClaimLasts;
        var same = store.Refusals.Where(r => r.Sender == refusal.Sender && r.Reason == refusal.Reason);
        var claimed = await same.Where(r => r.TellClaimedUntil == refusal.TellClaimedUntil && r.ToldAt == refusal.ToldAt)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.TellClaimedUntil, claim), cancellationToken);
        if (claimed == 0)
        {
            return;
        }

        using var deadline = new CancellationTokenSource(ClaimLasts / 2, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        await board.NoteAsync(RefusalNote.Of(refusal), mayBeThere: refusal.TellClaimedUntil - ClaimLasts, either.Token);
        await same.ExecuteUpdateAsync(
            set => set
                .SetProperty(r => r.ToldAt, now)
                .SetProperty(r => r.Untold, r => r.Untold - refusal.Untold)
                .SetProperty(r => r.TellClaimedUntil, (DateTimeOffset?)null),
            CancellationToken.None);
        NotificationMetrics.RefusalTold();
        Log.Told(logger, refusal.Reason, refusal.Sender);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "People were told of a refusal ({Reason}) of {Sender}")]
        public static partial void Told(ILogger logger, RefusalReason reason, string sender);

        [LoggerMessage(Level = LogLevel.Error, Message = "What was refused could not be told; trying again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
