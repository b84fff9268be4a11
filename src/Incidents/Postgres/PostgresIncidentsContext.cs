using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AlertResponder.Incidents.Postgres;

internal sealed class PostgresIncidentsContext(DbContextOptions<PostgresIncidentsContext> options) : IncidentsContext(options)
{
    public override async Task<IDbContextTransaction> BeginExclusiveAsync(string key, CancellationToken cancellationToken)
    {
        var transaction = await Database.BeginTransactionAsync(cancellationToken);
        await TakeTurnAsync(key, cancellationToken);
        return transaction;
    }

    internal override Task TakeTurnAsync(string key, CancellationToken cancellationToken) =>
        Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({key}, 0))", cancellationToken);
}
