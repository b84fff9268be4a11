using System.Diagnostics.Metrics;
using AlertResponder.Contracts;

namespace AlertResponder.Notification;

/// <summary>What people were shown, and how soon.</summary>
internal static class NotificationMetrics
{
    private static readonly Meter Meter = new(Telemetry.MeterName);

    private static readonly Counter<long> Drawings = Meter.CreateCounter<long>(
        "alert_responder.messages.drawn", description: "Messages that were drawn: posted anew, or updated in place.");

    private static readonly Histogram<double> FirstMessage = Meter.CreateHistogram(
        "alert_responder.first_message.duration",
        "s",
        "From an incident's first webhook to its message.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 45, 60, 120, 300] });

    private static readonly Gauge<int> Channels = Meter.CreateGauge<int>(
        "alert_responder.slack.channel.usable", description: "1 where Slack takes messages in the channel, 0 where it refuses them.");

    private static readonly Counter<long> RefusalsTold = Meter.CreateCounter<long>(
        "alert_responder.refusals.told", description: "Messages that told people of what the gateway did not take.");

    private static readonly Counter<long> Alone = Meter.CreateCounter<long>(
        "alert_responder.messages.drawn_alone", description: "Drawings of messages that could not be drawn whole, by a defect, and were drawn from the alerts alone.");

    public static void NotDrawnWhole() => Alone.Add(1);

    public static void ChannelTakes(string channel, bool takes) => Channels.Record(takes ? 1 : 0, KeyValuePair.Create<string, object?>("channel", channel));

    public static void RefusalTold() => RefusalsTold.Add(1);

    public static void Posted() => Count("posted");

    public static void Updated() => Count("updated");

    public static void ShownFirst(TimeSpan since) => FirstMessage.Record(since.TotalSeconds);

    private static void Count(string how) => Drawings.Add(1, KeyValuePair.Create<string, object?>("how", how));
}
