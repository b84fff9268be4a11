using System.Net.Http.Headers;
using System.Net;
using System.Text.RegularExpressions;
using AlertResponder.Incidents;
using AlertResponder.Tests.Unit.Gateway;
using AlertResponder.Tests.Unit.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace AlertResponder.Tests.Unit.Host;

/// <summary>
/// What Prometheus scrapes from the running application. All applications of a process count together, so numbers are at least what
/// this one has done.
/// </summary>
public sealed partial class MetricsTests : IDisposable
{
    private readonly TestHost host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => host.Dispose();

    [Fact]
    public async Task Scrape_BeforeAnythingHappened_ShowsTheCountersAlready()
    {
        await using var app = host.Build(("Page:Token", "0123456789abcdef"));
        using var http = await TestHost.StartAsync(app);
        http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");

        var text = await http.GetStringAsync(new Uri("metrics", UriKind.Relative), Cancellation);

        foreach (var counter in new[]
        {
            "alert_responder_alerts_received_total{status=\"firing\"}", "alert_responder_alerts_set_aside_total", "alert_responder_alerts_truncated_total",
            "alert_responder_webhooks_refused_total{status=\"503\"}",
        })
        {
            ValueOf(text, counter).ShouldNotBeNull(counter);
        }

        await app.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Scrape_AfterAnAlert_CountsItInEveryStageAndShowsNothingOfIt()
    {
        await using var app = host.Build(services => services.AddSingleton(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) })));
        using var http = await TestHost.StartAsync(app);
        using var content = new ByteArrayContent(Payloads.Read("firing-group-truncated"));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        (await http.PostAsync(new Uri("webhooks/alertmanager", UriKind.Relative), content, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Eventually.TrueAsync(
            async () =>
            {
                await using var scope = app.Services.CreateAsyncScope();
                return await scope.ServiceProvider.GetRequiredService<IncidentsContext>().Incidents.AnyAsync(i => i.DrawnVersion > 0, Cancellation);
            },
            "the message is drawn");

        // What is counted last, after the store knows that the message is drawn.
        string[] last = ["alert_responder_incidents_open", "alert_responder_messages_drawn_total{how=\"posted\"}", "alert_responder_first_message_duration_seconds_count", "alert_responder_message_duration_seconds_count{stage=\"notification\"}"];
        var text = "";
        await Eventually.TrueAsync(
            async () =>
            {
                text = await http.GetStringAsync(new Uri("metrics", UriKind.Relative), Cancellation);
                return last.All(series => ValueOf(text, series) is not null);
            },
            "the store's gauges and what is counted last are there");

        ValueOf(text, "alert_responder_alerts_received_total{status=\"firing\"}").ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(10);
        ValueOf(text, "alert_responder_alerts_truncated_total").ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(15);
        ValueOf(text, "alert_responder_alerts_correlated_total{outcome=\"Opened\"}").ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(1);
        ValueOf(text, "alert_responder_enrichment_duration_seconds_count").ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(1);
        ValueOf(text, "alert_responder_analysis_duration_seconds_count{origin=\"rules\"}").ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(1);
        ValueOf(text, "alert_responder_messages_drawn_total{how=\"posted\"}").ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(1);
        ValueOf(text, "alert_responder_first_message_duration_seconds_count").ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(1);
        ValueOf(text, "alert_responder_upstream_paused{upstream=\"kubernetes\"}").ShouldNotBeNull();
        ValueOf(text, "alert_responder_healthy{check=\"store\"}").ShouldNotBeNull();
        ValueOf(text, "alert_responder_message_duration_seconds_count{stage=\"notification\"}").ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(1);
        text.Split('\n').ShouldContain(line => line.StartsWith("resilience_polly_strategy_events_total{", StringComparison.Ordinal)
            && line.Contains("event_name=\"OnRetry\"", StringComparison.Ordinal) && line.Contains("pipeline_name=\"kubernetes\"", StringComparison.Ordinal));
        text.ShouldNotContain("resilience_polly_strategy_attempt", Case.Sensitive, "our own durations have the outcome");
        text.ShouldNotContain("trade-bot");
        text.ShouldNotContain("6a0a6422ac6da0ef");
        await app.StopAsync(Cancellation);
    }

    // The exporter adds labels of its own about the meter.
    private static double? ValueOf(string text, string series)
    {
        var (name, label) = series.Split('{') is [var first, var rest] ? (first, rest.TrimEnd('}')) : (series, "");
        var line = text.Split('\n').FirstOrDefault(line =>
            (line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal)) && line.Contains(label, StringComparison.Ordinal));
        return line is null ? null : double.Parse(Value().Match(line).Groups["value"].Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@" (?<value>[0-9.eE+-]+)( [0-9]+)?\s*$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Value();
}
