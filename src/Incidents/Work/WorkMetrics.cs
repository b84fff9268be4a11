using System.Diagnostics.Metrics;
using AlertResponder.Contracts;

namespace AlertResponder.Incidents.Work;

/// <summary>What the loops over the store fail at.</summary>
internal static class WorkMetrics
{
    private static readonly Meter Meter = new(Telemetry.MeterName);

    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "alert_responder.work.failures", description: "Pieces of work that the store owes, or whole rounds of it, that failed and are tried again.");

    public static void Failed(string work) => Failures.Add(1, KeyValuePair.Create<string, object?>("work", work));
}
