using Microsoft.EntityFrameworkCore.Storage;

namespace AlertResponder.Incidents.Sqlite;

/// <summary>A transaction whose end lets the next one of this process begin.</summary>
internal sealed class TurnTransaction(IDbContextTransaction transaction, SemaphoreSlim turn) : IDbContextTransaction
{
    private int ended;

    public Guid TransactionId => transaction.TransactionId;

    public void Commit() => transaction.Commit();

    public Task CommitAsync(CancellationToken cancellationToken = default) => transaction.CommitAsync(cancellationToken);

    public void Rollback() => transaction.Rollback();

    public Task RollbackAsync(CancellationToken cancellationToken = default) => transaction.RollbackAsync(cancellationToken);

    public void Dispose()
    {
        try
        {
            transaction.Dispose();
        }
        finally
        {
            End();
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await transaction.DisposeAsync();
        }
        finally
        {
            End();
        }
    }

    private void End()
    {
        if (Interlocked.Exchange(ref ended, 1) == 0)
        {
            turn.Release();
        }
    }
}
