using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AlertResponder.Incidents;
using AlertResponder.Tests.Unit.Gateway;
using AlertResponder.Tests.Unit.Time;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace AlertResponder.Tests.Unit.Host;

/// <summary>
/// Past incidents don't slow the pipeline: whatever the running application asks its store is found by an index. What it asks is
/// listened to while an alert goes all the way, and is explained by SQLite afterwards.
/// </summary>
public sealed class QueryPlanTests : IDisposable
{
    // The migrations' statements have no plan.
    private static readonly string[] Definitions = ["CREATE", "ALTER"];

    // These hold what is open or owed, however much is past.
    private static readonly string[] SmallIndexes =
    [
        "IX_incidents_open_subject", "IX_incidents_unfinished", "IX_incidents_evidence_retry", "IX_incidents_model_retry", "IX_incidents_draw_claimed",
        "IX_incidents_unproposed", "IX_incident_alerts_single", "IX_incident_alerts_late", "IX_proposals_due",
    ];

    private static readonly string[] Tables = ["\"incidents\"", "\"incident_alerts\"", "\"remediations\"", "\"proposals\""];

    private readonly TestHost host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => host.Dispose();

    [Fact]
    public async Task Run_AlertOnAllItsWay_AsksNothingThatReadsAWholeTable()
    {
        ConcurrentDictionary<string, byte> asked = new(StringComparer.Ordinal);
        using var listening = Listen(asked);
        await using var app = host.Build(services => services.AddSingleton(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) })));
        using var http = await TestHost.StartAsync(app);

        await PostAsync(http, Payloads.Json("firing-single"));
        await Eventually.TrueAsync(() => StandsAsync(http, openIncidents: 1), "the incident is drawn");
        await PostAsync(http, Payloads.Json("firing-single"));
        await PostAsync(http, Payloads.Json("resolved-single"));
        await Eventually.TrueAsync(() => StandsAsync(http, openIncidents: 0), "its end is drawn");
        await using (var scope = app.Services.CreateAsyncScope())
        {
            (await scope.ServiceProvider.GetRequiredService<IncidentsContext>().ReadNewestAsync(50, Cancellation)).ShouldHaveSingleItem();
        }

        await app.StopAsync(Cancellation);

        var texts = asked.Keys.Where(text => Tables.Any(table => text.Contains(table, StringComparison.Ordinal)) && !Definitions.Any(word => text.StartsWith(word, StringComparison.Ordinal))).ToArray();
        texts.Length.ShouldBeGreaterThan(25);
        texts.ShouldContain(text => text.StartsWith("DELETE", StringComparison.Ordinal) || text.Contains("ORDER BY \"i\".\"ResolvedAt\"", StringComparison.Ordinal), "retention has run");
        List<string> slow = [];
        foreach (var text in texts)
        {
            slow.AddRange((await PlanAsync(text)).Where(step => ReadsAWholeTable(step, text)).Select(step => $"{step}: {text}"));
        }

        slow.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("SELECT * FROM \"incidents\" WHERE \"SubjectName\" = 'x'", true)]
    [InlineData("SELECT * FROM \"incidents\" WHERE \"Id\" = 'x'", false)]
    [InlineData("SELECT count(*) FROM \"incident_alerts\"", true)]
    [InlineData("SELECT \"Id\" FROM \"incidents\" ORDER BY \"OpenedAt\" DESC LIMIT 50", false)]
    [InlineData("SELECT \"Id\" FROM \"incidents\" ORDER BY \"SubjectName\" DESC LIMIT 50", true)]
    public async Task Explain_Query_IsTold(string text, bool readsAWholeTable)
    {
        await using var app = host.Build();
        using var http = await TestHost.StartAsync(app);

        (await PlanAsync(text)).Any(step => ReadsAWholeTable(step, text)).ShouldBe(readsAWholeTable);
        await app.StopAsync(Cancellation);
    }

    private static bool ReadsAWholeTable(string step, string text) =>
        step.StartsWith("SCAN ", StringComparison.Ordinal)
        && !step.StartsWith("SCAN CONSTANT ROW", StringComparison.Ordinal)
        && !SmallIndexes.Any(index => step.EndsWith($" {index}", StringComparison.Ordinal))
        && !(step.EndsWith(" IX_incidents_opened", StringComparison.Ordinal) && text.Contains("LIMIT", StringComparison.Ordinal));

    private async Task<IReadOnlyList<string>> PlanAsync(string text)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(host.Folder, "incidents.db")}");
        await connection.OpenAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {text}";
        foreach (System.Text.RegularExpressions.Match name in System.Text.RegularExpressions.Regex.Matches(text, "@[A-Za-z0-9_]+"))
        {
            if (!command.Parameters.Contains(name.Value))
            {
                command.Parameters.AddWithValue(name.Value, 1L);
            }
        }

        List<string> steps = [];
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation))
        {
            steps.Add(reader.GetString(3));
        }

        return steps;
    }

    private IDisposable Listen(ConcurrentDictionary<string, byte> asked) => DiagnosticListener.AllListeners.Subscribe(new Observer<DiagnosticListener>(source =>
    {
        if (source.Name == DbLoggerCategory.Name)
        {
            source.Subscribe(new Observer<KeyValuePair<string, object?>>(happened =>
            {
                // Other tests' stores are in the same process.
                if (happened.Value is CommandExecutedEventData executed && executed.Command.Connection?.DataSource.StartsWith(host.Folder, StringComparison.Ordinal) == true)
                {
                    asked.TryAdd(executed.Command.CommandText, 0);
                }
            }));
        }
    }));

    private static async Task PostAsync(HttpClient http, JsonObject webhook) =>
        (await http.PostAsJsonAsync("webhooks/alertmanager", webhook, Cancellation)).EnsureSuccessStatusCode().Dispose();

    private static async Task<bool> StandsAsync(HttpClient http, int openIncidents)
    {
        var status = await http.GetFromJsonAsync<JsonObject>("status", Cancellation);
        return status!["counts"]!["openIncidents"]!.GetValue<int>() == openIncidents && status["counts"]!["undrawnIncidents"]!.GetValue<int>() == 0;
    }

    private sealed class Observer<T>(Action<T> next) : IObserver<T>
    {
        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void OnNext(T value) => next(value);
    }
}
