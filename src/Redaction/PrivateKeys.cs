using System.Text.RegularExpressions;

namespace AlertResponder.Redaction;

/// <summary>
/// Private keys in PEM, also with their line ends escaped, and what a cut has left of one: without its END, or with the END and the
/// lines of Base64 before it.
/// </summary>
internal static partial class PrivateKeys
{
    // Shorter ones are words, but for the key's last line.
    private const int ShortestLine = 20;

    // Blanks and line ends between a BEGIN line and what follows.
    private const int Gap = 256;

    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    public static void Find(string text, List<SecretSpan> found)
    {
        if (!text.Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            return;
        }

        var looked = 0;
        SecretSpan? begun = null;
        foreach (var (span, isEnd) in Borders(text))
        {
            if (isEnd)
            {
                found.Add(new SecretSpan(begun?.Start ?? Start(text, looked, span.Start), span.End));
                (looked, begun) = (span.End, null);
            }
            else if (IsBody(text, span.End))
            {
                begun ??= span;
            }
        }

        // An END line that a truncated log has lost must not save the key: to the end of the text then.
        if (begun is { } key)
        {
            found.Add(key with { End = text.Length });
        }
    }

    private static IEnumerable<(SecretSpan Span, bool IsEnd)> Borders(string text) =>
        Begin().Matches(text).Select(match => (SecretSpan.Of(match), false)).Concat(End().Matches(text).Select(match => (SecretSpan.Of(match), true))).OrderBy(border => border.Item1.Start);

    // Not: cannot find "-----BEGIN PRIVATE KEY-----" in the file.
    private static bool IsBody(string text, int i) => Body().IsMatch(text.AsSpan(i, Math.Min(Gap, text.Length - i)));

    private static int Start(string text, int from, int end)
    {
        var start = LineStart(text, from, BeforeLineEnd(text, from, end));
        while (true)
        {
            var lineEnd = BeforeLineEnd(text, from, start);
            var line = LineStart(text, from, lineEnd);
            if (lineEnd == start || lineEnd - line < ShortestLine || !BeginsLine(text, line))
            {
                return start;
            }

            start = line;
        }
    }

    // Not the digest at the end of a line that belongs to something else: image web@sha256:...
    private static bool BeginsLine(string text, int i) => i == 0 || char.IsWhiteSpace(text[i - 1]) || text[i - 1] is '"' or '\'' || (i > 1 && text[i - 2] == '\\' && text[i - 1] is 'n' or 'r');

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

    [GeneratedRegex(@"(-{2,5} ?)?BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)? ?-{2,5}", Linear, Redactor.SearchTimeout)]
    private static partial Regex Begin();

    [GeneratedRegex("-{4,5} ?END [A-Z0-9 ]*PRIVATE KEY( BLOCK)? ?-{4,5}", Linear, Redactor.SearchTimeout)]
    private static partial Regex End();

    [GeneratedRegex(@"\A(\s|\\+[nrt])*([A-Za-z0-9+/]|\z)", RegexOptions.ExplicitCapture, Redactor.SearchTimeout)]
    private static partial Regex Body();
}
