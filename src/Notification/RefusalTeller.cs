using AlertResponder.Incidents;
using AlertResponder.Incidents.Work;
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
    IServiceScopeFactory scopes, IMessageBoard board, IHostApplicationLifetime lifetime,
    [FromKeyedServices(StoreTime.Key)] TimeProvider time, ILogger<RefusalTeller> logger) : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    internal static readonly TimeSpan ClaimLasts = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await lifetime.StartedAsync(stoppingToken);
        var rounds = new WorkRounds(scopes, time, logger);
        var refusals = new OwedWork<WebhookRefusal>("refusals", refusal => $"{refusal.Reason} of {refusal.Sender}", DueAsync, ClaimAsync, TellAsync);
        await rounds.RepeatAsync(refusals.Name, Interval, new WakeUp(), token => rounds.RunAsync(refusals, token), stoppingToken);
    }

    private static async Task<List<WebhookRefusal>> DueAsync(IncidentsContext store, DateTimeOffset now, CancellationToken cancellationToken) =>
        [.. (await store.Refusals.AsNoTracking().Where(r => r.Untold > 0).ToListAsync(cancellationToken)).Where(r => RefusalRule.IsDue(r, now))];

    // The board's turn first: in a storm that is long in coming, and the claim's time is for the telling alone.
    private async Task<bool> ClaimAsync(IncidentsContext store, WebhookRefusal refusal, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await board.PostTurnAsync(cancellationToken);
        var claim = (time.GetUtcNow() + ClaimLasts).InMicroseconds();
        return await Same(store, refusal).Where(r => r.TellClaimedUntil == refusal.TellClaimedUntil && r.ToldAt == refusal.ToldAt)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.TellClaimedUntil, claim), cancellationToken) == 1;
    }

    private async Task TellAsync(IServiceProvider services, WebhookRefusal refusal, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().InMicroseconds();
        using var deadline = new CancellationTokenSource(ClaimLasts / 2, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        await board.NoteAsync(RefusalNote.Of(refusal), mayBeThere: refusal.TellClaimedUntil - ClaimLasts, either.Token);
        await Same(services.GetRequiredService<IncidentsContext>(), refusal).ExecuteUpdateAsync(
            set => set
                .SetProperty(r => r.ToldAt, now)
                .SetProperty(r => r.Untold, r => r.Untold - refusal.Untold)
                .SetProperty(r => r.TellClaimedUntil, (DateTimeOffset?)null),
            CancellationToken.None);
        NotificationMetrics.RefusalTold();
        Log.Told(logger, refusal.Reason, refusal.Sender);
    }

    private static IQueryable<WebhookRefusal> Same(IncidentsContext store, WebhookRefusal refusal) =>
        store.Refusals.Where(r => r.Sender == refusal.Sender && r.Reason == refusal.Reason);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "People were told of a refusal ({Reason}) of {Sender}")]
        public static partial void Told(ILogger logger, RefusalReason reason, string sender);
    }
}
