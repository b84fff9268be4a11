using AlertResponder.Incidents.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AlertResponder.Incidents;

/// <summary>Brings the schema up to date before anything else starts; processes that start together take turns.</summary>
internal sealed class SchemaMigration(IServiceScopeFactory scopes, TimeProvider time) : IHostedLifecycleService
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
            // EF holds a lock on the history table, which PostgreSQL releases however the process ends.
            await context.Database.MigrateAsync(cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

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
