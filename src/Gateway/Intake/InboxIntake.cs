using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Incidents.Work;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AlertResponder.Gateway.Intake;

/// <summary>
/// Safe once it is in the inbox table: a single process has no broker that would keep it. A storm is written in several transactions, so that the
/// urgent ones are on their way while the others are written, and a repeat goes on where the time was up.
/// </summary>
internal sealed class InboxIntake(IncidentsContext store, [FromKeyedServices(InboxDispatcher.Inbox)] WakeUp wakeUp, ConfirmedAlerts confirmed, [FromKeyedServices(StoreTime.Key)] TimeProvider time) : IAlertIntake
{
    // Between two transactions whatever else writes has its turn.
    private const int MostInATransaction = 5_000;

    // What is written at once is in memory once more.
    private const int MostAtOnce = 1_000;

    // Then it ends early: on a slow disk, or a busy machine, a repeat would else reach the same point again, with nothing safe.
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(1);

    // Alertmanager waits for ten seconds at least.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);

    public async Task AcceptAsync(IReadOnlyList<AlertReceived> alerts, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        List<AlertReceived> safe = [];
        try
        {
            // The urgent ones by themselves, so that they are on their way at once.
            var fresh = confirmed.NotYet(alerts).GroupBy(alert => alert.Alert.IsUrgent());
            foreach (var batch in fresh.SelectMany(alike => alike.Chunk(MostInATransaction)))
            {
                for (var written = 0; written < batch.Length;)
                {
                    either.Token.ThrowIfCancellationRequested();
                    var now = await WriteAsync(batch.AsMemory(written), either.Token);
                    safe.AddRange(batch[written..(written + now)]);
                    written += now;
                    wakeUp.Raise();
                }
            }
        }
        catch (OperationCanceledException e)
        {
            confirmed.Keep(alerts, safe);
            if (cancellationToken.IsCancellationRequested)
            {
                throw;
            }

            throw new AlertsNotSafeException($"The inbox was not written within {Deadline.TotalSeconds} s.", e);
        }
        catch (Exception e) when (StoreOutage.Is(e))
        {
            throw new AlertsNotSafeException("The inbox could not be written.", e);
        }

        confirmed.Forget(alerts);
    }

    /// <returns>How many of them are safe: at least a part, and as many as there is time for.</returns>
    private async Task<int> WriteAsync(ReadOnlyMemory<AlertReceived> batch, CancellationToken cancellationToken)
    {
        await using var transaction = await store.BeginExclusiveAsync("inbox", cancellationToken);
        var started = time.GetTimestamp();
        var written = 0;
        while (written < batch.Length && (written == 0 || time.GetElapsedTime(started) < LongEnough))
        {
            var part = batch[written..Math.Min(written + MostAtOnce, batch.Length)].ToArray();
            written += part.Length;
            var entries = part.DistinctBy(alert => MessageIds.For(alert.Alert)).ToDictionary(alert => MessageIds.For(alert.Alert));
            var ids = entries.Keys.ToArray();
            var waiting = (await store.Inbox.Where(entry => ids.Contains(entry.MessageId)).Select(entry => entry.MessageId).ToListAsync(cancellationToken)).ToHashSet();
            store.Inbox.AddRange(entries.Where(entry => !waiting.Contains(entry.Key)).Select(entry => new InboxEntry
            {
                MessageId = entry.Key,
                Json = StoredJson.Write(entry.Value),
                ReceivedAt = entry.Value.ReceivedAt,
                DriveAt = time.GetUtcNow(),
                Traceparent = Traces.Current,
                Urgency = entry.Value.Alert.IsUrgent() ? InboxEntry.Urgent : null,
            }));
            await store.SaveChangesAsync(cancellationToken);
            store.ChangeTracker.Clear();
        }

        await transaction.CommitAsync(cancellationToken);
        return written;
    }
}
