using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AlertResponder.Incidents.Sqlite;

internal sealed class SqliteIncidentsContext(DbContextOptions<SqliteIncidentsContext> options) : IncidentsContext(options)
{
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Turns = new(StringComparer.Ordinal);
    private static readonly TurnInterceptor Interceptor = new();

    /// <summary>Whoever of this process has it may write.</summary>
    internal SemaphoreSlim Turn => Turns.GetOrAdd(Database.GetConnectionString() ?? "", _ => new SemaphoreSlim(1));

    /// <summary>
    /// SQLite has one writer at a time: its immediate transaction, EF's default, is the lock between processes. It blocks a
    /// thread while it waits, and a storm of alerts would block all there are; so those of one process take turns before it.
    /// </summary>
    public override async Task<IDbContextTransaction> BeginExclusiveAsync(string key, CancellationToken cancellationToken)
    {
        var turn = Turn;
        await turn.WaitAsync(cancellationToken);
        try
        {
            return new TurnTransaction(await Database.BeginTransactionAsync(cancellationToken), turn);
        }
        catch
        {
            turn.Release();
            throw;
        }
    }

    /// <summary>A deferred one: a reader sees the file as it was when it first read, and keeps no writer waiting.</summary>
    internal override async Task<IDbContextTransaction> BeginSnapshotAsync(CancellationToken cancellationToken)
    {
        await Database.OpenConnectionAsync(cancellationToken);
        var transaction = ((SqliteConnection)Database.GetDbConnection()).BeginTransaction(deferred: true);
        return (await Database.UseTransactionAsync(transaction, cancellationToken))!;
    }

    /// <summary>There is nobody to wait for: one transaction writes at a time.</summary>
    internal override Task TakeTurnAsync(string key, CancellationToken cancellationToken) => Task.CompletedTask;

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcMicroseconds>();

    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.AddInterceptors(Interceptor);

    /// <summary>SQLite has no time type that sorts; an integer does, at PostgreSQL's precision.</summary>
    private sealed class UtcMicroseconds() : ValueConverter<DateTimeOffset, long>(
        time => (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond,
        value => DateTimeOffset.UnixEpoch.AddTicks(value * TimeSpan.TicksPerMicrosecond));
}
