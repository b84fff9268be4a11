using System.Text;
using System.Text.RegularExpressions;

namespace AlertResponder.Redaction;

/// <summary>The tail of a log can begin within a private key: its END line and the lines of Base64 before it.</summary>
internal static partial class PrivateKeyTail
{
    // Shorter ones are words, but for the key's last line.
    private const int ShortestLine = 20;

    public static string Redact(string text)
    {
        StringBuilder? result = null;
        var copied = 0;
        foreach (var end in End().EnumerateMatches(text))
        {
            result ??= new StringBuilder(text.Length);
            result.Append(text, copied, Start(text, copied, end.Index) - copied).Append(Redactor.Mark);
            copied = end.Index + end.Length;
        }

        return result is null ? text : result.Append(text, copied, text.Length - copied).ToString();
    }

    private static int Start(string text, int from, int end)
    {
        var start = LineStart(text, from, BeforeLineEnd(text, from, end));
        while (true)
        {
            var lineEnd = BeforeLineEnd(text, from, start);
            var line = LineStart(text, from, lineEnd);
            if (lineEnd == start || lineEnd - line < ShortestLine)
            {
                return start;
            }

            start = line;
        }
    }

    private static int LineStart(string text, int from, int end)
    {
        var start = end;
        while (start > from && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '+' or '/' or '='))
        {
            start--;
        }

        // The n of an escaped line end.
        return start > from && start < end && text[start - 1] == '\\' ? start + 1 : start;
    }

    private static int BeforeLineEnd(string text, int from, int end)
    {
        while (end > from)
        {
            if (char.IsWhiteSpace(text[end - 1]))
            {
                end--;
            }
            else if (end - 2 >= from && text[end - 2] == '\\' && text[end - 1] is 'n' or 'r')
            {
                end -= 2;
            }
            else
            {
                break;
            }
        }

        return end;
    }

    [GeneratedRegex("-----END [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex End();
}
