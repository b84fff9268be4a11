using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AlertResponder.Incidents.Sqlite;

/// <summary>
/// Has a write that needs no transaction take its turn too. Left to itself it would meet the transaction of another worker, and the
/// driver then sleeps for 150 ms at a time on the thread that it was called on.
/// </summary>
internal sealed class TurnInterceptor : DbCommandInterceptor
{
    // Of the commands that have their turn: one that gave up waiting for it must not end another's.
    private readonly ConcurrentDictionary<Guid, SemaphoreSlim> turns = new();

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (command.Transaction is null && eventData.Context is SqliteIncidentsContext context)
        {
            await context.Turn.WaitAsync(cancellationToken);
            turns[eventData.CommandId] = context.Turn;
        }

        return result;
    }

    public override ValueTask<int> NonQueryExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        End(eventData);
        return ValueTask.FromResult(result);
    }

    public override Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        End(eventData);
        return Task.CompletedTask;
    }

    public override Task CommandCanceledAsync(DbCommand command, CommandEndEventData eventData, CancellationToken cancellationToken = default)
    {
        End(eventData);
        return Task.CompletedTask;
    }

    private void End(CommandEndEventData eventData)
    {
        if (turns.TryRemove(eventData.CommandId, out var turn))
        {
            turn.Release();
        }
    }
}
