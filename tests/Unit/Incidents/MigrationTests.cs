using AlertResponder.Contracts;
using AlertResponder.Incidents;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

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

        (await store.ReadAsync(context => context.Database.GetAppliedMigrationsAsync(Cancellation)))
            .ShouldBe(await store.ReadAsync(context => Task.FromResult(context.Database.GetMigrations())));
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
    public async Task Migrate_AlertsOfAnEarlierVersion_AreToldWhoseTheyAre()
    {
        await using var store = TemporaryStore.CreateWithoutSchema();
        await store.ReadAsync(async context =>
        {
            await context.GetService<IMigrator>().MigrateAsync("20261129092012_Traceparents", Cancellation);
            var received = new AlertReceived(Samples.Alert("01", labels: ("cluster", "east")), "{}", "hook", "http://alertmanager:9093", Samples.Start);
            await context.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO incident_alerts ("Fingerprint", "StartsAt", "Name", "Status", "ReceivedAt", "Repeats", "Revision", "ReceivedJson")
                VALUES ('01', 1, 'KubePodCrashLooping', 'Firing', 1, 0, 0, {StoredJson.Write(received)}), ('02', 1, 'X', 'Firing', 1, 0, 0, {StoredJson.Write(received with { ExternalUrl = null, Alert = Samples.Alert("02") })}),
                    ('03', 1, 'X', 'Resolved', 1, 0, 0, {StoredJson.Write(received)}), ('04', 1, 'X', 'Resolved', {(TimeProvider.System.GetUtcNow().AddHours(-7) - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond}, 0, 0, {StoredJson.Write(received)})
                """,
                Cancellation);
            return 0;
        });

        await store.MigrateAsync();

        var alerts = await store.ReadAsync(context => context.Alerts.AsNoTracking().OrderBy(alert => alert.Fingerprint).ToListAsync(Cancellation));
        alerts.Select(alert => (alert.ExternalUrl, alert.Receiver, alert.Cluster)).ShouldBe(
            [("http://alertmanager:9093", "hook", "east"), (null, "hook", null), (null, null, null), ("http://alertmanager:9093", "hook", "east")], "what was over long ago is not looked at");
    }

    [Fact]
    public async Task Migrate_FolderDoesNotExist_FailsAtOnce()
    {
        await using var store = TemporaryStore.CreateWithoutSchema();
        await using var provider = TemporaryStore.Provider($"Data Source={Path.Combine(store.Folder, "nowhere", "test.db")}");

        await Should.ThrowAsync<DirectoryNotFoundException>(TemporaryStore.MigrateAsync(provider).WaitAsync(Patience, Cancellation));
    }
}
