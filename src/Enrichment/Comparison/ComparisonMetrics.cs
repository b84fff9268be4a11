using System.Diagnostics.Metrics;
using AlertResponder.Contracts;

namespace AlertResponder.Enrichment.Comparison;

/// <summary>How comparisons with Alertmanager go, and what they mend.</summary>
internal static class ComparisonMetrics
{
    private static readonly Meter Meter = new(Telemetry.MeterName);

    private static readonly Counter<long> Comparisons = Meter.CreateCounter<long>(
        "alert_responder.alertmanager.comparisons", description: "Comparisons with Alertmanager by outcome: done, or failed where it could not be asked.");

    private static readonly Counter<long> MendedAlerts = Meter.CreateCounter<long>(
        "alert_responder.alertmanager.mended", description: "Alerts that no webhook told of: gone, reopened, unknown, or late (fired again with the start that they had).");

    private static readonly Gauge<int> Uncompared = Meter.CreateGauge<int>(
        "alert_responder.alertmanager.uncompared", description: "Firing alerts that the last comparison could say nothing of.");

    /// <summary>Shows the counters at zero.</summary>
    public static void Begin()
    {
        foreach (var outcome in new[] { "done", "failed" })
        {
            Comparisons.Add(0, KeyValuePair.Create<string, object?>("outcome", outcome));
        }

        foreach (var difference in new[] { "gone", "reopened", "unknown", "late" })
        {
            MendedAlerts.Add(0, KeyValuePair.Create<string, object?>("difference", difference));
        }
    }

    public static void Compared(bool done) => Comparisons.Add(1, KeyValuePair.Create<string, object?>("outcome", done ? "done" : "failed"));

    public static void Mended(string difference) => MendedAlerts.Add(1, KeyValuePair.Create<string, object?>("difference", difference));

    public static void LeftOut(int alerts) => Uncompared.Record(alerts);
}
