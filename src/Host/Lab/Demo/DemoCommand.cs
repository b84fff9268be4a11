using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AlertResponder.Contracts;
using AlertResponder.Host.Commands;
using AlertResponder.Incidents;
using AlertResponder.Notification.Console;
using AlertResponder.Simulators;
using AlertResponder.Simulators.Cluster;
using MassTransit;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;

namespace AlertResponder.Host.Lab.Demo;

/// <summary>
/// The price-scraper's story on the real pipeline in one process: a simulated cluster, alerts as Alertmanager sends them, the card on the
/// console as it changes.
/// </summary>
internal static class DemoCommand
{
    private const string Namespace = "cardboard";
    private const string CronJob = "price-scraper";
    private const string CrashLooping = "price-scraper-firing.json";
    private const string JobFailed = "price-scraper-job-failed.json";
    private const string MoreMemory = "increase-memory-limit";
    private const string Person = "U0ALICE";

    // A run that has not come when it is first looked for is looked for again after half a minute.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    // Within 80 columns.
    private const string WhatNext =
        """

        That was one incident and one message: in Slack it is edited in place, and
        has the buttons (docs/slack.md, docs/remediation.md). Next:
          doctor             what is configured, what is well, how to mend the rest
          run                takes webhooks at localhost:8080/webhooks/alertmanager
          replay FILE --now  posts a recorded webhook to a running pipeline
          simulate           a simulated cluster, Slack and Bedrock to run it on
        From the sources: dotnet run --project src/Host -- doctor

        What run connects to, from the environment:
          KUBECONFIG=...                                 the cluster that is read
          Slack__BotToken=xoxb-... Slack__Channel=C...   the card goes to Slack
          AWS_REGION=us-east-1 AWS_PROFILE=...           Nova Micro explains it
        """;

    /// <returns>The exit code: 0 once the card has appeared, has changed and is green.</returns>
    public static async Task<int> ExecuteAsync(CancellationToken cancellationToken)
    {
        var console = Terminal.Create();
        var folder = Directory.CreateTempSubdirectory("alert-responder-demo-");
        try
        {
            Tell(console, "A simulated cluster starts. In it the CronJob cardboard/price-scraper, which has 256Mi of memory and needs about 380Mi.");
            await using var cluster = await ClusterSimulator.StartAsync(Stories.PriceScraper, cancellationToken: cancellationToken);
            cluster.OnTemplate("CronJob", Namespace, CronJob).OomBelow("380Mi");
            var kubeconfig = Path.Combine(folder.FullName, "kubeconfig");
            cluster.WriteKubeconfig(kubeconfig);
            await using var app = Pipeline.Build([], builder => Embed(builder, folder.FullName, kubeconfig));
            await app.StartAsync(cancellationToken);
            using var gateway = new HttpClient { BaseAddress = Address(app) };
            var hasPage = await HasPageAsync(console, gateway, cancellationToken);
            if (!await PlayAsync(console, app, cluster, gateway, cancellationToken))
            {
                console.WriteLine($"The card did not change within {Deadline.TotalSeconds:0} s. On a busy machine, try again.");
                return ExitCodes.Failed;
            }

            console.WriteLine(WhatNext);
            if (hasPage && !System.Console.IsOutputRedirected && !System.Console.IsInputRedirected)
            {
                Tell(console, "The page stays until Enter or Ctrl+C.");
                await UntilEnterAsync(cancellationToken);
            }

            await app.StopAsync(CancellationToken.None);
            return ExitCodes.Done;
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    private static async Task<bool> PlayAsync(
        IAnsiConsole console, WebApplication app, ClusterSimulator cluster, HttpClient gateway, CancellationToken cancellationToken)
    {
        var now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var crashLooping = await AlertAsync(CrashLooping, now.AddMinutes(-15), cancellationToken);
        var jobFailed = await AlertAsync(JobFailed, now, cancellationToken);

        Tell(console, "Its pod is killed again and again. Alertmanager fires KubePodCrashLooping ...");
        await PostAsync(gateway, crashLooping, cancellationToken);
        if (!await ShownAsync(app, alerts: 1, resolved: false, cancellationToken))
        {
            return false;
        }

        Tell(console, "The run has used up its tries; the next one begins, and fails too. Alertmanager fires KubeJobFailed. That is no second incident: the same card changes ...");
        cluster.RunCronJob(Namespace, CronJob);
        await PostAsync(gateway, jobFailed, cancellationToken);
        if (!await ShownAsync(app, alerts: 2, resolved: false, cancellationToken))
        {
            return false;
        }

        if (await ProposalAsync(app, ProposalState.Offered, cancellationToken) is not { } proposal)
        {
            return false;
        }

        Tell(console, $"Below the diagnosis stands what would help, tried by the server's dry run. In Slack it is a button; Alice clicks it: {proposal.Title} ...");
        await RequestAsync(app, proposal, RemediationVerb.Execute, cancellationToken);
        if (await ProposalAsync(app, ProposalState.Applied, cancellationToken) is null)
        {
            return false;
        }

        Tell(console, "The next run completes, and Alertmanager resolves both alerts. Only when both is so does the card say verified ...");
        cluster.RunCronJob(Namespace, CronJob);
        await PostAsync(gateway, Resolved(now, crashLooping, jobFailed), cancellationToken);
        if (await ProposalAsync(app, ProposalState.Verified, cancellationToken) is null || !await ShownAsync(app, alerts: 2, resolved: true, cancellationToken))
        {
            return false;
        }

        Tell(console, "Alice would rather find the leak, and clicks Undo: the limit is what it was ...");
        await RequestAsync(app, proposal, RemediationVerb.Undo, cancellationToken);
        return await ProposalAsync(app, ProposalState.Undone, cancellationToken) is not null && await ShownAsync(app, alerts: 2, resolved: true, cancellationToken);
    }

    // As the gateway does when Slack tells of a click.
    private static Task RequestAsync(WebApplication app, Proposal proposal, RemediationVerb verb, CancellationToken cancellationToken) =>
        app.Services.GetRequiredService<IBus>().Publish(
            new RemediationRequested(proposal.IncidentId, proposal.Id, verb, Person, app.Services.GetRequiredService<TimeProvider>().GetUtcNow(), "demo"), cancellationToken);

    // The one that changes the cluster, once it is so far, or further on the same way, and drawn.
    private static Task<Proposal?> ProposalAsync(WebApplication app, ProposalState state, CancellationToken cancellationToken) => UntilAsync(
        app,
        async store => await store.Incidents.AnyAsync(incident => incident.DrawnVersion == incident.Version, cancellationToken)
            ? await store.Proposals.AsNoTracking()
                .Where(proposal => proposal.Kind == MoreMemory && (proposal.State == state || (state == ProposalState.Applied && proposal.State == ProposalState.RollingOut)))
                .OrderByDescending(proposal => proposal.CreatedAt).FirstOrDefaultAsync(cancellationToken)
            : null,
        cancellationToken);

    // Nothing of the surroundings: what is configured on this machine has no part in a demonstration.
    private static void Embed(WebApplicationBuilder builder, string folder, string kubeconfig)
    {
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["KUBECONFIG"] = kubeconfig,
            ["ConnectionStrings:Incidents"] = $"Data Source={Path.Combine(folder, "demo.db")}",
            ["Analysis:DailyBudgetUsd"] = "0",
            ["Remediation:Enabled"] = "true",
            ["Remediation:Namespaces:0"] = Namespace,
            ["Remediation:Approvers:0"] = Person,
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.SetMinimumLevel(LogLevel.Error);
    }

    private static Uri Address(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    private static async Task<bool> HasPageAsync(IAnsiConsole console, HttpClient gateway, CancellationToken cancellationToken)
    {
        using var page = await gateway.GetAsync(new Uri("/", UriKind.Relative), cancellationToken);
        if (page.IsSuccessStatusCode)
        {
            Tell(console, $"The pipeline runs; its local page is {gateway.BaseAddress}");
        }

        return page.IsSuccessStatusCode;
    }

    private static async Task<JsonNode> AlertAsync(string file, DateTimeOffset startsAt, CancellationToken cancellationToken)
    {
        await using var stream = typeof(DemoCommand).Assembly.GetManifestResourceStream(file)!;
        var webhook = (await JsonNode.ParseAsync(stream, cancellationToken: cancellationToken))!;
        webhook["alerts"]![0]!["startsAt"] = Text(startsAt);
        return webhook;
    }

    // In one webhook, so that the card need not tell of the moment between.
    private static JsonNode Resolved(DateTimeOffset endsAt, JsonNode first, JsonNode second)
    {
        var webhook = first.DeepClone();
        webhook["status"] = "resolved";
        webhook["alerts"]!.AsArray().Add(second["alerts"]![0]!.DeepClone());
        foreach (var alert in webhook["alerts"]!.AsArray())
        {
            alert!["status"] = "resolved";
            alert["endsAt"] = Text(endsAt.AddSeconds(1));
        }

        return webhook;
    }

    private static string Text(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    private static async Task PostAsync(HttpClient gateway, JsonNode webhook, CancellationToken cancellationToken)
    {
        using var response = await gateway.PostAsJsonAsync("/webhooks/alertmanager", webhook, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    // Drawn as far as there is anything to draw.
    private static async Task<bool> ShownAsync(WebApplication app, int alerts, bool resolved, CancellationToken cancellationToken) => await UntilAsync(
        app,
        async store => await store.Alerts.CountAsync(cancellationToken) == alerts
            ? await store.Incidents.AsNoTracking().FirstOrDefaultAsync(
                i => i.AnalyzedRevision == i.Revision && i.DrawnVersion == i.Version && (i.ResolvedAt != null) == resolved, cancellationToken)
            : null,
        cancellationToken) is not null;

    private static async Task<T?> UntilAsync<T>(WebApplication app, Func<IncidentsContext, Task<T?>> readAsync, CancellationToken cancellationToken)
        where T : class
    {
        var time = app.Services.GetRequiredService<TimeProvider>();
        var deadline = time.GetUtcNow() + Deadline;
        while (time.GetUtcNow() < deadline)
        {
            await using var scope = app.Services.CreateAsyncScope();
            if (await readAsync(scope.ServiceProvider.GetRequiredService<IncidentsContext>()) is { } found)
            {
                return found;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
        }

        return null;
    }

    private static async Task UntilEnterAsync(CancellationToken cancellationToken)
    {
        try
        {
            // A console's reader blocks whatever it is told; it ends with the process.
            await Task.Run(System.Console.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C.
        }
    }

    private static void Tell(IAnsiConsole console, string text) => console.Write(new Text($"{text}\n", new Style(decoration: Decoration.Dim)));
}
