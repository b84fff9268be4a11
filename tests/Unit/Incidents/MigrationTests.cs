using AlertResponder.Incidents;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AlertResponder.Tests.Unit.Incidents;

public sealed class MigrationTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Migrate_Again_KeepsWhatIsThere()
    {
        await using var store = await TemporaryStore.CreateAsync();
        var incident = Samples.Incident();
        await store.ChangeAsync(context =>
        {
            context.Incidents.Add(incident);
            return Task.CompletedTask;
        });

        await store.MigrateAsync();

        (await store.IncidentAsync(incident.Id)).SubjectKey.ShouldBe("CronJob/cardboard/price-scraper");
    }

    [Fact]
    public async Task Migrate_SeveralProcessesAtOnce_AllSucceed()
    {
        await using var store = TemporaryStore.CreateWithoutSchema();
        var starts = Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            await using var provider = TemporaryStore.Provider(store.ConnectionString);
            await TemporaryStore.MigrateAsync(provider);
        }, Cancellation));

        await Task.WhenAll(starts).WaitAsync(Patience, Cancellation);

        (await store.ReadAsync(context => context.Database.GetAppliedMigrationsAsync(Cancellation))).Count().ShouldBe(2);
        (await store.IncidentsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Migrate_LockOfAKilledProcess_IsTakenOver()
    {
        await using var store = TemporaryStore.CreateWithoutSchema();
        await using (var connection = new SqliteConnection(store.ConnectionString))
        {
            await connection.OpenAsync(Cancellation);
            await using var command = connection.CreateCommand();
            command.CommandText = """
                CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-11-22 02:13:00+00:00');
                """;
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        await store.MigrateAsync().WaitAsync(Patience, Cancellation);

        (await store.IncidentsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Migrate_FolderDoesNotExist_FailsAtOnce()
    {
        await using var store = TemporaryStore.CreateWithoutSchema();
        await using var provider = TemporaryStore.Provider($"Data Source={Path.Combine(store.Folder, "nowhere", "test.db")}");

        await Should.ThrowAsync<DirectoryNotFoundException>(TemporaryStore.MigrateAsync(provider).WaitAsync(Patience, Cancellation));
    }
}
