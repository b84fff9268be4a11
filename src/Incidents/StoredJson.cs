using System.Diagnostics.Metrics;
using System.Text.Json;
using AlertResponder.Contracts;

namespace AlertResponder.Incidents;

/// <summary>How messages are kept in the store.</summary>
public static class StoredJson
{
    private static readonly Meter Meter = new(Telemetry.MeterName);

    private static readonly Counter<long> Unreadable = Meter.CreateCounter<long>(
        "alert_responder.store.unreadable", description: "Stored parts of incidents that this version cannot read; what is drawn does without.");

    // The contracts' enums say themselves how they are written, on the bus and here.
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <exception cref="JsonException">The text is not such a message.</exception>
    public static T Read<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException($"The store holds null where a {typeof(T).Name} belongs.");

    /// <summary>The same for what can be done without: null, counted, where it cannot be read. A newer version may have written it, or a hand.</summary>
    public static T? TryRead<T>(string? json)
        where T : class
    {
        try
        {
            return json is null ? null : Read<T>(json);
        }
        catch (JsonException)
        {
            Unreadable.Add(1, KeyValuePair.Create<string, object?>("what", typeof(T).Name));
            return null;
        }
    }
}
