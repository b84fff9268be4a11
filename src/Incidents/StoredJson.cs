using System.Text.Json;
using System.Text.Json.Serialization;

namespace AlertResponder.Incidents;

/// <summary>How messages are kept in the store.</summary>
public static class StoredJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <exception cref="JsonException">The text is not such a message.</exception>
    public static T Read<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException($"The store holds null where a {typeof(T).Name} belongs.");
}
