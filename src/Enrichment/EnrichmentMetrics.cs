using System.Diagnostics.Metrics;
using AlertResponder.Contracts;
using AlertResponder.Enrichment.Correlation;

namespace AlertResponder.Enrichment;

/// <summary>What alerts became, and what reading the cluster took.</summary>
internal static class EnrichmentMetrics
{
    private static readonly Meter Meter = new(Telemetry.MeterName);

    private static readonly Counter<long> CorrelatedAlerts = Meter.CreateCounter<long>(
        "alert_responder.alerts.correlated", description: "Alerts by what they meant: Opened, Joined, Revised, Reopened, Repeat, Late, AlertResolved, IncidentResolved, Remembered or Ignored.");

    private static readonly Histogram<double> GatheringDuration = Meter.CreateHistogram(
        "alert_responder.enrichment.duration",
        "s",
        "How long the evidence of a revision took to gather.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 20] });

    private static readonly Counter<long> UnreadSources = Meter.CreateCounter<long>(
        "alert_responder.enrichment.unread", description: "Sources of evidence that could not be read.");

    private static readonly Counter<long> GatheringFailures = Meter.CreateCounter<long>(
        "alert_responder.enrichment.failures", description: "Parts of the evidence that failed by a defect and were left out.");

    public static void Correlated(CorrelationOutcome outcome) => Count(outcome.ToString());

    public static void Ignored() => Count(nameof(Ignored));

    public static void Gathered(ContextEnriched context, TimeSpan took)
    {
        GatheringDuration.Record(took.TotalSeconds);
        UnreadSources.Add(context.Unread.Count);
    }

    public static void Failed() => GatheringFailures.Add(1);

    private static void Count(string outcome) => CorrelatedAlerts.Add(1, KeyValuePair.Create<string, object?>("outcome", outcome));
}
