using System.Text;
using AlertResponder.Redaction;

namespace AlertResponder.Remediation.Actions.Read;

/// <summary>Makes a reply of what was read: without secrets and colours, at most <see cref="MostBytes"/>.</summary>
internal static class ReplyText
{
    /// <summary>The longest reply, in bytes of UTF-8.</summary>
    public const int MostBytes = 48 * 1024;

    private const string Cut = "…\n";

    /// <summary>The end of a text: what came last matters most.</summary>
    public static string Tail(string text)
    {
        var clean = Redactor.Redact(Printable(text)).TrimEnd('\n');
        if (Encoding.UTF8.GetByteCount(clean) <= MostBytes)
        {
            return clean;
        }

        var (start, bytes) = (clean.Length, Encoding.UTF8.GetByteCount(Cut));
        while (start > 0)
        {
            var isPair = start > 1 && char.IsLowSurrogate(clean[start - 1]) && char.IsHighSurrogate(clean[start - 2]);
            var length = isPair ? 2 : 1;
            var size = Encoding.UTF8.GetByteCount(clean.AsSpan(start - length, length));
            if (bytes + size > MostBytes)
            {
                break;
            }

            (start, bytes) = (start - length, bytes + size);
        }

        return Cut + clean[start..];
    }

    /// <summary>The beginning of a text.</summary>
    public static string Head(string text)
    {
        var clean = Redactor.Redact(Printable(text)).TrimEnd('\n');
        if (Encoding.UTF8.GetByteCount(clean) <= MostBytes)
        {
            return clean;
        }

        const string End = "\n…";
        var (length, bytes) = (0, Encoding.UTF8.GetByteCount(End));
        foreach (var rune in clean.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > MostBytes)
            {
                break;
            }

            (length, bytes) = (length + rune.Utf16SequenceLength, bytes + rune.Utf8SequenceLength);
        }

        return clean[..length] + End;
    }

    // Slack shows none of it, and a terminal would obey it.
    private static string Printable(string text)
    {
        var printable = new StringBuilder(text.Length);
        var isEscape = false;
        foreach (var character in text.ReplaceLineEndings("\n"))
        {
            if (isEscape)
            {
                isEscape = !char.IsAsciiLetter(character);
            }
            else if (character == '\x1b')
            {
                isEscape = true;
            }
            else if (character is '\n' or '\t' || !char.IsControl(character))
            {
                printable.Append(character);
            }
        }

        return printable.ToString();
    }
}
