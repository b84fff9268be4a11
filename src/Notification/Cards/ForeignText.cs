using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AlertResponder.Notification.Cards;

/// <summary>Text that others wrote (labels, annotations, logs, the model), made fit to stand in a card.</summary>
internal static partial class ForeignText
{
    /// <summary>
    /// One line of at most <paramref name="maxLength"/> UTF-16 units: terminal escape sequences and invisible characters (zero
    /// width, bidirectional overrides, tags) are removed, whitespace and control characters become single spaces, lone
    /// surrogates become U+FFFD. A cut is marked with an ellipsis and never splits a character.
    /// </summary>
    public static string Line(string? text, int maxLength)
    {
        var line = new StringBuilder();
        var gap = false;
        foreach (var rune in TerminalSequence().Replace(text ?? "", "").EnumerateRunes())
        {
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Format:
                case UnicodeCategory.Surrogate:
                    continue;
                case UnicodeCategory.Control:
                case UnicodeCategory.LineSeparator:
                case UnicodeCategory.ParagraphSeparator:
                case UnicodeCategory.SpaceSeparator:
                    gap = line.Length > 0;
                    continue;
            }

            if (line.Length + (gap ? 1 : 0) + rune.Utf16SequenceLength > maxLength)
                return Cut(line, maxLength);
            if (gap)
                line.Append(' ');
            gap = false;
            line.Append(rune);
        }

        return line.ToString();
    }

    /// <summary>
    /// The text with its lines and their indentation, at most <paramref name="maxLength"/> UTF-16 units, cleaned as
    /// <see cref="Line"/> does otherwise.
    /// </summary>
    public static string Block(string text, int maxLength)
    {
        var block = new StringBuilder();
        foreach (var rune in TerminalSequence().Replace(text, "").ReplaceLineEndings("\n").EnumerateRunes())
        {
            if (block.Length + rune.Utf16SequenceLength > maxLength)
                return Cut(block, maxLength);
            if (rune.Value is '\n' or '\t')
                block.Append(rune);
            else if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control)
                block.Append(' ');
            else if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.Surrogate))
                block.Append(rune);
        }

        return block.ToString().TrimEnd();
    }

    /// <summary>The last line of a text that is more than white space, or an empty string.</summary>
    public static string LastLine(string text, int maxLength)
    {
        var rest = text.AsSpan().TrimEnd();
        return Line(rest[(rest.LastIndexOfAny('\n', '\r') + 1)..].ToString(), maxLength);
    }

    private static string Cut(StringBuilder line, int maxLength)
    {
        if (line.Length >= maxLength)
            line.Length -= line.Length >= 2 && char.IsLowSurrogate(line[^1]) ? 2 : 1;
        return line.ToString().TrimEnd() + "…";
    }

    // CSI (colours, cursor) and OSC (title, hyperlink) sequences, in their 7-bit and 8-bit forms.
    [GeneratedRegex(@"(?:\x1B\[|\x9B)[0-?]*[ -/]*[@-~]|(?:\x1B\]|\x9D)[^\x07\x1B\x9C]*(?:\x07|\x1B\\|\x9C)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TerminalSequence();
}
