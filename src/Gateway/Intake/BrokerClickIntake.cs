using AlertResponder.Contracts;
using AlertResponder.Incidents;
using MassTransit;

namespace AlertResponder.Gateway.Intake;

/// <summary>
/// Safe once RabbitMQ has confirmed it. The record is committed after that: of two copies of one click the second waits for the
/// first, and a click that was not confirmed is not known, so that it can come again.
/// </summary>
internal sealed class BrokerClickIntake(IncidentsContext store, IBus bus) : IClickIntake
{
    public async Task<bool> AcceptAsync(Guid id, RemediationRequested request, CancellationToken cancellationToken)
    {
        await using var transaction = await store.BeginExclusiveAsync($"click/{id}", cancellationToken);
        if (!await store.TryAddAsync(id, request, handled: true, cancellationToken))
        {
            return false;
        }

        await bus.Publish(request, context => (context.MessageId, context.Mandatory) = (id, true), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
