using System.Globalization;
using System.Text.Json.Nodes;

namespace AlertResponder.Host.Commands;

/// <summary>Makes recorded alerts fresh.</summary>
internal static class WebhookTimes
{
    private static readonly string[] Fields = ["startsAt", "endsAt"];

    /// <summary>
    /// Moves all times of all webhooks by the same amount, so that the newest is <paramref name="now"/>: what fired first stays first,
    /// and a resolved alert keeps the start by which it is known.
    /// </summary>
    public static void MoveTo(DateTimeOffset now, IEnumerable<JsonNode> webhooks)
    {
        List<(JsonObject Alert, string Field, DateTimeOffset Time)> times =
        [
            .. from webhook in webhooks
               from alert in webhook["alerts"] as JsonArray ?? []
               where alert is JsonObject
               from field in Fields
               let time = TimeOf(alert[field])
               where time is not null
               select ((JsonObject)alert, field, time.Value),
        ];
        if (times.Count == 0)
        {
            return;
        }

        var shift = now - times.Max(time => time.Time);
        foreach (var (alert, field, time) in times)
        {
            alert[field] = (time + shift).ToString("O", CultureInfo.InvariantCulture);
        }
    }

    // Alertmanager's zero time, year 1, means "not yet".
    private static DateTimeOffset? TimeOf(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1
            ? time
            : null;
}
