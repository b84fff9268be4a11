using System.Data.Common;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using Microsoft.EntityFrameworkCore;

namespace AlertResponder.Gateway.Intake;

/// <summary>Safe once it is in the inbox table: a single process has no broker that would keep it.</summary>
internal sealed class InboxIntake(IncidentsContext store, InboxSignal signal, TimeProvider time) : IAlertIntake
{
    public async Task AcceptAsync(IReadOnlyList<AlertReceived> alerts, CancellationToken cancellationToken)
    {
        try
        {
            await using var transaction = await store.BeginExclusiveAsync("inbox", cancellationToken);
            var entries = alerts.DistinctBy(alert => MessageIds.For(alert.Alert)).ToDictionary(alert => MessageIds.For(alert.Alert));
            var ids = entries.Keys.ToArray();
            var waiting = await store.Inbox.Where(entry => ids.Contains(entry.MessageId)).Select(entry => entry.MessageId).ToListAsync(cancellationToken);
            store.Inbox.AddRange(entries.Where(entry => !waiting.Contains(entry.Key)).Select(entry => new InboxEntry
            {
                MessageId = entry.Key,
                Json = StoredJson.Write(entry.Value),
                ReceivedAt = entry.Value.ReceivedAt,
                DriveAt = time.GetUtcNow(),
                Traceparent = Traces.Current,
            }));
            await store.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (Exception e) when (IsOutage(e))
        {
            throw new AlertsNotSafeException("The inbox could not be written.", e);
        }

        signal.Raise();
    }

    // What may pass by itself, such as a lost connection, Npgsql's execution strategy wraps.
    private static bool IsOutage(Exception e) =>
        e is DbException or DbUpdateException or TimeoutException || (e is InvalidOperationException { InnerException: { } inner } && IsOutage(inner));
}
