using System.Text;
using System.Text.Json.Nodes;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Simulators;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Traffic;
using AlertResponder.Tests.Unit.Host;
using AlertResponder.Tests.Unit.Time;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace AlertResponder.Tests.Unit.Remediation;

/// <summary>The whole application, from the alert to the undo.</summary>
public sealed class PriceScraperStoryTests : IDisposable
{
    private static readonly DateTimeOffset StartsAt = TimeProvider.System.GetUtcNow().AddMinutes(-15);

    private readonly TestHost host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => host.Dispose();

    [Fact]
    public async Task Run_PriceScraper_IsGivenMemoryVerifiedAndUndone()
    {
        await using var cluster = await ClusterSimulator.StartAsync(Stories.PriceScraper, "token", cancellationToken: Cancellation);
        cluster.OnTemplate("CronJob", "cardboard", "price-scraper").OomBelow("400Mi");
        var kubeconfig = Path.Combine(host.Folder, "cluster");
        cluster.WriteKubeconfig(kubeconfig);
        await using var app = host.Build(
            services => services.AddSingleton(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) })),
            ("KUBECONFIG", kubeconfig), ("Remediation:Enabled", "true"), ("Remediation:Namespaces:0", "cardboard"), ("Remediation:Approvers:0", "U0NIGHT"));
        using var http = await TestHost.StartAsync(app);

        await PostAsync(http, "firing");
        var proposal = await ReachesAsync(app, ProposalState.Offered);
        proposal.Title.ShouldBe("Increase memory limit of scraper to 512Mi");
        await ClickAsync(app, proposal, RemediationVerb.Execute);
        await ReachesAsync(app, ProposalState.Applied, ProposalState.RollingOut);
        cluster.RunCronJob("cardboard", "price-scraper");
        await PostAsync(http, "resolved");
        var verified = await ReachesAsync(app, ProposalState.Verified);
        verified.Progress.ShouldBe("verified: the next run succeeded, the alerts are resolved");
        await ClickAsync(app, proposal, RemediationVerb.Undo);
        await ReachesAsync(app, ProposalState.Undone);

        var patches = cluster.Requests.Where(request => request.Method == "PATCH" && !request.Query.ContainsKey("dryRun")).ToList();
        patches.Select(Limit).ShouldBe(["512Mi", "256Mi"]);
        await app.StopAsync(Cancellation);
        cluster.AssertNoUnexpectedCalls();
    }

    private static string Limit(RecordedRequest patch) =>
        JsonNode.Parse(patch.Body)!.AsArray().Single(operation => operation!["path"]!.ToString().EndsWith("/limits/memory", StringComparison.Ordinal))!["value"]!.ToString();

    private static Task ClickAsync(WebApplication app, Proposal proposal, RemediationVerb verb) => app.Services.GetRequiredService<IBus>().Publish(
        new RemediationRequested(proposal.IncidentId, proposal.Id, verb, "U0NIGHT", TimeProvider.System.GetUtcNow(), "slack"), Cancellation);

    private static async Task<Proposal> ReachesAsync(WebApplication app, params ProposalState[] states)
    {
        Proposal? reached = null;
        await Eventually.TrueAsync(
            async () =>
            {
                await using var scope = app.Services.CreateAsyncScope();
                reached = await scope.ServiceProvider.GetRequiredService<IncidentsContext>().Proposals.AsNoTracking()
                    .FirstOrDefaultAsync(proposal => proposal.Kind == "increase-memory-limit" && states.Contains(proposal.State), Cancellation);
                return reached is not null;
            },
            $"the proposal is {string.Join(" or ", states)}");
        return reached!;
    }

    private static async Task PostAsync(HttpClient http, string status)
    {
        var body =
            $$"""
            {"version":"4","groupKey":"{}:{}","receiver":"hook","status":"{{status}}","externalURL":"http://alertmanager.example:9093","groupLabels":{},"commonLabels":{},"commonAnnotations":{},
            "alerts":[{"status":"{{status}}","fingerprint":"636219f2fccf1c5f","startsAt":"{{StartsAt:O}}","endsAt":"{{(status == "firing" ? "0001-01-01T00:00:00Z" : $"{StartsAt.AddMinutes(14):O}")}}",
            "labels":{"alertname":"KubePodCrashLooping","namespace":"cardboard","pod":"price-scraper-28487520-2n78x","container":"scraper","severity":"warning"},"annotations":{} }]}
            """;
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        (await http.PostAsync(new Uri("/webhooks/alertmanager", UriKind.Relative), content, Cancellation)).EnsureSuccessStatusCode();
    }
}
