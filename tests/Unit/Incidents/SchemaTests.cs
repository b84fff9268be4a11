using System.Text.RegularExpressions;
using AlertResponder.Incidents;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;

namespace AlertResponder.Tests.Unit.Incidents;

/// <summary>The migrations are written by hand: they must make what the model says, and nothing else but the triggers, which no model has.</summary>
public sealed class SchemaTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Migrate_EmptySqliteFile_MakesTheModelsSchema()
    {
        await using var migrated = await TemporaryStore.CreateAsync();
        await using var created = TemporaryStore.CreateWithoutSchema();
        await created.ChangeAsync(context => context.Database.EnsureCreatedAsync(Cancellation));

        var expected = await SqliteSchemaAsync(created);
        expected.Count.ShouldBeGreaterThan(10);
        (await SqliteSchemaAsync(migrated)).ShouldBe(expected);
    }

    [Fact]
    public async Task Migrate_EmptySqliteFile_LetsReadersPassTheWriter()
    {
        await using var store = await TemporaryStore.CreateAsync();

        var mode = await store.ReadAsync(context => context.Database.SqlQuery<string>($"SELECT journal_mode AS Value FROM pragma_journal_mode").SingleAsync(Cancellation));

        mode.ShouldBe("wal");
    }

    [Fact]
    public async Task Script_Postgres_MakesTheModelsSchema()
    {
        await using var provider = TemporaryStore.Provider("Host=127.0.0.1;Database=never-connected");
        await using var scope = provider.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<IncidentsContext>();

        var expected = Statements(context.Database.GenerateCreateScript());
        var script = context.GetService<IMigrator>().GenerateScript();
        var dropped = Regex.Matches(script, "DROP INDEX (?<name>\"\\w+\");").Select(match => $"CREATE INDEX {match.Groups["name"].Value} ").ToArray();
        var migrated = Statements(script)
            .Where(statement => !Array.Exists(dropped, start => statement.StartsWith(start, StringComparison.Ordinal)))
            .Where(statement => !statement.Contains("__EFMigrationsHistory", StringComparison.Ordinal) && !Regex.IsMatch(statement, "^CREATE (TRIGGER|FUNCTION)"))
            .ToArray();

        expected.Length.ShouldBe(40, "fourteen tables and twenty-six indexes");
        WithAddedColumns(migrated).ShouldBe(expected);
    }

    [Theory]
    [InlineData("Data Source=never-opened.db")]
    [InlineData("Host=127.0.0.1;Database=never-connected")]
    public async Task Model_VersionOfAnIncident_GuardsAgainstLostUpdates(string connectionString)
    {
        await using var provider = TemporaryStore.Provider(connectionString);
        await using var scope = provider.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<IncidentsContext>();

        context.Model.FindEntityType(typeof(Incident))!.FindProperty(nameof(Incident.Version))!.IsConcurrencyToken.ShouldBeTrue();
    }

    private static async Task<IReadOnlyDictionary<string, string>> SqliteSchemaAsync(TemporaryStore store)
    {
        SortedDictionary<string, string> schema = new(StringComparer.Ordinal);
        await using var connection = new SqliteConnection(store.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_master WHERE type <> 'trigger' AND name NOT LIKE '\\_\\_EF%' ESCAPE '\\' AND tbl_name NOT LIKE '\\_\\_EF%' ESCAPE '\\'";
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation))
        {
            schema[reader.GetString(0)] = Normalized(reader.GetString(1));
        }

        return schema;
    }

    private static string[] Statements(string script) =>
    [
        .. script.Split(';')
            .Select(Normalized)
            .Where(statement => statement.StartsWith("CREATE", StringComparison.Ordinal) || statement.StartsWith("ALTER", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    // A column that came later is as good as one from the start.
    private static string[] WithAddedColumns(string[] statements)
    {
        var added = statements.Select(statement => Regex.Match(statement, @"^ALTER TABLE (?<table>\S+) ADD (?<column>.+)$")).Where(match => match.Success).ToArray();
        return
        [
            .. statements.Where(statement => !added.Any(match => match.Value == statement))
                .Select(statement => added.Where(match => statement.StartsWith($"CREATE TABLE {match.Groups["table"].Value} ", StringComparison.Ordinal))
                    .Aggregate(statement, (table, match) => Normalized($"{table}\n{match.Groups["column"].Value}")))
                .Order(StringComparer.Ordinal),
        ];
    }

    // The order of a table's columns is no part of what it is. SQLite writes an added one behind the others, on their line.
    private static string Normalized(string statement)
    {
        var lines = Regex.Replace(Regex.Replace(statement, @", (?<column>""\w+"" \w+ NULL)(?=,|\s*\)|\s*$)", "\n${column}\n"), @"[ \t\r]+", " ")
            .Split('\n').Select(line => line.Trim().TrimEnd(',')).Where(line => line.Length > 0).ToArray();
        return lines.Length == 0 ? "" : string.Join('\n', [lines[0], .. lines[1..].Order(StringComparer.Ordinal)]);
    }
}
