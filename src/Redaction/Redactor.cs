using System.Text;

namespace AlertResponder.Redaction;

/// <summary>
/// Takes secrets out of foreign text at the doors where it enters, so that neither broker, store, model, Slack nor our logs
/// ever hold one. Linear in the length of the text. Fails closed: what it cannot look through is not handed out.
/// </summary>
public static class Redactor
{
    /// <summary>What stands where a secret stood.</summary>
    public const string Mark = "[redacted]";

    /// <summary>What stands for a whole text that could not be looked through.</summary>
    public const string Withheld = "[text withheld: looking for secrets failed]";

    /// <summary>Of one search of one kind, in milliseconds: a megabyte takes a tenth of this.</summary>
    internal const int SearchTimeout = 5_000;

    // Where a secret has gone, what is left may read as another. Two rounds do; more are hostile.
    private const int MostRounds = 8;

    // Base64 within Base64 is looked into, but not for ever.
    private const int MostLayers = 2;

    private static readonly Action<string, List<SecretSpan>>[] Searches =
        [PrivateKeys.Find, KnownTokens.Find, Addresses.Find, CommandLines.Find, SecretSettings.Find, Markup.Find, RandomValues.Find];

    /// <summary>The text without its secrets; the same instance when it has none; <see cref="Withheld"/> when that cannot be told.</summary>
    public static string Redact(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Redact(text, Secrets);
    }

    /// <summary>The value of a label or annotation without its secrets; nothing of it is left when the name (<c>db_password</c>) says that it is one.</summary>
    public static string Redact(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Length > 0 && SecretSettings.IsName(name) ? Mark : Redact(value);
    }

    /// <summary>The text without what a search finds in it.</summary>
    internal static string Redact(string text, Func<string, IReadOnlyList<SecretSpan>> search)
    {
        try
        {
            for (var round = 0; round < MostRounds; round++)
            {
                var cut = Cut(text, search(text));
                if (string.Equals(cut, text, StringComparison.Ordinal))
                {
                    return text;
                }

                text = cut;
            }
        }
        catch (Exception)
        {
            // Whatever it was, a time-out or a mistake of ours: text that nobody has looked through stays outside.
        }

        return Withheld;
    }

    /// <summary>Whether there are secrets in a text that was found encoded in another.</summary>
    /// <param name="text">The decoded text.</param>
    /// <param name="layer">How often it was decoded.</param>
    internal static bool HasSecrets(string text, int layer) => Secrets(text, layer).Any(span => !IsMark(text, span));

    internal static bool IsMarkAt(string text, int i) => string.CompareOrdinal(text, i, Mark, 0, Mark.Length) == 0;

    private static IReadOnlyList<SecretSpan> Secrets(string text) =>
        Continuations.With(text, SecretSpan.Merged([.. Secrets(text, layer: 0), .. KnownTokens.FindWrapped(text)]));

    private static List<SecretSpan> Secrets(string text, int layer)
    {
        List<SecretSpan> found = [];
        Search(text, layer, found);
        if (FoldedText.Of(text) is { } folded)
        {
            List<SecretSpan> within = [];
            Search(folded.Text, layer, within);
            found.AddRange(within.Select(folded.Unfolded));
        }

        return found;
    }

    private static void Search(string text, int layer, List<SecretSpan> found)
    {
        foreach (var search in Searches)
        {
            search(text, found);
        }

        EncodedSecrets.Find(text, found, layer < MostLayers ? layer + 1 : null);
    }

    private static bool IsMark(string text, SecretSpan span) => span.End - span.Start == Mark.Length && IsMarkAt(text, span.Start);

    private static string Cut(string text, IReadOnlyList<SecretSpan> spans)
    {
        if (spans.Count == 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        var copied = 0;
        foreach (var span in spans)
        {
            result.Append(text, copied, span.Start - copied).Append(Mark);
            copied = span.End;
        }

        return result.Append(text, copied, text.Length - copied).ToString();
    }
}
