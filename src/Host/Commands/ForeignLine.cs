using System.Text;
using AlertResponder.Redaction;

namespace AlertResponder.Host.Commands;

/// <summary>What a server or an exception says, fit for a line on a terminal.</summary>
internal static class ForeignLine
{
    private const int MaxLength = 300;

    /// <summary>One line without secrets and without control characters, of at most 300.</summary>
    public static string Of(string? text)
    {
        var line = new StringBuilder();
        foreach (var character in Redactor.Redact(text ?? ""))
        {
            var blank = char.IsControl(character) || char.IsWhiteSpace(character);
            if (!blank)
            {
                line.Append(character);
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
