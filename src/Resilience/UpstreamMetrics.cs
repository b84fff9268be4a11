using System.Diagnostics.Metrics;
using AlertResponder.Contracts;

namespace AlertResponder.Resilience;

/// <summary>How the upstreams answer. What is retried and what takes too long Polly counts itself.</summary>
internal static class UpstreamMetrics
{
    public const string Success = "success";

    private static readonly Meter Meter = new(Telemetry.MeterName);

    private static readonly Histogram<double> TryDuration = Meter.CreateHistogram(
        "alert_responder.upstream.try.duration",
        "s",
        "How long single tries took, by outcome: success, transient, throttled or permanent.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20] });

    private static readonly Counter<long> Pauses = Meter.CreateCounter<long>(
        "alert_responder.upstream.pauses", description: "How often the upstream was paused, which a failed trial after a pause does once more.");

    /// <summary>Shows the counter at zero: the first event is a rise then, and not the beginning of a series.</summary>
    public static void Begin(string upstream) => Pauses.Add(0, Of(upstream));

    public static void Tried(string upstream, string outcome, TimeSpan took) =>
        TryDuration.Record(took.TotalSeconds, Of(upstream), KeyValuePair.Create<string, object?>("outcome", outcome));

    public static void Paused(string upstream) => Pauses.Add(1, Of(upstream));

    private static KeyValuePair<string, object?> Of(string upstream) => KeyValuePair.Create<string, object?>("upstream", upstream);
}
