using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AlertResponder.Incidents;
using AlertResponder.Notification.Console;
using AlertResponder.Simulators;
using AlertResponder.Simulators.Cluster;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;

namespace AlertResponder.Host.Demo;

/// <summary>
/// The price-scraper's story on the real pipeline in one process: a simulated cluster, an alert as Alertmanager sends it, the
/// card on the console.
/// </summary>
internal static class DemoCommand
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <returns>The exit code: 0 once the card has appeared.</returns>
    public static async Task<int> ExecuteAsync(CancellationToken cancellationToken)
    {
        var console = Terminal.Create();
        var folder = Directory.CreateTempSubdirectory("alert-responder-demo-");
        try
        {
            console.MarkupLine("[dim]A simulated cluster starts; in it the CronJob [/]cardboard/price-scraper[dim], whose container has a memory limit of 256Mi.[/]");
            await using var cluster = await ClusterSimulator.StartAsync(Stories.PriceScraper, cancellationToken: cancellationToken);
            var kubeconfig = Path.Combine(folder.FullName, "kubeconfig");
            cluster.WriteKubeconfig(kubeconfig);
            await using var app = Pipeline.Build([], builder => Embed(builder, folder.FullName, kubeconfig));
            await app.StartAsync(cancellationToken);
            console.MarkupLine("[dim]Its pod is killed again and again. Alertmanager fires [/]KubePodCrashLooping[dim] ...[/]");
            await FireAsync(app, cancellationToken);
            var shown = await ShownAsync(app, cancellationToken);
            await app.StopAsync(cancellationToken);
            console.WriteLine(shown ? WhatNext : "The card did not appear in time; run with Logging:LogLevel:Default=Information to see why.");
            return shown ? 0 : 1;
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    private const string WhatNext =
        """

        That was the pipeline on simulators: webhook, subject, evidence, rules, card. With real things:
          dotnet run --project src/Host                  takes webhooks at /webhooks/alertmanager
          ASPNETCORE_URLS=http://localhost:8080          where it listens
          KUBECONFIG=~/.kube/config                      the cluster whose evidence is read
          Slack__BotToken=xoxb-... Slack__Channel=C...   the card goes to Slack, and lives there
          AWS_REGION=us-east-1 AWS_PROFILE=...           Amazon Nova Micro explains what the rules find
        README.md connects them one by one.
        """;

    // Nothing of the surroundings: what is configured on this machine has no part in a demonstration.
    private static void Embed(WebApplicationBuilder builder, string folder, string kubeconfig)
    {
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["KUBECONFIG"] = kubeconfig,
            ["ConnectionStrings:Incidents"] = $"Data Source={Path.Combine(folder, "demo.db")}",
            ["Analysis:DailyBudgetUsd"] = "0",
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.SetMinimumLevel(LogLevel.Error);
    }

    private static async Task FireAsync(WebApplication app, CancellationToken cancellationToken)
    {
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        await using var story = typeof(DemoCommand).Assembly.GetManifestResourceStream("price-scraper-firing.json")!;
        var webhook = (await JsonNode.ParseAsync(story, cancellationToken: cancellationToken))!;
        webhook["alerts"]![0]!["startsAt"] = app.Services.GetRequiredService<TimeProvider>().GetUtcNow().AddMinutes(-15).ToString("O");
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        using var response = await http.PostAsJsonAsync("/webhooks/alertmanager", webhook, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private static async Task<bool> ShownAsync(WebApplication app, CancellationToken cancellationToken)
    {
        var time = app.Services.GetRequiredService<TimeProvider>();
        var deadline = time.GetUtcNow() + Deadline;
        while (time.GetUtcNow() < deadline)
        {
            await using var scope = app.Services.CreateAsyncScope();
            if (await scope.ServiceProvider.GetRequiredService<IncidentsContext>().Incidents.AnyAsync(i => i.DrawnVersion > 0, cancellationToken))
            {
                return true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
        }

        return false;
    }
}
