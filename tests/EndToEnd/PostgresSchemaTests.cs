using AlertResponder.Incidents;
using AlertResponder.Incidents.Audit;
using AlertResponder.Tests.EndToEnd.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>The schema on a real PostgreSQL.</summary>
public sealed class PostgresSchemaTests(SharedServers servers)
{
    private const int Processes = 8;
    private const int Rounds = 5;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Migrate_SeveralProcessesAtOnce_AllSucceed()
    {
        var server = await servers.PostgresAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var database = await server.CreateDatabaseAsync(cancellationToken: Cancel);

            await MigrateAtOnceAsync(database);

            await ShouldBeWholeAsync(database);
        }
    }

    [Fact]
    public async Task Migrate_NoDatabaseYet_OneProcessCreatesIt()
    {
        var server = await servers.PostgresAsync();
        var database = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = $"new_{Guid.NewGuid():N}" }.ConnectionString;

        await MigrateAtOnceAsync(database);

        await ShouldBeWholeAsync(database);
    }

    [Fact]
    public async Task Migrate_AlertsOfAnEarlierVersion_AreToldWhoseTheyAre()
    {
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync(cancellationToken: Cancel);
        await using (var provider = Provider(database))
        await using (var scope = provider.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<IncidentsContext>().GetService<IMigrator>().MigrateAsync("20261129092012_Traceparents", Cancel);
        }

        await ExecuteAsync(
            database,
            """
            INSERT INTO incident_alerts ("Fingerprint", "StartsAt", "Name", "Status", "ReceivedAt", "Repeats", "Revision", "ReceivedJson")
            VALUES ('01', now(), 'X', 'Firing', now(), 0, 0, '{"alert":{"labels":{"cluster":"east"}},"receiver":"hook","externalUrl":"http://alertmanager:9093"}'),
                   ('02', now(), 'X', 'Firing', now(), 0, 0, '{"alert":{"labels":{}},"receiver":"hook","externalUrl":null}'),
                   ('03', now(), 'X', 'Resolved', now() - interval '2 days', 0, 0, '{"alert":{"labels":{}},"receiver":"hook","externalUrl":null}'),
                   ('04', now(), 'X', 'Resolved', now() - interval '7 hours', 0, 0, '{"alert":{"labels":{}},"receiver":"hook","externalUrl":null}')
            """);

        await MigrateAtOnceAsync(database);

        await using var after = Provider(database);
        await using var reading = after.CreateAsyncScope();
        var alerts = await reading.ServiceProvider.GetRequiredService<IncidentsContext>().Alerts.AsNoTracking().OrderBy(alert => alert.Fingerprint).ToListAsync(Cancel);
        alerts.Select(alert => (alert.ExternalUrl, alert.Receiver, alert.Cluster)).ShouldBe(
            [("http://alertmanager:9093", "hook", "east"), (null, "hook", null), (null, null, null), (null, "hook", null)], "what was over long ago is not looked at");
    }

    [Fact]
    public async Task Audit_AppendedByManyAtOnce_IsOneChainThatNobodyChangesUnseen()
    {
        const int Rows = 40;
        var server = await servers.PostgresAsync();
        var database = await server.CreateDatabaseAsync(cancellationToken: Cancel);
        await MigrateAtOnceAsync(database);
        await using var provider = Provider(database);

        await Task.WhenAll(Enumerable.Range(1, Rows).Select(async number =>
        {
            await using var scope = provider.CreateAsyncScope();
            var store = scope.ServiceProvider.GetRequiredService<IncidentsContext>();
            await using var transaction = await store.BeginExclusiveAsync($"incident/{number}", Cancel);
            await store.AppendAsync(
                new AuditRecord(
                    Guid.CreateVersion7(), TimeProvider.System.GetUtcNow(), AuditStep.Applied, Guid.NewGuid(), Guid.NewGuid(), "U0SRE", "slack",
                    "increase-memory-limit", "CronJob/cardboard/price-scraper", "a NUL \0 and a half \uD83D", "256Mi", "512Mi"),
                Cancel);
            await transaction.CommitAsync(Cancel);
        }));

        (await VerifyAsync(provider)).ShouldSatisfyAllConditions(verdict => verdict.Problem.ShouldBeNull(), verdict => verdict.Sequence.ShouldBe(Rows));
        string[] slips = ["UPDATE audit_entries SET \"Actor\" = 'x'", "DELETE FROM audit_entries", "TRUNCATE audit_entries"];
        foreach (var sql in slips)
            (await Should.ThrowAsync<PostgresException>(ExecuteAsync(database, sql))).Message.ShouldContain("append-only");
        await ExecuteAsync(database, "DROP TRIGGER audit_entries_append_only ON audit_entries; UPDATE audit_entries SET \"Actor\" = 'x' WHERE \"Sequence\" = 7");
        (await VerifyAsync(provider)).Problem.ShouldBe("Row 7 was changed: its hash is not that of its contents.");
    }

    private static async Task<AuditVerdict> VerifyAsync(ServiceProvider provider)
    {
        await using var scope = provider.CreateAsyncScope();
        return await AuditTrail.VerifyAsync(scope.ServiceProvider.GetRequiredService<IncidentsContext>(), known: null, Cancel);
    }

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private static Task MigrateAtOnceAsync(string database) => Task.WhenAll(Enumerable.Range(0, Processes).Select(_ => Task.Run(
        async () =>
        {
            await using var provider = Provider(database);
            foreach (var service in provider.GetServices<IHostedService>().OfType<IHostedLifecycleService>())
                await service.StartingAsync(Cancel);
        },
        Cancel)));

    private static async Task ShouldBeWholeAsync(string database)
    {
        await using var provider = Provider(database);
        await using var scope = provider.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IncidentsContext>();
        (await store.Database.GetAppliedMigrationsAsync(Cancel)).ShouldBe(store.Database.GetMigrations());
        (await store.Incidents.CountAsync(Cancel)).ShouldBe(0);

        // A session ends a little after the connection was closed.
        await Eventually.ReadsAsync(
            token => store.Database
                .SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")
                .SingleAsync(token),
            locks => locks == 0,
            "no lock is left",
            cancellationToken: Cancel);
    }

    private static ServiceProvider Provider(string database)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("ConnectionStrings:Incidents", (string?)database)])
            .Build();
        return new ServiceCollection().AddLogging().AddIncidents(configuration).BuildServiceProvider();
    }
}
