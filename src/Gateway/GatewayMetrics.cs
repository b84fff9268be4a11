using System.Diagnostics.Metrics;
using System.Globalization;
using AlertResponder.Contracts;
using AlertResponder.Gateway.Alertmanager;

namespace AlertResponder.Gateway;

/// <summary>What came in, and what did not get through.</summary>
internal static class GatewayMetrics
{
    /// <summary>What became of a click that could not be made safe.</summary>
    public const string NotSafe = "not-safe";

    private static readonly Meter Meter = new(Telemetry.MeterName);

    private static readonly Counter<long> Received = Meter.CreateCounter<long>(
        "alert_responder.alerts.received", description: "Alerts that were accepted and are safe, by status: firing or resolved.");

    private static readonly Counter<long> SetAside = Meter.CreateCounter<long>(
        "alert_responder.alerts.set_aside", description: "Malformed alerts in webhooks that were otherwise accepted.");

    private static readonly Counter<long> Truncated = Meter.CreateCounter<long>(
        "alert_responder.alerts.truncated", description: "Alerts that Alertmanager itself left out of its webhooks (max_alerts).");

    private static readonly Counter<long> WebhooksRefused = Meter.CreateCounter<long>(
        "alert_responder.webhooks.refused", description: "Webhooks that were not accepted, by the HTTP status of the answer. After 503 Alertmanager tries again, after others it does not.");

    private static readonly Counter<long> Clicks = Meter.CreateCounter<long>(
        "alert_responder.clicks", description: "Clicks on buttons, by the way they came (slack: HTTP callback, socket-mode) and what became of them.");

    private static readonly Counter<long> InteractionsRefused = Meter.CreateCounter<long>(
        "alert_responder.interactions.refused", description: "Slack callbacks that were not accepted, by the HTTP status of the answer.");

    private static readonly int[] InteractionRefusals = [400, 401, 403, 404, 408, 409, 413, 503];

    private static readonly int[] Refusals = [400, 401, 403, 413, 415, 503];

    /// <summary>Shows all counters at zero: the first event is a rise then, and not the beginning of a series.</summary>
    public static void Begin()
    {
        Count(AlertStatus.Firing, 0);
        Count(AlertStatus.Resolved, 0);
        SetAside.Add(0);
        Truncated.Add(0);
        Array.ForEach(Refusals, status => Count(WebhooksRefused, status, 0));
        Array.ForEach(InteractionRefusals, status => Count(InteractionsRefused, status, 0));
    }

    public static void Accepted(ParsedWebhook webhook)
    {
        var firing = webhook.Alerts.Count(received => received.Alert.Status == AlertStatus.Firing);
        Count(AlertStatus.Firing, firing);
        Count(AlertStatus.Resolved, webhook.Alerts.Count - firing);
        SetAside.Add(webhook.SetAside.Count);
        Truncated.Add(webhook.TruncatedAlerts);
    }

    public static void Refused(int statusCode) => Count(WebhooksRefused, statusCode, 1);

    public static void InteractionRefused(int statusCode) => Count(InteractionsRefused, statusCode, 1);

    public static void Clicked(string way, string result) => Clicks.Add(
        1, KeyValuePair.Create<string, object?>("way", way), KeyValuePair.Create<string, object?>("result", result.ToLowerInvariant()));

    private static void Count(AlertStatus status, long alerts) =>
        Received.Add(alerts, KeyValuePair.Create<string, object?>("status", status == AlertStatus.Firing ? "firing" : "resolved"));

    private static void Count(Counter<long> refused, int statusCode, long requests) =>
        refused.Add(requests, KeyValuePair.Create<string, object?>("status", statusCode.ToString(CultureInfo.InvariantCulture)));
}
