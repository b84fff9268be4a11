using System.Net;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Simulators;
using AlertResponder.Simulators.Slack;
using AlertResponder.Tests.EndToEnd.Servers;
using AlertResponder.Tests.Unit.Tracing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>One trace from the webhook to the post in Slack, and one from a click to the verified change, as a collector receives them.</summary>
public sealed class TracingTests(SharedServers servers)
{
    private const string OnCall = "U0ONCALL";
    private const string Webhook = "POST /webhooks/alertmanager";

    // The workload is looked at every five seconds at first, every thirty while its next run has not come.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static readonly string[] Roles = ["gateway", "enrichment", "analysis", "notification", "remediation"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryRoleInItsOwnProcess_RabbitMqAndPostgres_AlertAndCallbackAreATraceEach()
    {
        var virtualHost = await (await servers.RabbitMqAsync()).CreateVirtualHostAsync(Cancel);
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync(cancellationToken: Cancel);
        await using var receiver = await TraceReceiver.StartAsync(Cancel);
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        var settings = Settings(surroundings, receiver,
            [new("ConnectionStrings__RabbitMq", virtualHost.ConnectionString), new("ConnectionStrings__Incidents", database)]);
        var processes = await Task.WhenAll(Roles.Select(role => PipelineProcess.StartNewAsync(["--roles", role], settings, Cancel)));
        try
        {
            await TellAsync(surroundings, processes[0], viaSocket: false);
            await VerifiedAsync(receiver);
        }
        finally
        {
            // What is not exported yet is when a process stops.
            foreach (var process in processes)
            {
                await process.DisposeAsync();
            }
        }

        var spans = receiver.Spans;
        var posted = Chain(Post(spans), spans);
        posted[^1].Name.ShouldBe(Webhook);
        Processes(posted).ShouldBe(["gateway", "enrichment", "analysis", "notification"]);
        ShouldTellOfOneIncident(posted);
        spans.Where(span => span.TraceId == posted[0].TraceId).Select(span => span.Source).Distinct()
            .ShouldBeSubsetOf(["Microsoft.AspNetCore", "MassTransit", "System.Net.Http", "Npgsql"]);
        spans.ShouldContain(span => span.TraceId == posted[0].TraceId && span.Source == "Npgsql" && span.Roles == "enrichment");

        var changed = Chain(Change(spans), spans);
        changed[^1].Name.ShouldBe("POST /slack/interactions");
        Processes(changed).ShouldBe(["gateway", "remediation"]);
        var verified = Chain(Verified(spans), spans);
        verified[^1].Id.ShouldBe(changed[^1].Id);
        Processes(verified).ShouldBe(["gateway", "remediation", "notification"]);
        verified.Select(span => span.Name).ShouldContain("proposal follow-up");
        ShouldTellOfOneIncident(verified);
        ShouldBeginAt(spans, Webhook, "POST /slack/interactions");
    }

    [Fact]
    public async Task SingleProcess_InMemoryAndSqlite_AlertAndSocketModeClickAreATraceEach()
    {
        await using var receiver = await TraceReceiver.StartAsync(Cancel);
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        await using (var pipeline = await PipelineProcess.StartNewAsync(environment: Settings(surroundings, receiver), cancellationToken: Cancel))
        {
            await TellAsync(surroundings, pipeline, viaSocket: true);
            await VerifiedAsync(receiver);
        }

        var spans = receiver.Spans;
        var posted = Chain(Post(spans), spans);
        Stages(posted).ShouldBe([Webhook, "inbox dispatch", "enrichment process", "analysis process", "notification process"]);
        ShouldTellOfOneIncident(posted);

        var changed = Chain(Change(spans), spans);
        Stages(changed).ShouldBe(["socket-mode click", "click dispatch", "remediation process"]);
        var verified = Chain(Verified(spans), spans);
        verified[^1].Id.ShouldBe(changed[^1].Id);
        Stages(verified).ShouldBe(["socket-mode click", "click dispatch", "remediation process", "proposal follow-up", "notification process"]);
        ShouldTellOfOneIncident(verified);
        ShouldBeginAt(spans, Webhook, "socket-mode click");
    }

    [Fact]
    public async Task SingleProcess_NoVariables_MakesNoSpans()
    {
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        var settings = surroundings.Settings();
        await using var pipeline = await PipelineProcess.StartNewAsync(environment: settings, cancellationToken: Cancel);
        await using var alertmanager = await AlertmanagerServer.StartNewAsync(new AlertmanagerConfig(new Uri(pipeline.Url, "webhooks/alertmanager")), Cancel);
        await alertmanager.FireAsync(PriceScraperAlert.Labels, PriceScraperAlert.Annotations, cancellationToken: Cancel);
        await surroundings.MessageAsync(message => message.IsOpen(), "the message is posted", Cancel);

        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("ConnectionStrings:Incidents", (string?)settings["ConnectionStrings__Incidents"])]).Build();
        await using var services = new ServiceCollection().AddLogging().AddIncidents(configuration).BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();
        var incident = await scope.ServiceProvider.GetRequiredService<IncidentsContext>().Incidents.AsNoTracking().SingleAsync(Cancel);

        // Somebody who listened would have given it the span that opened it.
        incident.Traceparent.ShouldBeNull();
        surroundings.Slack.Requests.Concat(surroundings.Cluster.Requests).ShouldAllBe(request => !request.Headers.ContainsKey("traceparent"));
    }

    private static Dictionary<string, string> Settings(Surroundings surroundings, TraceReceiver receiver, params IEnumerable<KeyValuePair<string, string>> more)
    {
        surroundings.Cluster.OnTemplate("CronJob", "cardboard", "price-scraper").OomBelow("380Mi");
        return surroundings.Settings(
        [
            new("Remediation__Enabled", "true"), new("Remediation__Namespaces__0", "cardboard"), new("Remediation__Approvers__0", OnCall),
            .. Surroundings.Clicking, .. receiver.Variables, .. more,
        ]);
    }

    /// <summary>It is killed for its memory, gets more by a click, and has recovered.</summary>
    private static async Task TellAsync(Surroundings surroundings, PipelineProcess gateway, bool viaSocket)
    {
        await using var alertmanager = await AlertmanagerServer.StartNewAsync(
            new AlertmanagerConfig(new Uri(gateway.Url, "webhooks/alertmanager")) { RepeatInterval = TimeSpan.FromHours(1) }, Cancel);
        await alertmanager.FireAsync(PriceScraperAlert.Labels, PriceScraperAlert.Annotations, cancellationToken: Cancel);
        var offered = await MessageAsync(surroundings, message => message.Button("Increase memory limit of scraper to 512Mi") is not null, "the limit is offered");
        var button = offered.Button("Increase memory limit of scraper to 512Mi")!;
        if (viaSocket)
        {
            await surroundings.Slack.WaitForSocketsAsync(1, Cancel);
            (await surroundings.Slack.ClickAsync(offered, button, OnCall, Cancel)).AcknowledgedAfter.ShouldNotBeNull();
        }
        else
        {
            // The first one declares the queue, which on a busy machine can take longer than Slack waits.
            await Eventually.TrueAsync(
                async token => (await surroundings.Slack.ClickAsync(offered, button, OnCall, new Uri(gateway.Url, "slack/interactions"), token)).Status == HttpStatusCode.OK,
                "the click is accepted",
                cancellationToken: Cancel);
        }

        await MessageAsync(surroundings, message => message.Shown().Contains("applied", StringComparison.Ordinal) || message.Button("Undo") is not null, "it is applied");
        surroundings.Cluster.RunCronJob("cardboard", "price-scraper");
        await alertmanager.ResolveAsync(PriceScraperAlert.Labels, PriceScraperAlert.Annotations, Cancel);
        await MessageAsync(surroundings, message => message.IsResolved() && message.Shown().Contains("verified", StringComparison.Ordinal), "it is verified");
    }

    /// <summary>The message in the channel, beside the replies in its thread.</summary>
    private static async Task<SlackMessage> MessageAsync(Surroundings surroundings, Func<SlackMessage, bool> until, string expectation) => await Eventually.ReadsAsync(
        _ => Task.FromResult(surroundings.Slack.Messages.SingleOrDefault(message => message.ThreadTs is null)),
        message => message is not null && until(message),
        expectation,
        Patience,
        Cancel) ?? throw new InvalidOperationException("There is no message.");

    private static ReceivedSpan Post(IReadOnlyList<ReceivedSpan> spans) =>
        spans.First(span => span.Attribute("url.full")?.EndsWith("/api/chat.postMessage", StringComparison.Ordinal) == true);

    /// <summary>The one write to the cluster that was no dry run: the one of the click's trace.</summary>
    private static ReceivedSpan Change(IReadOnlyList<ReceivedSpan> spans) =>
        spans.Last(span => span.Attribute("http.request.method") == "PATCH" && Chain(span, spans)[^1].Name is not Webhook);

    /// <summary>
    /// Notification, told of the verified change. The redrawing may be a part of it, or of the resolution's trace, whose redrawing a moment before has
    /// then shown both.
    /// </summary>
    private static ReceivedSpan Verified(IReadOnlyList<ReceivedSpan> spans) => spans.Last(span => IsVerified(span, spans));

    private static bool IsVerified(ReceivedSpan span, IReadOnlyList<ReceivedSpan> spans) =>
        span.Name == "notification process" && Ancestors(span, spans).Any(parent => parent.Name == "proposal follow-up");

    // A process that is stopped may still have to be told.
    private static Task VerifiedAsync(TraceReceiver receiver) => Eventually.TrueAsync(
        _ => Task.FromResult(receiver.Spans is var spans && spans.Any(span => IsVerified(span, spans))), "notification is told of the verified change", Patience, Cancel);

    private static IEnumerable<ReceivedSpan> Ancestors(ReceivedSpan span, IReadOnlyList<ReceivedSpan> spans)
    {
        for (var parent = spans.FirstOrDefault(other => other.Id == span.ParentId); parent is not null; parent = spans.FirstOrDefault(other => other.Id == parent.ParentId))
        {
            yield return parent;
        }
    }

    /// <summary>The span, its parent, and so on to the root.</summary>
    private static List<ReceivedSpan> Chain(ReceivedSpan span, IReadOnlyList<ReceivedSpan> spans)
    {
        List<ReceivedSpan> chain = [span];
        while (chain[^1].ParentId.Length > 0)
        {
            var parent = spans.SingleOrDefault(other => other.Id == chain[^1].ParentId).ShouldNotBeNull($"the parent of {chain[^1].Name} ({chain[^1].Roles}) is exported");
            parent.TraceId.ShouldBe(span.TraceId);
            chain.Add(parent);
        }

        return chain;
    }

    private static IReadOnlyList<string> Processes(IReadOnlyList<ReceivedSpan> chain) => [.. chain.Reverse().Select(span => span.Roles).Distinct()];

    private static IReadOnlyList<string> Stages(IReadOnlyList<ReceivedSpan> chain) =>
        [.. chain.Reverse().Where(span => span.Source is "Microsoft.AspNetCore" or Traces.SourceName || span.Name.EndsWith(" process", StringComparison.Ordinal)).Select(span => span.Name)];

    private static void ShouldTellOfOneIncident(IReadOnlyList<ReceivedSpan> chain)
    {
        chain.Where(span => span.Name.EndsWith(" process", StringComparison.Ordinal)).ShouldAllBe(span => span.Attribute(Traces.IncidentId) != null);
        chain.Select(span => span.Attribute(Traces.IncidentId)).OfType<string>().Distinct().ShouldHaveSingleItem();
    }

    /// <summary>Neither do loops begin traces, nor is there a span whose trace has been lost.</summary>
    private static void ShouldBeginAt(IReadOnlyList<ReceivedSpan> spans, params string[] beginnings) =>
        spans.Where(span => span.ParentId.Length == 0).Select(span => span.Name).Distinct().ShouldBe(beginnings, ignoreOrder: true);
}
