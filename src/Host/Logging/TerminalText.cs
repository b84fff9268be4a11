using System.Globalization;
using System.Text;

namespace AlertResponder.Host.Logging;

/// <summary>
/// Text that others may have written, for a terminal: what a terminal obeys instead of showing it (escape sequences, carriage returns, line ends) and what
/// nobody sees (bidirectional overrides, zero widths, tags) is written out, as <c>\u001B</c>. Pure.
/// </summary>
internal static class TerminalText
{
    /// <summary>One line, whatever the text.</summary>
    public static string OneLine(string text) => WrittenOut(text, keepsLines: false);

    /// <summary>The text with its lines.</summary>
    public static string Lines(string text) => WrittenOut(text.ReplaceLineEndings("\n"), keepsLines: true);

    /// <summary>Whether a terminal would not show it as it is. A tab is a blank.</summary>
    public static bool IsUnseen(Rune rune) => rune.Value != '\t' && Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;

    private static string WrittenOut(string text, bool keepsLines)
    {
        if (System.Text.Ascii.IsValid(text) && !text.AsSpan().ContainsAnyInRange('\0', '\x1f') && !text.Contains('\x7f', StringComparison.Ordinal))
        {
            return text;
        }

        var seen = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\n' when keepsLines => seen.Append('\n'),
                '\n' => seen.Append("\\n"),
                '\r' => seen.Append("\\r"),
                _ when !IsUnseen(rune) => seen.Append(rune),
                <= char.MaxValue => seen.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}"),
                _ => seen.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}"),
            };
        }

        return seen.ToString();
    }
}
