using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AlertResponder.Host.Lab.Evaluation;

/// <summary>The alerts of a scenario, as Alertmanager would send them.</summary>
/// <param name="Webhooks">In the order in which they come: all that fires, then what has resolved since.</param>
/// <param name="LastAt">Two minutes after the newest alert began, or when the newest resolved.</param>
internal sealed record AlertFile(IReadOnlyList<JsonObject> Webhooks, DateTimeOffset LastAt)
{
    // A person is told after about that long.
    private static readonly TimeSpan Told = TimeSpan.FromMinutes(2);

    /// <summary>Reads an <c>alert.json</c>: a webhook, a list of alerts, or one alert.</summary>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="json">What it holds.</param>
    /// <exception cref="FormatException">It cannot be read; the message names the file and, where it is known, the line.</exception>
    public static AlertFile Parse(string file, string json)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        }
        catch (JsonException e)
        {
            throw new FormatException($"{file}({e.LineNumber + 1}): {e.Message}", e);
        }

        var webhook = root switch
        {
            JsonObject single when single["alerts"] is JsonArray => single,
            JsonObject single when single["labels"] is JsonObject => Around([single.DeepClone()]),
            JsonArray alerts => Around([.. alerts.Select(alert => alert?.DeepClone())]),
            _ => throw new FormatException($"{file}(1): this is neither a webhook with \"alerts\" nor a list of alerts."),
        };
        var found = webhook["alerts"]!.AsArray().OfType<JsonObject>().ToArray();
        if (found.Length == 0)
            throw new FormatException($"{file}(1): there is no alert in it.");
        foreach (var alert in found)
            Complete(alert, webhook);
        var resolved = found.Where(IsResolved).ToArray();
        var firing = webhook.DeepClone().AsObject();
        foreach (var alert in firing["alerts"]!.AsArray().OfType<JsonObject>().Where(IsResolved))
        {
            // Nobody hears that something is over of which nobody has heard.
            alert["status"] = "firing";
            alert["endsAt"] = "0001-01-01T00:00:00Z";
        }

        if (resolved.Length == 0)
            return new AlertFile([firing], Last(found));
        var over = webhook.DeepClone().AsObject();
        over["alerts"] = new JsonArray([.. resolved.Select(alert => alert.DeepClone())]);
        return new AlertFile([firing, over], Last(found));
    }

    private static JsonObject Around(JsonArray alerts) => new() { ["version"] = "4", ["alerts"] = alerts };

    // What Alertmanager never leaves out, but people do.
    private static void Complete(JsonObject alert, JsonObject webhook)
    {
        // Alertmanager's API, as amtool shows it, has an object for a status.
        if (alert["status"] is JsonObject status)
            alert["status"] = status["state"]?.ToString() is "resolved" ? "resolved" : "firing";
        if (alert["status"]?.ToString() is null or "")
            alert["status"] = webhook["status"]?.ToString() is "resolved" ? "resolved" : "firing";
        if (alert["fingerprint"]?.ToString() is null or "")
            alert["fingerprint"] = Fingerprint(alert["labels"]);
        if (Time(alert, "startsAt") is null && Time(alert, "activeAt") is { } activeAt)
            alert["startsAt"] = activeAt.ToString("O", CultureInfo.InvariantCulture);
    }

    private static string Fingerprint(JsonNode? labels) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(labels?.ToJsonString() ?? "")).AsSpan(0, 8));

    private static bool IsResolved(JsonObject alert) => alert["status"]?.ToString() == "resolved";

    private static DateTimeOffset Last(IEnumerable<JsonObject> alerts) => alerts
        .SelectMany(alert => new[] { Time(alert, "startsAt") + Told, IsResolved(alert) ? Time(alert, "endsAt") : null })
        .OfType<DateTimeOffset>()
        .DefaultIfEmpty(DateTimeOffset.UnixEpoch)
        .Max();

    private static DateTimeOffset? Time(JsonObject alert, string name) =>
        DateTimeOffset.TryParse(alert[name]?.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
