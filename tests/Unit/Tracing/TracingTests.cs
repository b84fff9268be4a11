using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Simulators;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Cluster.Api;
using AlertResponder.Tests.Unit.Gateway;
using AlertResponder.Tests.Unit.Host;
using AlertResponder.Tests.Unit.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Trace;
using Spectre.Console;

namespace AlertResponder.Tests.Unit.Tracing;

/// <summary>
/// The whole application exports to a collector. Whoever listens hears all applications of this process, so each test looks at the
/// traces that it has begun itself.
/// </summary>
public sealed class TracingTests : IDisposable
{
    private const string Secret = "CaNaRy-of-the-traces";
    private const string Span = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private readonly TestHost host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => host.Dispose();

    [Fact]
    public async Task Build_NoVariables_NobodyListens()
    {
        await using var app = host.Build();

        app.Services.GetService<TracerProvider>().ShouldBeNull();
        app.Configuration["OTEL_SPAN_EVENT_COUNT_LIMIT"].ShouldBeNull();
    }

    [Theory]
    [InlineData("OTEL_SDK_DISABLED", "true")]
    [InlineData("OTEL_TRACES_EXPORTER", "none")]
    public async Task Build_EndpointButTurnedOff_NobodyListens(string variable, string value)
    {
        await using var app = host.Build(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"), (variable, value));

        app.Services.GetService<TracerProvider>().ShouldBeNull();
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:9/v1/traces")]
    [InlineData("OTEL_TRACES_EXPORTER", "otlp")]
    public async Task Build_EndpointOrExporter_SomebodyListens(string variable, string value)
    {
        await using var app = host.Build((variable, value));

        app.Services.GetService<TracerProvider>().ShouldNotBeNull();
    }

    [Fact]
    public async Task Build_Endpoint_TakesSpansFromCallersAndNoStateOrBaggage()
    {
        await using var app = host.Build(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"));
        var propagator = app.Services.GetRequiredService<DistributedContextPropagator>();

        propagator.ExtractTraceIdAndState(null, Header, out var span, out var state);
        span.ShouldBe(Span);
        state.ShouldBeNull();
        propagator.ExtractBaggage(null, Header).ShouldBeNull();
        OpenTelemetry.Context.Propagation.Propagators.DefaultTextMapPropagator.Fields.ShouldBe(["traceparent", "tracestate"], ignoreOrder: true);

        static void Header(object? carrier, string name, out string? value, out IEnumerable<string>? values) => (value, values) = (name == "traceparent" ? Span : "stranger-says=hello", null);
    }

    [Fact]
    public async Task Run_TwoAlertsOfOneThing_EachHasItsOwnTraceAndTheSecondLinksTheFirst()
    {
        await using var world = await WorldAsync();

        var first = await world.FireAsync("KubePodCrashLooping", flags: "01");
        await world.DrawnAsync(version => version >= 2);
        var second = await world.FireAsync("KubePodNotReady", flags: "01", secret: Secret);
        var spans = await world.SpansAsync(second, found => found.Any(span => span.Name == "late redraw"));

        var redraw = spans.First(span => span.Name == "late redraw");
        Chain(redraw, spans)[^1].Name.ShouldBe("POST /webhooks/alertmanager");
        Chain(redraw, spans).Select(span => span.Name).ShouldContain("inbox dispatch");
        Chain(redraw, spans).Select(span => span.Name).ShouldContain("enrichment process");
        var incidentId = (await world.IncidentAsync()).Id.ToString();
        redraw.Attribute(Traces.IncidentId).ShouldBe(incidentId);
        foreach (var stage in new[] { "enrichment process", "notification process" })
        {
            spans.Where(span => span.Name == stage && !span.HasFailed).ShouldAllBe(span => span.Attribute(Traces.IncidentId) == incidentId);
        }

        (await world.SpansAsync(first, found => found.Any(span => span.Name == "analysis process"))).ShouldNotBeEmpty();
        world.Received.ShouldNotContain(Secret);
        world.Received.ShouldNotContain("stranger-says");
    }

    [Fact]
    public async Task Run_AlertJoins_LinksTheTraceThatMadeTheRevision()
    {
        await using var world = await WorldAsync();
        var first = await world.FireAsync("KubePodCrashLooping", flags: "01");
        await world.DrawnAsync(version => version >= 2);

        var second = await world.FireAsync("KubePodCrashLooping", flags: "01", container: "sidecar");
        var spans = await world.SpansAsync(second, found => found.Any(IsEnriched));

        spans.Single(IsEnriched).LinkedTraceIds.ShouldBe([first]);
        (await world.IncidentAsync()).Traceparent.ShouldNotBeNull().ShouldContain(first);
    }

    [Fact]
    public async Task Run_CallersTraceIsNotSampled_ThatGoesForAllStages()
    {
        await using var world = await WorldAsync();

        var trace = await world.FireAsync("KubePodCrashLooping", flags: "00");

        await world.DrawnAsync(version => version >= 2);
        var traceparent = (await world.IncidentAsync()).Traceparent.ShouldNotBeNull();
        traceparent.ShouldContain(trace);
        traceparent.ShouldEndWith("-00");
        world.Flush();
        world.Spans.ShouldNotContain(span => span.TraceId == trace);
    }

    [Fact]
    public async Task Run_ProbesScrapesAndPage_AreNoSpans()
    {
        await using var world = await WorldAsync();

        foreach (var path in new[] { "healthz/live", "healthz/ready", "metrics", "status", "" })
        {
            (await world.Http.GetAsync(new Uri(path, UriKind.Relative), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK, path);
        }

        var trace = await world.FireAsync("KubePodCrashLooping", flags: "01");
        await world.SpansAsync(trace, spans => spans.Any(span => span.Name == "notification process"));
        world.Spans.Where(span => span.ParentId.Length == 0).Select(span => span.Name)
            .ShouldAllBe(name => !name.StartsWith("GET", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Span_WithAnExceptionAndForeignAttributes_IsExportedWithoutThem()
    {
        await using var world = await WorldAsync();
        using var library = new ActivitySource("MassTransit");
        string trace;
        using (var activity = library.StartActivity("notification receive", ActivityKind.Consumer).ShouldNotBeNull())
        {
            trace = activity.TraceId.ToHexString();
            var quoting = new InvalidOperationException(Secret);
            activity.AddException(quoting);
            activity.AddEvent(new ActivityEvent("exception", tags: new ActivityTagsCollection { ["exception.message"] = Secret, ["exception.type"] = "Sample" }));
            activity.SetStatus(ActivityStatusCode.Error, Secret);
            activity.SetTag("foreign", Secret);
            activity.SetTag("messaging.operation", "receive");
        }

        var span = (await world.SpansAsync(trace, found => found.Count > 0)).Single();

        (span.HasFailed, span.Events, span.Attribute("error.type"), span.Attribute("messaging.operation"))
            .ShouldBe((true, 0, typeof(InvalidOperationException).FullName, "receive"));
        world.Received.ShouldNotContain(Secret);
    }

    [Fact]
    public async Task Span_OfALibraryWithoutAParent_IsNotExported()
    {
        await using var world = await WorldAsync();
        using var library = new ActivitySource("Npgsql");
        using var polling = library.StartActivity("polling");

        polling.ShouldNotBeNull().Recorded.ShouldBeFalse();
        polling.IsAllDataRequested.ShouldBeFalse();
    }

    // A try that met another stage's write is one more span, and failed.
    private static bool IsEnriched(ReceivedSpan span) => span.Name == "enrichment process" && !span.HasFailed;

    /// <summary>The span, its parent, and so on to the one with which our part of the trace begins.</summary>
    private static List<ReceivedSpan> Chain(ReceivedSpan span, IReadOnlyList<ReceivedSpan> spans)
    {
        List<ReceivedSpan> chain = [span];
        while (spans.SingleOrDefault(other => other.Id == chain[^1].ParentId) is { } parent)
        {
            chain.Add(parent);
        }

        return chain;
    }

    private async Task<World> WorldAsync()
    {
        var receiver = await TraceReceiver.StartAsync(Cancellation);
        var cluster = await ClusterSimulator.StartAsync(Stories.PriceScraper, cancellationToken: Cancellation);
        cluster.WriteKubeconfig(Path.Combine(host.Folder, "cluster"));
        var app = host.Build(
            services => services.AddSingleton(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) })),
            [("KUBECONFIG", Path.Combine(host.Folder, "cluster")), .. receiver.Variables.Select(variable => (variable.Key, (string?)variable.Value))]);
        return new World(receiver, cluster, app, await TestHost.StartAsync(app));
    }

    private sealed class World(TraceReceiver receiver, ClusterSimulator cluster, WebApplication app, HttpClient http) : IAsyncDisposable
    {
        public HttpClient Http => http;

        public IReadOnlyList<ReceivedSpan> Spans => receiver.Spans;

        public string Received => receiver.Bytes;

        /// <returns>The id of the caller's trace.</returns>
        public async Task<string> FireAsync(string name, string flags, string container = "scraper", string? secret = null)
        {
            var body = Payloads.Json();
            var alert = body["alerts"]![0]!.AsObject();
            alert["fingerprint"] = $"{name}{container}".ToLowerInvariant();
            alert["labels"] = new JsonObject
            {
                ["alertname"] = name, ["severity"] = "warning", ["namespace"] = "cardboard", ["pod"] = "price-scraper-28487520-2n78x", ["container"] = container, ["note"] = secret,
            };
            if (secret is null)
            {
                alert["labels"]!.AsObject().Remove("note");
            }

            alert["annotations"] = new JsonObject { ["summary"] = $"It crashes. {secret}" };
            var trace = ActivityTraceId.CreateRandom().ToHexString();
            using var content = new ByteArrayContent(Payloads.Bytes(body.ToJsonString()));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"webhooks/alertmanager?x={secret}", UriKind.Relative)) { Content = content };
            request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-{flags}");
            request.Headers.Add("tracestate", "stranger-says=hello");
            request.Headers.Add("baggage", "stranger-says=hello");
            request.Headers.Add("User-Agent", "stranger-says/1.0");
            using var response = await http.SendAsync(request, Cancellation);
            response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync(Cancellation));
            return trace;
        }

        public async Task<Incident> IncidentAsync()
        {
            await using var scope = app.Services.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<IncidentsContext>().Incidents.AsNoTracking().SingleAsync(Cancellation);
        }

        public Task DrawnAsync(Func<int, bool> version) => Eventually.TrueAsync(
            async () =>
            {
                await using var scope = app.Services.CreateAsyncScope();
                var incident = await scope.ServiceProvider.GetRequiredService<IncidentsContext>().Incidents.AsNoTracking().SingleOrDefaultAsync(Cancellation);
                return incident is not null && version(incident.DrawnVersion);
            },
            "the message is drawn");

        public void Flush() => app.Services.GetRequiredService<TracerProvider>().ForceFlush().ShouldBeTrue();

        public async Task<IReadOnlyList<ReceivedSpan>> SpansAsync(string trace, Func<IReadOnlyList<ReceivedSpan>, bool> until)
        {
            IReadOnlyList<ReceivedSpan> found = [];
            await Eventually.TrueAsync(
                () =>
                {
                    Flush();
                    found = [.. Spans.Where(span => span.TraceId == trace)];
                    return until(found);
                },
                "the spans are exported");
            return found;
        }

        public async ValueTask DisposeAsync()
        {
            http.Dispose();
            await app.StopAsync(Cancellation);
            await app.DisposeAsync();
            await cluster.DisposeAsync();
            await receiver.DisposeAsync();
        }
    }
}
