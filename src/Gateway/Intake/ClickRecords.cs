using AlertResponder.Contracts;
using AlertResponder.Incidents;
using Microsoft.EntityFrameworkCore;

namespace AlertResponder.Gateway.Intake;

/// <summary>The record of accepted clicks.</summary>
internal static class ClickRecords
{
    /// <summary>Far longer than a callback's signature is good for, and than a proposal can be requested.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>Records a click within a transaction, and forgets those of days gone by.</summary>
    /// <returns>False when it is recorded already.</returns>
    public static async Task<bool> TryAddAsync(
        this IncidentsContext store, Guid id, RemediationRequested request, bool handled, CancellationToken cancellationToken)
    {
        if (await store.Clicks.AnyAsync(click => click.Id == id, cancellationToken))
        {
            return false;
        }

        var before = request.RequestedAt - Kept;
        await store.Clicks.Where(click => click.ReceivedAt < before).ExecuteDeleteAsync(cancellationToken);
        store.Clicks.Add(new ClickEntry { Id = id, Json = StoredJson.Write(request), ReceivedAt = request.RequestedAt, Handled = handled, Traceparent = Traces.Current });
        await store.SaveChangesAsync(cancellationToken);
        return true;
    }
}
