using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AlertResponder.Incidents.Sqlite;

internal sealed class SqliteIncidentsContext(DbContextOptions<SqliteIncidentsContext> options) : IncidentsContext(options)
{
    /// <summary>SQLite has one writer at a time: its immediate transaction, EF's default, is the lock already.</summary>
    public override Task<IDbContextTransaction> BeginExclusiveAsync(string key, CancellationToken cancellationToken) =>
        Database.BeginTransactionAsync(cancellationToken);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcMicroseconds>();

    /// <summary>SQLite has no time type that sorts; an integer does, at PostgreSQL's precision.</summary>
    private sealed class UtcMicroseconds() : ValueConverter<DateTimeOffset, long>(
        time => (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond,
        value => DateTimeOffset.UnixEpoch.AddTicks(value * TimeSpan.TicksPerMicrosecond));
}
