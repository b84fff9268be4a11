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
/// Puts accepted clicks on the in-memory bus: what is new at once, after a start what was not answered before, and what could not
/// be answered again, later and later, until it is a day old. A click is answered when remediation's consumer is done with it.
/// </summary>
internal sealed partial class ClickDispatcher(
    IServiceScopeFactory scopes, IBus bus, IHostApplicationLifetime lifetime, [FromKeyedServices(StoreTime.Key)] TimeProvider time, ILogger<ClickDispatcher> logger)
    : BackgroundService, IConsumeMessageObserver<RemediationRequested>
{
    private const int MostAtOnce = 64;
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromHours(1);

    private readonly WakeUp wakeUp = new();

    // What this process has put on the bus and is not answered, until when that is for the consumer to do.
    private readonly Dictionary<Guid, DateTimeOffset> underWay = [];

    /// <summary>There is a new click.</summary>
    public void Wake() => wakeUp.Raise();

    public Task PreConsume(ConsumeContext<RemediationRequested> context) => Task.CompletedTask;

    /// <remarks>A failure is no reason to consume the message again: the click is put on the bus once more, and answered with the record.</remarks>
    public async Task PostConsume(ConsumeContext<RemediationRequested> context)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<IncidentsContext>().Clicks.Where(click => click.Id == context.MessageId)
                .ExecuteUpdateAsync(set => set.SetProperty(click => click.Handled, true), context.CancellationToken);
        }
        catch (Exception e)
        {
            Log.NotMarked(logger, context.MessageId, e);
        }
    }

    public Task ConsumeFault(ConsumeContext<RemediationRequested> context, Exception exception) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await lifetime.StartedAsync(stoppingToken);
        using var observation = bus.ConnectConsumeMessageObserver(this);
        var rounds = new WorkRounds(scopes, time, logger);
        var clicks = new OwedWork<ClickEntry>("clicks", click => click.Id, WaitingAsync, ClaimAsync: null, PublishAsync);
        await rounds.RepeatAsync(clicks.Name, PollInterval, wakeUp, token => rounds.RunAsync(clicks, token), stoppingToken);
    }

    private async Task<List<ClickEntry>> WaitingAsync(IncidentsContext store, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var after = now - ClickRecords.Kept;
        var waiting = await store.Clicks.AsNoTracking().Where(click => click.ReceivedAt > after && !click.Handled)
            .OrderByDescending(click => click.ReceivedAt).Take(MostAtOnce).ToListAsync(cancellationToken);
        foreach (var answered in underWay.Keys.Except(waiting.Select(click => click.Id)).ToList())
        {
            underWay.Remove(answered);
        }

        waiting.RemoveAll(click => underWay.TryGetValue(click.Id, out var until) && until > now);
        waiting.Reverse();
        foreach (var click in waiting)
        {
            underWay[click.Id] = now + Backoff.ByAge(now - click.ReceivedAt, FirstBackoff, LongestBackoff);
        }

        return waiting;
    }

    private async Task PublishAsync(IServiceProvider services, ClickEntry click, CancellationToken cancellationToken)
    {
        using var span = Traces.Continue("click dispatch", click.Traceparent);
        await bus.Publish(StoredJson.Read<RemediationRequested>(click.Json), context => context.MessageId = click.Id, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Click {Id} was answered, but that could not be recorded; it is put on the bus once more")]
        public static partial void NotMarked(ILogger logger, Guid? id, Exception exception);
    }
}
