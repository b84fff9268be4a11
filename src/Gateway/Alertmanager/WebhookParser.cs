using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Redaction;

namespace AlertResponder.Gateway.Alertmanager;

/// <summary>
/// Reads an Alertmanager webhook, format version 4. Source: Alertmanager's documentation of webhook_config and what 0.25
/// sends. Unknown fields are ignored; a malformed alert is set aside without its siblings, and none is larger than
/// <see cref="AlertBounds"/> says. Where a name stands twice, the later one counts.
/// </summary>
internal static partial class WebhookParser
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

        var groupKey = BoundedText.Cut(EnvelopeText(root, "groupKey") ?? "", AlertBounds.MaxEnvelopeText);
        var receiver = BoundedText.Cut(EnvelopeText(root, "receiver") ?? "", AlertBounds.MaxEnvelopeText);
        var externalUrl = EnvelopeText(root, "externalURL") is { Length: <= AlertBounds.MaxUrl } url ? url : null;
        var truncated = Truncated(root);
        List<AlertReceived> received = [];
        List<string> setAside = [];
        foreach (var (index, element) in alerts.EnumerateArray().Index())
        {
            try
            {
                received.Add(new AlertReceived(ParseAlert(element), groupKey, receiver, externalUrl, receivedAt, truncated));
            }
            catch (FormatException e)
            {
                setAside.Add($"alerts[{index}]: {e.Message}");
            }
        }

        return new ParsedWebhook(received, setAside, truncated);
    }

    private static JsonDocument ParseDocument(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body, DocumentOptions);
        }
        catch (JsonException e)
        {
            // Where, not what: the exception's message repeats the body, and is for logs and callers.
            throw new NotAWebhookException($"The body is not JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}).", e);
        }
    }

    private static int Truncated(JsonElement root) =>
        Property(root, "truncatedAlerts") is { ValueKind: JsonValueKind.Number } truncated && truncated.TryGetInt64(out var count) && count > 0
            ? (int)Math.Min(count, int.MaxValue) : 0;

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

        var labels = Labels(element);
        return new Alert(
            Fingerprint(element),
            Status(element),
            labels,
            Annotations(element),
            Time(element, "startsAt") ?? throw new FormatException("has no startsAt"),
            Time(element, "endsAt"),
            RedactedText(element, "generatorURL") is { Length: > 0 and <= AlertBounds.MaxUrl } url ? url : null);
    }

    private static Dictionary<string, string> Labels(JsonElement element)
    {
        var labels = Texts(element, "labels", AlertBounds.MaxLabels + 1);
        return labels.Count switch
        {
            0 => throw new FormatException("has no labels"),
            > AlertBounds.MaxLabels => throw new FormatException($"has more than {AlertBounds.MaxLabels} labels"),
            _ when labels.Sum(label => label.Key.Length + label.Value.Length) > AlertBounds.MaxLabelText =>
                throw new FormatException($"has labels of more than {AlertBounds.MaxLabelText} characters"),

            _ => Redacted(labels),
        };
    }

    // Redacted before they are cut: of half a secret nobody can tell what it was.
    private static Dictionary<string, string> Annotations(JsonElement element) =>
        Redacted(Texts(element, "annotations", AlertBounds.MaxAnnotations).Where(annotation => annotation.Key.Length <= AlertBounds.MaxAnnotationName))
            .ToDictionary(annotation => annotation.Key, annotation => BoundedText.Cut(annotation.Value, AlertBounds.MaxAnnotation), StringComparer.Ordinal);

    // Names are foreign text as well, and two may be alike without their secrets.
    private static Dictionary<string, string> Redacted(IEnumerable<KeyValuePair<string, string>> texts)
    {
        Dictionary<string, string> redacted = new(StringComparer.Ordinal);
        foreach (var (name, value) in texts)
        {
            redacted[Redactor.Redact(name)] = Redactor.Redact(name, value);
        }

        return redacted;
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

    private static Dictionary<string, string> Texts(JsonElement element, string name, int atMost)
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
            if (texts.Count < atMost || texts.ContainsKey(key))
            {
                texts[key] = Text(() => value.Value.GetString()!);
            }
        }

        return texts;
    }

    private static DateTimeOffset? Time(JsonElement element, string name)
    {
        if (OptionalText(element, name) is not { Length: > 0 } text)
        {
            return null;
        }

        // The runtime would read "7:43" as today's.
        if (!Rfc3339().IsMatch(text)
            || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            throw new FormatException($"has {name} that is not a time");
        }

        // Go's zero time stands for "not yet".
        return time.Year <= 1 ? null : AlertBounds.Clamp(time.InMicroseconds());
    }

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Rfc3339();

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
