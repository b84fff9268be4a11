using AlertResponder.Contracts;

namespace AlertResponder.Redaction;

/// <summary>
/// Cleans what others wrote in an alert, whichever way it comes: without secrets, names among them too, without a template's error, and within bounds.
/// Prometheus sets none; these are far above what alerts are made of.
/// </summary>
/// <param name="note">Takes a sentence about what was left out.</param>
public sealed class AlertTexts(Action<string> note)
{
    /// <summary>Labels identify an alert, so none is cut or left out: what has more is taken for no alert.</summary>
    public const int MaxLabels = 256;

    /// <summary>Of all names and values of labels together, in characters.</summary>
    public const int MaxLabelText = 32 * 1024;

    /// <summary>Annotations explain: of more, the first are kept.</summary>
    public const int MaxAnnotations = 64;

    public const int MaxAnnotationName = 256;

    /// <summary>A longer text is cut.</summary>
    public const int MaxAnnotation = 8 * 1024;

    /// <summary>A cut address leads nowhere: a longer one is left out.</summary>
    public const int MaxUrl = 8 * 1024;

    private const int MaxFingerprint = 64;
    private const int MaxShownName = 100;

    // In a storm most names and values are the same: each is looked through for secrets once, and held once.
    private const int MostRemembered = 10_000;
    private const int LongestRemembered = 1_024;

    private readonly Dictionary<(string Name, string Value), string> redacted = [];

    /// <summary>Why something with these labels is no alert; null when it is one.</summary>
    public static string? Problem(IReadOnlyDictionary<string, string>? labels) =>
        labels is not { Count: > 0 } ? "has no labels"
        : labels.Count > MaxLabels ? $"has more than {MaxLabels} labels"
        : labels.Sum(label => label.Key.Length + label.Value.Length) > MaxLabelText ? $"has labels of more than {MaxLabelText} characters"
        : null;

    /// <summary>Whether a text can be an alert's fingerprint.</summary>
    public static bool IsFingerprint(string? text) => text is { Length: > 0 and <= MaxFingerprint } && text.All(char.IsAsciiLetterOrDigit);

    public Dictionary<string, string> Labels(IReadOnlyDictionary<string, string> labels) => Redacted(labels);

    /// <summary>Those that can be used.</summary>
    public Dictionary<string, string> Annotations(IReadOnlyDictionary<string, string>? annotations)
    {
        // Redacted before they are cut: of half a secret nobody can tell what it was.
        var clean = Redacted(Usable(annotations ?? new Dictionary<string, string>(StringComparer.Ordinal)).Take(MaxAnnotations));
        foreach (var (name, value) in clean.Where(annotation => annotation.Value.Length > MaxAnnotation).ToArray())
        {
            clean[name] = BoundedText.Cut(value, MaxAnnotation);
        }

        return clean;
    }

    /// <summary>An address; null where it leads nowhere.</summary>
    public string? Url(string? url) => url is not null && Redact("", url) is { Length: > 0 and <= MaxUrl } clean ? clean : null;

    /// <summary>A name as it may be shown.</summary>
    public string Shown(string name) => BoundedText.Cut(Redact("", name), MaxShownName);

    /// <summary>A text of this name, or of none, without its secrets.</summary>
    public string Redact(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        if (redacted.TryGetValue((name, value), out var known))
        {
            return known;
        }

        // PostgreSQL cannot store U+0000.
        var text = value.Replace('\0', '\uFFFD');
        var clean = name.Length == 0 ? Redactor.Redact(text) : Redactor.Redact(name, text);
        if (value.Length <= LongestRemembered && redacted.Count < MostRemembered)
        {
            redacted[(name, value)] = clean;
        }

        return clean;
    }

    private IEnumerable<KeyValuePair<string, string>> Usable(IReadOnlyDictionary<string, string> annotations)
    {
        foreach (var (name, value) in annotations)
        {
            if (name.Length > MaxAnnotationName)
            {
                note($"an annotation's name has more than {MaxAnnotationName} characters");
            }
            else if (TemplateErrors.Without(value) is { } text)
            {
                yield return KeyValuePair.Create(name, text);
            }
            else
            {
                note($"annotation {Shown(name)} holds a template's error");
            }
        }
    }

    // Names are foreign text as well, and two may be alike without their secrets.
    private Dictionary<string, string> Redacted(IEnumerable<KeyValuePair<string, string>> texts)
    {
        Dictionary<string, string> clean = new(StringComparer.Ordinal);
        foreach (var (name, value) in texts)
        {
            clean[Redact("", name)] = Redact(name, value);
        }

        return clean;
    }
}
