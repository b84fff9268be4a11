using System.Globalization;
using System.Text.Json.Nodes;

namespace AlertResponder.Simulators.Snapshots;

/// <summary>The moments that an object tells of.</summary>
internal static class SnapshotTimes
{
    /// <summary>Fields that say when something happened, wherever they stand.</summary>
    private static readonly HashSet<string> Fields = new(StringComparer.Ordinal)
    {
        "startedAt", "finishedAt", "startTime", "completionTime", "lastTransitionTime", "lastUpdateTime", "lastProbeTime", "lastHeartbeatTime",
        "lastTimestamp", "firstTimestamp", "eventTime", "lastObservedTime", "creationTimestamp", "lastScheduleTime", "lastSuccessfulTime",
        "lastScaleTime", "renewTime", "failedAt", "timestamp",
    };

    public static IEnumerable<DateTimeOffset> Of(JsonNode? node) => node switch
    {
        JsonObject item => item.SelectMany(field => Fields.Contains(field.Key) && Parse(field.Value) is { } time ? [time] : Of(field.Value)),
        JsonArray items => items.SelectMany(Of),
        _ => [],
    };

    /// <summary>Rewrites times as an API server writes them: people also write a space for the T, or another zone.</summary>
    public static void Normalize(JsonNode? node)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items)
                Normalize(item);
        }
        else if (node is JsonObject fields)
        {
            foreach (var (name, value) in fields.ToArray())
            {
                if (!Fields.Contains(name))
                    Normalize(value);
                else if (Parse(value) is { } time && !(value!.ToString() is { } text && text.Contains('T', StringComparison.Ordinal) && text.EndsWith('Z')))
                    fields[name] = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            }
        }
    }

    private static DateTimeOffset? Parse(JsonNode? value) =>
        value is JsonValue && DateTimeOffset.TryParse(value.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
