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
    // In a storm most names and values are the same: each is looked through for secrets once, and held once.
    private const int MostRemembered = 10_000;
    private const int LongestRemembered = 1_024;

    private readonly Dictionary<(string Name, string Value), string> redacted = [];

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
                    labels = Texts(ref reader, json, "label", AlertBounds.MaxLabels + 1);
                    break;
                case "annotations":
                    annotations = Texts(ref reader, json, "annotation", AlertBounds.MaxAnnotations) ?? [];
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

        if (labels is not { Count: > 0 })
        {
            throw new FormatException("has no labels");
        }

        Check(labels);
        return new RawAlert(
            IsFingerprint(fingerprint) ? fingerprint! : LabelFingerprint.Of(labels),
            Status(status),
            words.Of(labels),
            Redacted(labels),
            Annotations(annotations),
            Time(startsAt, "startsAt"),
            Time(endsAt, "endsAt"),
            generatorUrl is null ? null : Redact("", generatorUrl) is { Length: > 0 and <= AlertBounds.MaxUrl } url ? url : null);
    }

    /// <summary>Text without its secrets.</summary>
    public string Redact(string name, string value)
    {
        if (redacted.TryGetValue((name, value), out var known))
        {
            return known;
        }

        var clean = name.Length == 0 ? Redactor.Redact(value) : Redactor.Redact(name, value);
        if (value.Length <= LongestRemembered && redacted.Count < MostRemembered)
        {
            redacted[(name, value)] = clean;
        }

        return clean;
    }

    private static void Check(Dictionary<string, string> labels)
    {
        if (labels.Count > AlertBounds.MaxLabels)
        {
            throw new FormatException($"has more than {AlertBounds.MaxLabels} labels");
        }

        if (labels.Sum(label => label.Key.Length + label.Value.Length) > AlertBounds.MaxLabelText)
        {
            throw new FormatException($"has labels of more than {AlertBounds.MaxLabelText} characters");
        }
    }

    private static bool IsFingerprint(string? text) => text is { Length: > 0 and <= 64 } && text.All(char.IsAsciiLetterOrDigit);

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

    // Redacted before they are cut: of half a secret nobody can tell what it was.
    private Dictionary<string, string> Annotations(Dictionary<string, string> annotations)
    {
        Dictionary<string, string> usable = new(StringComparer.Ordinal);
        foreach (var (name, value) in annotations)
        {
            if (name.Length > AlertBounds.MaxAnnotationName)
            {
                note($"an annotation's name has more than {AlertBounds.MaxAnnotationName} characters");
            }
            else if (TemplateErrors.Without(value) is { } text)
            {
                usable[name] = text;
            }
            else
            {
                note($"annotation {Shown(name)} holds a template's error");
            }
        }

        var clean = Redacted(usable);
        foreach (var (name, value) in clean.Where(annotation => annotation.Value.Length > AlertBounds.MaxAnnotation).ToArray())
        {
            clean[name] = BoundedText.Cut(value, AlertBounds.MaxAnnotation);
        }

        return clean;
    }

    // Names are foreign text as well, and two may be alike without their secrets.
    private Dictionary<string, string> Redacted(Dictionary<string, string> texts)
    {
        Dictionary<string, string> clean = new(texts.Count, StringComparer.Ordinal);
        foreach (var (name, value) in texts)
        {
            clean[Redact("", name)] = Redact(name, value);
        }

        return clean;
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

        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonText.Of(ref reader);
            if (Value(ref reader, json) is not { } value)
            {
                note($"{what} {Shown(name)} is null");
            }
            else if (texts.Count < atMost || texts.ContainsKey(name))
            {
                texts[name] = value;
            }
            else
            {
                note($"more than {atMost} {what}s");
            }
        }

        return texts;
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

    private string Shown(string name) => BoundedText.Cut(Redact("", name), 100);
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
