using AlertResponder.Contracts;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace AlertResponder.Host.Metrics;

/// <summary><c>/metrics</c>, in every role, as Prometheus scrapes it. It shows numbers and nothing of an incident, so it needs no token.</summary>
internal static class MetricsEndpoint
{
    private const string RuntimeMeter = "System.Runtime";
    private const string PollyMeter = "Polly";

    // Polly's own durations know no outcomes of ours, and are in milliseconds.
    private const string PollyEvents = "resilience.polly.strategy.events";

    // The library's 2,000 are set aside for each instrument at once, eight megabytes in all; ours have some dozens of label values at most.
    private const int MostSeries = 200;

    public static IServiceCollection AddPrometheus(this IServiceCollection services)
    {
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.Clear().AddService("alert-responder"))
            .WithMetrics(metrics => metrics
                .AddMeter(Telemetry.MeterName, RuntimeMeter, PollyMeter)
                .AddView(instrument => instrument.Meter.Name == PollyMeter && instrument.Name != PollyEvents
                    ? MetricStreamConfiguration.Drop
                    : new MetricStreamConfiguration { CardinalityLimit = MostSeries })
                .AddPrometheusExporter());
        return services.AddHostedService<StateGauges>();
    }

    public static void MapPrometheus(this WebApplication app) => app.MapPrometheusScrapingEndpoint("/metrics");
}
