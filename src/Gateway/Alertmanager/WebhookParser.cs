using System.Globalization;
using System.Text;
using System.Text.Json;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Redaction;

namespace AlertResponder.Gateway.Alertmanager;

/// <summary>
/// Reads an Alertmanager webhook, format version 4. Source: Alertmanager's documentation of webhook_config and what 0.25
/// sends. Unknown fields are ignored; a malformed alert is set aside without its siblings.
/// </summary>
internal static class WebhookParser
{
    private static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = 16 };

    /// <exception cref="NotAWebhookException">The body is not a webhook.</exception>
    public static ParsedWebhook Parse(ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        using var document = ParseDocument(body);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new NotAWebhookException("The body is not a JSON object.");
        }

        if (Property(root, "alerts") is not { ValueKind: JsonValueKind.Array } alerts)
        {
            throw new NotAWebhookException("The body has no array \"alerts\": this is not an Alertmanager webhook.");
        }

        if (Property(root, "version") is not null && EnvelopeText(root, "version") != "4")
        {
            throw new NotAWebhookException("The webhook's version is not \"4\", the only one known.");
        }

        var groupKey = EnvelopeText(root, "groupKey") ?? "";
        var receiver = EnvelopeText(root, "receiver") ?? "";
        var externalUrl = EnvelopeText(root, "externalURL");
        List<AlertReceived> received = [];
        List<string> setAside = [];
        foreach (var (index, element) in alerts.EnumerateArray().Index())
        {
            try
            {
                received.Add(new AlertReceived(ParseAlert(element), groupKey, receiver, externalUrl, receivedAt));
            }
            catch (FormatException e)
            {
                setAside.Add($"alerts[{index}]: {e.Message}");
            }
        }

        return new ParsedWebhook(received, setAside, Truncated(root));
    }

    private static JsonDocument ParseDocument(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body, DocumentOptions);
        }
        catch (JsonException e)
        {
            throw new NotAWebhookException($"The body is not JSON: {e.Message}", e);
        }
    }

    private static long Truncated(JsonElement root) =>
        Property(root, "truncatedAlerts") is { ValueKind: JsonValueKind.Number } truncated && truncated.TryGetInt64(out var count) && count > 0
            ? count : 0;

    // What is about the webhook as a whole is worth less than its alerts: text that cannot be read is absent text.
    private static string? EnvelopeText(JsonElement root, string name)
    {
        try
        {
            return RedactedText(root, name);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static Alert ParseAlert(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("is not an object");
        }

        var labels = Texts(element, "labels", (_, value) => Redactor.Redact(value));
        if (labels.Count == 0)
        {
            throw new FormatException("has no labels");
        }

        return new Alert(
            Fingerprint(element),
            Status(element),
            labels,
            Texts(element, "annotations", Redactor.Redact),
            Time(element, "startsAt") ?? throw new FormatException("has no startsAt"),
            Time(element, "endsAt"),
            RedactedText(element, "generatorURL") is { Length: > 0 } url ? url : null);
    }

    private static string Fingerprint(JsonElement element)
    {
        var fingerprint = OptionalText(element, "fingerprint");
        return fingerprint is { Length: > 0 and <= 64 } && fingerprint.All(char.IsAsciiLetterOrDigit)
            ? fingerprint
            : throw new FormatException("has no usable fingerprint");
    }

    private static AlertStatus Status(JsonElement element) => OptionalText(element, "status") switch
    {
        "firing" => AlertStatus.Firing,
        "resolved" => AlertStatus.Resolved,
        _ => throw new FormatException("has a status that is neither firing nor resolved"),
    };

    // A label called "secret" names a Kubernetes Secret; an annotation so called is one.
    private static Dictionary<string, string> Texts(JsonElement element, string name, Func<string, string, string> redact)
    {
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        if (Property(element, name) is not { } values || values.ValueKind == JsonValueKind.Null)
        {
            return texts;
        }

        if (values.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"has {name} that are not an object");
        }

        foreach (var value in values.EnumerateObject())
        {
            if (value.Value.ValueKind != JsonValueKind.String)
            {
                throw new FormatException($"has a value among its {name} that is not text");
            }

            var key = Text(() => value.Name);
            texts[key] = redact(key, Text(() => value.Value.GetString()!));
        }

        return texts;
    }

    private static DateTimeOffset? Time(JsonElement element, string name)
    {
        if (OptionalText(element, name) is not { Length: > 0 } text)
        {
            return null;
        }

        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            throw new FormatException($"has {name} that is not a time");
        }

        // Go's zero time stands for "not yet".
        return time.Year <= 1 ? null : time.InMicroseconds();
    }

    private static string? RedactedText(JsonElement element, string name) =>
        OptionalText(element, name) is { } text ? Redactor.Redact(text) : null;

    private static string? OptionalText(JsonElement element, string name) =>
        Property(element, name) is { ValueKind: JsonValueKind.String } value ? Text(() => value.GetString()!) : null;

    // Not TryGetProperty: that throws where any name beside the sought one is not Unicode.
    private static JsonElement? Property(JsonElement element, string name)
    {
        JsonElement? found = null;
        foreach (var property in element.EnumerateObject())
        {
            if (IsNamed(property, name))
            {
                found = property.Value;
            }
        }

        return found;
    }

    private static bool IsNamed(JsonProperty property, string name)
    {
        try
        {
            return property.NameEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string Text(Func<string> read)
    {
        try
        {
            return Clean(read());
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException("has text that is not Unicode", e);
        }
    }

    // PostgreSQL cannot store U+0000.
    private static string Clean(string text) => text.Replace('\0', (char)Rune.ReplacementChar.Value);
}
