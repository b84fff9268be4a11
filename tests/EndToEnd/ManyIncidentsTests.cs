using System.Net.Http.Headers;
using AlertResponder.Simulators;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Tests.EndToEnd.Servers;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>
/// Past incidents don't slow the pipeline on PostgreSQL either: with many of them, of which the planner knows, it reads no table
/// from end to end. PostgreSQL counts itself how often it does.
/// </summary>
public sealed class ManyIncidentsTests(SharedServers servers)
{
    private const int Past = 20_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Postgres_ManyPastIncidents_AlertOnAllItsWayReadsNoWholeTable()
    {
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync(cancellationToken: Cancel);
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        await using var pipeline = await PipelineProcess.StartNewAsync(environment: surroundings.Settings(new KeyValuePair<string, string>("ConnectionStrings__Incidents", database)), cancellationToken: Cancel);
        await pipeline.StopAsync();
        await using var store = new StoreView(database);
        await store.FillAsync(Past, Cancel);
        var before = await ScansAsync(database);

        await pipeline.StartAsync(Cancel);
        await PostAsync(pipeline, PriceScraperAlert.Webhook);
        await surroundings.MessageAsync(message => message.IsOpen(), "the message is posted", Cancel);
        await ReadAsync(pipeline, "");
        await ReadAsync(pipeline, "status");
        await ReadAsync(pipeline, "metrics");
        await PostAsync(pipeline, PriceScraperAlert.Resolved);
        await surroundings.MessageAsync(message => message.IsResolved(), "the message says that it is over", Cancel);
        var kept = TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(91);
        await Eventually.ReadsAsync(token => store.ResolvedBeforeAsync(kept, token), old => old == 0, "what is old is deleted", cancellationToken: Cancel);
        await pipeline.StopAsync();

        // A process tells its counts when it ends, as ours does with this one.
        await store.AskAsync(context => context.Incidents.CountAsync(incident => incident.SubjectName == "x", Cancel));
        NpgsqlConnection.ClearAllPools();
        var after = await Eventually.ReadsAsync(_ => ScansAsync(database), scans => scans != before, "our own reading of a whole table is counted", cancellationToken: Cancel);
        after.ShouldBe((before.Incidents + 1, before.Alerts));
    }

    private static async Task<(long Incidents, long Alerts)> ScansAsync(string database)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(
            "SELECT max(seq_scan) FILTER (WHERE relname = 'incidents'), max(seq_scan) FILTER (WHERE relname = 'incident_alerts') FROM pg_stat_user_tables", connection);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        await reader.ReadAsync(Cancel);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    private static async Task PostAsync(PipelineProcess pipeline, string webhook)
    {
        using var http = new HttpClient();
        using var content = new StringContent(webhook, MediaTypeHeaderValue.Parse("application/json"));
        using var response = await http.PostAsync(new Uri(pipeline.Url, "webhooks/alertmanager"), content, Cancel);
        response.EnsureSuccessStatusCode();
    }

    private static async Task ReadAsync(PipelineProcess pipeline, string path)
    {
        using var http = new HttpClient();
        await http.GetStringAsync(new Uri(pipeline.Url, path), Cancel);
    }
}
