using AlertResponder.Contracts;
using AlertResponder.Incidents;
using MassTransit;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Gateway.Intake;

/// <summary>
/// Safe once RabbitMQ has confirmed it. The record is committed after that: of two copies of one click the second waits for the
/// first, and a click that was not confirmed is not known, so that it can come again.
/// </summary>
internal sealed partial class BrokerClickIntake(IncidentsContext store, IBus bus, TimeProvider time, ILogger<BrokerClickIntake> logger) : IClickIntake
{
    // Of the three seconds that Slack waits one is left.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.5);

    public async Task<bool> AcceptAsync(Guid id, RemediationRequested request, CancellationToken cancellationToken)
    {
        await using var transaction = await store.BeginExclusiveAsync($"click/{id}", cancellationToken);
        if (!await store.TryAddAsync(id, request, handled: true, cancellationToken))
        {
            return false;
        }

        await bus.Publish(request, context => (context.MessageId, context.Mandatory) = (id, true), cancellationToken);
        await CommitAsync(transaction, id);
        return true;
    }

    // From the confirm on it is carried out, so nobody may be told to click again. Without its row a copy of it is published too, and
    // remediation answers both with one record.
    private async Task CommitAsync(IDbContextTransaction transaction, Guid id)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            await transaction.CommitAsync(patience.Token);
        }
        catch (Exception e)
        {
            Log.NotRecorded(logger, e, id);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Click {Id} is on the bus, but that could not be recorded")]
        public static partial void NotRecorded(ILogger logger, Exception exception, Guid id);
    }
}
