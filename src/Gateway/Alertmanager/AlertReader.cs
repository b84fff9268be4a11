using System.Text.Json;
using AlertResponder.Contracts;
using AlertResponder.Redaction;

namespace AlertResponder.Gateway.Alertmanager;

/// <summary>
/// Makes an alert of one element of a webhook. What can be derived is derived: the fingerprint from the labels, the start from the receipt. An
/// annotation that cannot be used is left out and named; only what has no labels, or absurdly many, is no alert.
/// </summary>
/// <param name="words">What the labels say about the severity.</param>
/// <param name="note">Takes a sentence about what was left out or derived.</param>
internal sealed class AlertReader(SeverityWords words, Action<string> note)
{
    private readonly AlertTexts texts = new(note);

    /// <param name="json">The element, whole.</param>
    /// <param name="options">Of the webhook's reader.</param>
    /// <exception cref="FormatException">It is no alert; the message says why.</exception>
    public RawAlert Read(ReadOnlySpan<byte> json, JsonReaderOptions options)
    {
        var reader = new Utf8JsonReader(json, options);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new FormatException("is not an object");
        }

        Dictionary<string, string>? labels = null;
        Dictionary<string, string> annotations = [];
        string? fingerprint = null, status = null, generatorUrl = null, startsAt = null, endsAt = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            switch (JsonText.Of(ref reader))
            {
                case "labels":
                    labels = Texts(ref reader, json, "label", AlertTexts.MaxLabels + 1);
                    break;
                case "annotations":
                    annotations = Texts(ref reader, json, "annotation", AlertTexts.MaxAnnotations) ?? [];
                    break;
                case "fingerprint":
                    fingerprint = Value(ref reader, json);
                    break;
                case "status":
                    status = Value(ref reader, json);
                    break;
                case "startsAt":
                    startsAt = Value(ref reader, json);
                    break;
                case "endsAt":
                    endsAt = Value(ref reader, json);
                    break;
                case "generatorURL":
                    generatorUrl = Value(ref reader, json);
                    break;
                default:
                    reader.Read();
                    reader.Skip();
                    break;
            }
        }

        if (AlertTexts.Problem(labels) is { } problem)
        {
            throw new FormatException(problem);
        }

        return new RawAlert(
            AlertTexts.IsFingerprint(fingerprint) ? fingerprint! : LabelFingerprint.Of(labels!),
            Status(status),
            words.Of(labels!),
            texts.Labels(labels!),
            texts.Annotations(annotations),
            Time(startsAt, "startsAt"),
            Time(endsAt, "endsAt"),
            texts.Url(generatorUrl));
    }

    /// <summary>Text without its secrets.</summary>
    public string Redact(string text) => texts.Redact("", text);

    private static AlertStatus? Status(string? text) => text?.Trim().ToUpperInvariant() switch
    {
        "FIRING" => AlertStatus.Firing,
        "RESOLVED" => AlertStatus.Resolved,
        _ => null,
    };

    private DateTimeOffset? Time(string? text, string name)
    {
        if (text is null)
        {
            return null;
        }

        if (!SenderTime.TryParse(text.Trim(), out var time))
        {
            note($"{name} is not a time");
        }

        return time;
    }

    private Dictionary<string, string>? Texts(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string what, int atMost)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            if (reader.TokenType != JsonTokenType.Null)
            {
                note($"its {what}s are not an object");
                reader.Skip();
            }

            return null;
        }

        Dictionary<string, string> found = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonText.Of(ref reader);
            if (Value(ref reader, json) is not { } value)
            {
                note($"{what} {texts.Shown(name)} is null");
            }
            else if (found.Count < atMost || found.ContainsKey(name))
            {
                found[name] = value;
            }
            else
            {
                note($"more than {atMost} {what}s");
            }
        }

        return found;
    }

    // A number or a truth is its text, a list or an object its JSON; nothing is none.
    private static string? Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        reader.Read();
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                return JsonText.Of(json[start..(int)reader.BytesConsumed]);
            default:
                return JsonText.Of(ref reader);
        }
    }
}

/// <summary>An alert before the webhook's end is known, which says what the alert itself does not.</summary>
/// <param name="Fingerprint">As the sender told it, or derived.</param>
/// <param name="Status">Null when it has none of its own.</param>
/// <param name="Severity">What its labels say.</param>
/// <param name="Labels">Redacted.</param>
/// <param name="Annotations">Redacted and bounded.</param>
/// <param name="StartsAt">Null when the sender told none.</param>
/// <param name="EndsAt">Null when the sender told none.</param>
/// <param name="GeneratorUrl">Redacted; null without one.</param>
internal sealed record RawAlert(
    string Fingerprint,
    AlertStatus? Status,
    Severity? Severity,
    Dictionary<string, string> Labels,
    Dictionary<string, string> Annotations,
    DateTimeOffset? StartsAt,
    DateTimeOffset? EndsAt,
    string? GeneratorUrl);
