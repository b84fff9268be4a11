using AlertResponder.Incidents.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace AlertResponder.Incidents;

/// <summary>Brings the schema up to date before anything else starts; processes that start together take turns.</summary>
internal sealed class SchemaMigration(IServiceScopeFactory scopes, StoreTime storeTime, TimeProvider time) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<IncidentsContext>();
        if (context is SqliteIncidentsContext)
        {
            await MigrateSqliteAsync(context, cancellationToken);
        }
        else
        {
            await MigratePostgresAsync(context, cancellationToken);
            await storeTime.MeasureAsync(context, cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // On PostgreSQL EF's lock ends with each migration's transaction, while the list of those to apply is read but once: two processes
    // would both apply the second. This one is held for all of them, and goes with its connection however the process ends.
    private static async Task MigratePostgresAsync(IncidentsContext context, CancellationToken cancellationToken)
    {
        await CreatePostgresDatabaseAsync(context, cancellationToken);
        var unpooled = new NpgsqlConnectionStringBuilder(context.Database.GetConnectionString()) { Pooling = false };
        await using var connection = new NpgsqlConnection(unpooled.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var turn = connection.CreateCommand();
        turn.CommandText = "SELECT pg_advisory_lock(hashtextextended('alert-responder/schema', 0))";
        turn.CommandTimeout = 0;
        await turn.ExecuteNonQueryAsync(cancellationToken);

        // One that is given up is begun again at the next start, and would be given up again.
        context.Database.SetCommandTimeout(TimeSpan.Zero);
        await context.Database.MigrateAsync(cancellationToken);
    }

    private static async Task CreatePostgresDatabaseAsync(IncidentsContext context, CancellationToken cancellationToken)
    {
        var creator = context.GetService<IRelationalDatabaseCreator>();
        if (await creator.ExistsAsync(cancellationToken))
            return;
        try
        {
            await creator.CreateAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another process that starts now was faster.
        }
    }

    // On SQLite EF's lock is a row, which a killed process leaves behind for ever. A file lock ends with its process; who
    // holds it knows that the row is a dead one's.
    private async Task MigrateSqliteAsync(IncidentsContext context, CancellationToken cancellationToken)
    {
        var file = new SqliteConnectionStringBuilder(context.Database.GetConnectionString()).DataSource;
        await using var held = await LockAsync(file + ".lock", cancellationToken);
        var tables = await context.Database
            .SqlQuery<int>($"SELECT count(*) AS Value FROM sqlite_master WHERE name = '__EFMigrationsLock'")
            .SingleAsync(cancellationToken);
        if (tables > 0)
        {
            await context.Database.ExecuteSqlAsync($"DELETE FROM __EFMigrationsLock", cancellationToken);
        }

        await context.Database.MigrateAsync(cancellationToken);

        // Readers don't wait for the writer; the setting stays with the file.
        await context.Database.ExecuteSqlAsync($"PRAGMA journal_mode = 'wal'", cancellationToken);
    }

    private async Task<FileStream> LockAsync(string path, CancellationToken cancellationToken)
    {
        var deadline = time.GetUtcNow().AddSeconds(60);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (time.GetUtcNow() < deadline && Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
            }
        }
    }
}
