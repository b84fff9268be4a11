using System.Text;
using AlertResponder.Host.Logging;
using AlertResponder.Redaction;

namespace AlertResponder.Host.Commands;

/// <summary>What a server or an exception says, fit for a line on a terminal.</summary>
internal static class ForeignLine
{
    private const int MaxLength = 300;

    /// <summary>One line without secrets and without characters that a terminal obeys or nobody sees, of at most 300.</summary>
    public static string Of(string? text)
    {
        var line = new StringBuilder();
        foreach (var rune in Redactor.Redact(text ?? "").EnumerateRunes())
        {
            if (!TerminalText.IsUnseen(rune) && !Rune.IsWhiteSpace(rune))
            {
                line.Append(rune);
            }
            else if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }
        }

        var whole = line.ToString().TrimEnd();
        if (whole.Length <= MaxLength)
        {
            return whole;
        }

        var end = char.IsHighSurrogate(whole[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
        return whole[..end] + "...";
    }
}
