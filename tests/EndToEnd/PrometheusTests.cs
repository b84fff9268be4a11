using AlertResponder.Simulators;
using AlertResponder.Tests.EndToEnd.Servers;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>A real Prometheus scrapes the pipeline.</summary>
public sealed class PrometheusTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scrape_RunningPipeline_TargetIsUpAndItsSeriesAreThere()
    {
        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        await using var pipeline = await PipelineProcess.StartNewAsync(environment: surroundings.Settings(), cancellationToken: Cancel);
        await using var prometheus = await PrometheusServer.StartNewAsync(pipeline.Url, Cancel);

        await Eventually.ReadsAsync(token => prometheus.QueryAsync("up{job=\"alert-responder\"}", token), series => series is [(_, 1)], "the target is up", cancellationToken: Cancel);
        foreach (var query in new[] { "alert_responder_alerts_received_total{status=\"firing\"}", "alert_responder_healthy{check=\"store\"} == 1", "alert_responder_upstream_paused{upstream=\"kubernetes\"} == 0" })
        {
            await Eventually.ReadsAsync(token => prometheus.QueryAsync(query, token), series => series.Count == 1, query, cancellationToken: Cancel);
        }
    }
}
