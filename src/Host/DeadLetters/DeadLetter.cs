using System.Globalization;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;

namespace AlertResponder.Host.DeadLetters;

/// <summary>A message that a stage could not handle.</summary>
/// <param name="Type">The message's type, without its namespace.</param>
/// <param name="Subject">What it is about: an incident's id, or an alert's name and fingerprint.</param>
/// <param name="FailedAt">When it was given up, as MassTransit wrote it.</param>
/// <param name="Exception">Why.</param>
internal sealed record DeadLetter(string Type, string Subject, string FailedAt, string Exception)
{
    private const string Unknown = "unknown";

    /// <summary>Reads what is shown of a message; whatever is not as MassTransit writes it is unknown.</summary>
    public static DeadLetter Of(BasicGetResult message)
    {
        var headers = message.BasicProperties.Headers ?? new Dictionary<string, object?>(StringComparer.Ordinal);
        var (type, subject) = Read(message.Body);
        var exception = (Text(headers, "MT-Fault-ExceptionType"), Text(headers, "MT-Fault-Message")) switch
        {
            ({ } name, { } text) => $"{name}: {text}",
            ({ } name, null) => name,
            (null, { } text) => text,
            _ => Unknown,
        };
        return new DeadLetter(type, subject, Text(headers, "MT-Fault-Timestamp") ?? Unknown, exception);
    }

    private static (string Type, string Subject) Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var envelope = JsonDocument.Parse(body);
            return (TypeOf(envelope.RootElement), SubjectOf(envelope.RootElement));
        }
        catch (JsonException)
        {
            return (Unknown, Unknown);
        }
    }

    // "urn:message:AlertResponder.Contracts:AlertReceived".
    private static string TypeOf(JsonElement envelope) =>
        Member(envelope, "messageType") is { ValueKind: JsonValueKind.Array } types && types.GetArrayLength() > 0 && types[0].ValueKind == JsonValueKind.String
            ? types[0].GetString()!.Split(':')[^1]
            : Unknown;

    private static string SubjectOf(JsonElement envelope)
    {
        if (Member(envelope, "message") is not { } message)
        {
            return Unknown;
        }

        if (Text(Member(message, "incidentId")) is { } incident)
        {
            return $"incident {incident}";
        }

        return Member(message, "alert") is { } alert && Member(alert, "labels") is { } labels
            ? $"alert {Text(Member(labels, "alertname")) ?? Unknown} ({Text(Member(alert, "fingerprint")) ?? Unknown})"
            : Unknown;
    }

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement? element) => element is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static string? Text(IDictionary<string, object?> headers, string name) => headers.TryGetValue(name, out var value)
        ? value switch
        {
            byte[] bytes => Encoding.UTF8.GetString(bytes),
            AmqpTimestamp time => DateTimeOffset.FromUnixTimeSeconds(time.UnixTime).ToString("O", CultureInfo.InvariantCulture),
            null => null,
            _ => Convert.ToString(value, CultureInfo.InvariantCulture),
        }
        : null;
}
