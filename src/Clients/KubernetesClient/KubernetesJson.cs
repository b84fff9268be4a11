using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using k8s.Models;

namespace k8s;

/// <summary>JSON as the API server reads and writes it: camel case, nulls left out, unknown fields ignored, times in RFC 3339.</summary>
public static partial class KubernetesJson
{
    internal static readonly JsonSerializerOptions Options = AndStatusOrObject(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(), new TimeConverter() },
    });

    /// <exception cref="JsonException">It is not JSON, or lacks a field that the type requires.</exception>
    /// <exception cref="FormatException">A time or a quantity in it is none.</exception>
    public static TValue Deserialize<TValue>(string json) => JsonSerializer.Deserialize<TValue>(json, Options);

    public static string Serialize(object value) => JsonSerializer.Serialize(value, Options);

    private static JsonSerializerOptions AndStatusOrObject(JsonSerializerOptions options) =>
        new(options) { Converters = { new V1Status.ObjectViewConverter(options) } };

    // Go writes as many digits of a second as it has, up to nine: none for most times, six for an event's. .NET has seven.
    private sealed partial class TimeConverter : JsonConverter<DateTime>
    {
        private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

        public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var text = reader.GetString();
            return DateTimeOffset.TryParseExact(
                TooFine().Replace(text!, ""), Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time.UtcDateTime
                : throw new FormatException($"{text} is not a time in RFC 3339");
        }

        public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options)
        {
            var time = value.ToUniversalTime();
            var format = time.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";
            writer.WriteStringValue(time.ToString(format, CultureInfo.InvariantCulture));
        }

        [GeneratedRegex(@"(?<=\.[0-9]{7})[0-9]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
        private static partial Regex TooFine();
    }
}
