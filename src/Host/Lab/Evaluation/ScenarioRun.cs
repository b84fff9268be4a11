using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AlertResponder.Analysis;
using AlertResponder.Contracts;
using AlertResponder.Enrichment;
using AlertResponder.Gateway.Alertmanager;
using AlertResponder.Incidents;
using AlertResponder.Notification.Cards;
using AlertResponder.Simulators.Cluster;
using Microsoft.EntityFrameworkCore;

namespace AlertResponder.Host.Lab.Evaluation;

/// <summary>Takes scenarios through the stages as the bus would, on a simulated cluster each.</summary>
/// <param name="folder">Where stores and kubeconfigs are kept meanwhile.</param>
/// <param name="settings">Of the model.</param>
internal sealed class ScenarioRun(string folder, IReadOnlyDictionary<string, string?> settings)
{
    public async Task<ScenarioResult> RunAsync(Scenario scenario, CancellationToken cancellationToken)
    {
        var clock = new ScenarioClock(scenario.Now);
        await using var cluster = await ClusterSimulator.StartAsync(scenario.Cluster, clock, cancellationToken);
        var place = Directory.CreateDirectory(Path.Combine(folder, Guid.NewGuid().ToString("N"))).FullName;
        await using var stages = Stages(place, cluster, clock);
        var watch = Stopwatch.StartNew();
        await using (var scope = stages.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<IncidentsContext>().Database.MigrateAsync(cancellationToken);
        foreach (var webhook in scenario.Webhooks)
            await DeliverAsync(webhook, stages, clock, cancellationToken);
        await using var reading = stages.CreateAsyncScope();
        var incidents = await IncidentsAsync(reading.ServiceProvider.GetRequiredService<IncidentsContext>(), cancellationToken);
        watch.Stop();
        return Judge(scenario, incidents, watch.ElapsedMilliseconds, [.. Complaints(cluster)]);
    }

    private ServiceProvider Stages(string place, ClusterSimulator cluster, TimeProvider clock)
    {
        var kubeconfig = Path.Combine(place, "kubeconfig");
        cluster.WriteKubeconfig(kubeconfig);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["KUBECONFIG"] = kubeconfig,
            ["ConnectionStrings:Incidents"] = $"Data Source={Path.Combine(place, "incidents.db")};Pooling=False",
        }).Build();
        return new ServiceCollection()
            .AddLogging()
            .AddSingleton(clock)
            .AddIncidents(configuration)
            .AddEnrichment(configuration, durableBus: true)
            .AddAnalysis(configuration)
            .BuildServiceProvider();
    }

    private static async Task DeliverAsync(JsonObject webhook, ServiceProvider stages, TimeProvider clock, CancellationToken cancellationToken)
    {
        var parsed = WebhookParser.Parse(JsonSerializer.SerializeToUtf8Bytes(webhook), clock.GetUtcNow());
        if (parsed.Fault is { } fault)
            throw new FormatException($"alert.json: {fault.Text}");
        if (parsed.SetAside.Count > 0)
            throw new FormatException($"alert.json: {string.Join("; ", parsed.SetAside)}");
        foreach (var alert in parsed.Alerts)
        {
            await using var scope = stages.CreateAsyncScope();
            foreach (var emission in await scope.ServiceProvider.GetRequiredService<Enricher>().EnrichAsync(alert, cancellationToken))
            {
                if (emission.Message is ContextEnriched context)
                    await scope.ServiceProvider.GetRequiredService<AnalysisDesk>().AnalyzeAsync(context, cancellationToken);
            }
        }
    }

    private static async Task<IReadOnlyList<IncidentSnapshot>> IncidentsAsync(IncidentsContext store, CancellationToken cancellationToken)
    {
        List<IncidentSnapshot> snapshots = [];
        foreach (var id in await store.Incidents.OrderBy(incident => incident.Id).Select(incident => incident.Id).ToListAsync(cancellationToken))
            snapshots.Add((await store.ReadSnapshotAsync(id, cancellationToken))!);
        return snapshots;
    }

    // A kind of an operator that the manifests have none of is not installed here; to ask for it is how one learns that.
    private static IEnumerable<string> Complaints(ClusterSimulator cluster) => cluster.UnexpectedCalls
        .Where(call => !(call.Request.Path.Split('/') is [_, "apis", var group, ..] && group.Contains('.', StringComparison.Ordinal)))
        .Select(call => $"the cluster was asked for what no client asks: {call}")
        .Distinct(StringComparer.Ordinal);

    private static ScenarioResult Judge(Scenario scenario, IReadOnlyList<IncidentSnapshot> incidents, long milliseconds, IReadOnlyList<string> complaints)
    {
        var cards = incidents.Select(PlainCard.Of).ToArray();
        var said = Mention.Collapse(string.Join('\n', cards.Select(card => card.Told)));
        var analyses = incidents.Select(incident => incident.Analysis).OfType<AnalysisCompleted>().ToArray();
        string[] actions = [.. analyses.SelectMany(analysis => analysis.SuggestedActions).Select(action => action.Kind).Distinct(StringComparer.Ordinal)];
        return new ScenarioResult(
            scenario.Name,
            incidents.Count == 0 && scenario.Expected.MustMention.Count > 0 ? "No alert opened an incident." : null,
            [.. scenario.Expected.MustMention.Where(mention => !mention.IsIn(said)).Select(mention => mention.Text)],
            [.. scenario.Expected.MustNotMention.Where(mention => mention.IsIn(said)).Select(mention => mention.Text)],
            actions,
            [.. actions.Where(scenario.Expected.Forbids)],
            analyses.Sum(analysis => analysis.InputTokens + analysis.OutputTokens),
            analyses.Sum(analysis => analysis.CostUsd),
            milliseconds,
            string.Join("\n\n", cards.Select(card => card.Shown)),
            [.. scenario.Warnings, .. incidents.SelectMany(incident => incident.Context?.Unread ?? []).Select(unread => $"could not read {unread.What}: {unread.Reason}"), .. complaints]);
    }
}
