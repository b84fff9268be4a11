using System.Diagnostics.Metrics;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Resilience;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AlertResponder.Host.Metrics;

/// <summary>
/// How things stand, read every few seconds: a scrape then waits for no store. What cannot be read keeps its last value, and the
/// store's own gauge says so.
/// </summary>
internal sealed partial class StateGauges(
    IServiceScopeFactory scopes, HealthCheckService health, IEnumerable<Upstream> upstreams, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<StateGauges> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly Meter Meter = new(Telemetry.MeterName);

    private static readonly Gauge<int> OpenIncidents = Meter.CreateGauge<int>(
        "alert_responder.incidents.open", description: "Incidents that are not resolved.");

    private static readonly Gauge<int> UndrawnIncidents = Meter.CreateGauge<int>(
        "alert_responder.incidents.undrawn", description: "Incidents whose message does not show their present state yet.");

    private static readonly Gauge<int> Inbox = Meter.CreateGauge<int>(
        "alert_responder.inbox.waiting", description: "Accepted alerts that are not yet part of an incident (single process only).");

    private static readonly Gauge<int> UpstreamPaused = Meter.CreateGauge<int>(
        "alert_responder.upstream.paused", description: "1 while nothing is sent to the upstream, else 0.");

    private static readonly Gauge<int> Healthy = Meter.CreateGauge<int>(
        "alert_responder.healthy", description: "1 where the health check is passed, else 0.");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Before that a bus is not ready, which is no news.
        await lifetime.StartedAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await RecordAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task RecordAsync(CancellationToken cancellationToken)
    {
        foreach (var upstream in upstreams)
        {
            UpstreamPaused.Record(upstream.PausedUntil is null ? 0 : 1, KeyValuePair.Create<string, object?>("upstream", upstream.Name));
        }

        var report = await health.CheckHealthAsync(cancellationToken);
        foreach (var (check, entry) in report.Entries)
        {
            Healthy.Record(entry.Status == HealthStatus.Healthy ? 1 : 0, KeyValuePair.Create<string, object?>("check", check));
        }

        await using var scope = scopes.CreateAsyncScope();
        var counts = await StoreCounts.ReadAsync(scope.ServiceProvider.GetRequiredService<IncidentsContext>(), cancellationToken);
        OpenIncidents.Record(counts.OpenIncidents);
        UndrawnIncidents.Record(counts.UndrawnIncidents);
        Inbox.Record(counts.Inbox);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "The gauges of the store could not be read")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
