using AlertResponder.Contracts;
using AlertResponder.Incidents;

namespace AlertResponder.Gateway.Intake;

/// <summary>Safe once it is in the store: a single process has no broker that would keep it.</summary>
internal sealed class StoreClickIntake(IncidentsContext store, ClickDispatcher dispatcher) : IClickIntake
{
    public async Task<bool> AcceptAsync(Guid id, RemediationRequested request, CancellationToken cancellationToken)
    {
        await using var transaction = await store.BeginExclusiveAsync("clicks", cancellationToken);
        if (!await store.TryAddAsync(id, request, handled: false, cancellationToken))
        {
            return false;
        }

        // Not broken off: nobody would know whether it is there, and a person who is told to click again would have it done all the same.
        cancellationToken.ThrowIfCancellationRequested();
        await transaction.CommitAsync(CancellationToken.None);
        dispatcher.Wake();
        return true;
    }
}
