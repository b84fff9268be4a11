using AlertResponder.Contracts;
using AlertResponder.Incidents;
using MassTransit;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Gateway.Intake;

/// <summary>
/// Safe once RabbitMQ has confirmed it. The record is committed after that: of two copies of one click the second waits for the
/// first, and a click that was not confirmed is not known, so that it can come again.
/// </summary>
internal sealed partial class BrokerClickIntake(IServiceScopeFactory scopes, IBus bus, [FromKeyedServices(StoreTime.Key)] TimeProvider time, ILogger<BrokerClickIntake> logger) : IClickIntake
{
    // Of the three seconds that Slack waits one is left.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.5);

    public async Task<bool> AcceptAsync(Guid id, RemediationRequested request, CancellationToken cancellationToken)
    {
        // Its own, which may be needed for longer than the click is waited for.
        var scope = scopes.CreateAsyncScope();
        IDbContextTransaction? transaction = null;
        Task? commit = null;
        try
        {
            var store = scope.ServiceProvider.GetRequiredService<IncidentsContext>();
            transaction = await store.BeginExclusiveAsync($"click/{id}", cancellationToken);
            if (!await store.TryAddAsync(id, request, handled: true, cancellationToken))
            {
                return false;
            }

            await bus.Publish(request, context => (context.MessageId, context.Mandatory) = (id, true), cancellationToken);
            commit = CommitAsync(scope, transaction, id);
        }
        finally
        {
            // The transaction by itself: with its context alone it would go on in the pooled connection, and keep others from their turn.
            if (commit is null)
            {
                if (transaction is not null)
                {
                    await transaction.DisposeAsync();
                }

                await scope.DisposeAsync();
            }
        }

        await Task.WhenAny(commit, Task.Delay(Patience, time, CancellationToken.None));
        return true;
    }

    // From the confirm on it is carried out, so nobody may be told to click again. Without its row a copy of it is published too, and
    // remediation answers both with one record. Nothing ends it early: to cancel a command takes as long as the database does to hear of it.
    private async Task CommitAsync(AsyncServiceScope scope, IDbContextTransaction transaction, Guid id)
    {
        try
        {
            await using (scope)
            await using (transaction)
            {
                await transaction.CommitAsync(CancellationToken.None);
            }
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
