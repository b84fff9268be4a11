using System.Text.RegularExpressions;

namespace AlertResponder.Redaction;

/// <summary>A part of a text.</summary>
internal readonly record struct SecretSpan(int Start, int End)
{
    public bool IsEmpty => End <= Start;
}

/// <summary>
/// How far the value of a secret's name reaches: over its quotes, over delimiters that belong to it, over the lines of a YAML block.
/// Where it is cut off, it reaches to the end of what is there.
/// </summary>
internal static partial class SecretValue
{
    private const int LongestName = 64;
    private const string Closing = "\"')]}>";
    private const string Delimiters = ",;&|";

    // Says that there is no value, or whether there is one: "Access denied for user 'app' (using password: YES)".
    private static readonly HashSet<string> Placeholders = new(StringComparer.OrdinalIgnoreCase)
    {
        "true", "false", "yes", "no", "null", "nil", "none", "undefined", "***", "******", Redactor.Mark,
    };

    private static readonly HashSet<string> LineSchemes = new(StringComparer.OrdinalIgnoreCase) { "Digest", "AWS4-HMAC-SHA256" };
    private static readonly HashSet<string> Schemes = new(LineSchemes, StringComparer.OrdinalIgnoreCase) { "Basic", "Bearer", "Token", "Negotiate", "ApiKey" };

    /// <summary>The secret; empty when what follows the name is none.</summary>
    public static SecretSpan Find(string text, SecretName name)
    {
        var start = name.ValueIndex;
        if (start >= text.Length || IsLineEnd(text[start]))
        {
            return default;
        }

        if (QuoteAt(text, start) is { } quote)
        {
            return Quoted(text, start + quote.Length, quote);
        }

        if (name.IsQuotedApart || (name.IsFolder && text[start] == '/'))
        {
            return default;
        }

        if (text[start] is '|' or '>' && BlockStart(text, start) is { } block)
        {
            return new SecretSpan(block, BlockEnd(text, block, Indentation(text, name.Index)));
        }

        if (!IsMarkAt(text, start) && text[start] is '{' or '[' or '<')
        {
            return Structure(text, start);
        }

        if (name.IsCookie || name.IsAuthorization)
        {
            return Header(text, start, name);
        }

        return name.HasColon && !name.IsPassword && Prose().IsMatch(text.AsSpan(start, Math.Min(LongestName, text.Length - start)))
            ? default
            : Unquoted(text, start);
    }

    private static SecretSpan Header(string text, int start, SecretName name)
    {
        if (name.HasColon && Prose().IsMatch(text.AsSpan(start, Math.Min(LongestName, text.Length - start))) && !Schemes.Contains(WordAt(text, start)))
        {
            return default;
        }

        var scheme = WordAt(text, start);
        if (name.IsCookie || LineSchemes.Contains(scheme))
        {
            return Plain(text, start, LineEnd(text, start, '"', '\''));
        }

        if (!Schemes.Contains(scheme))
        {
            return Unquoted(text, start);
        }

        var credentials = start + scheme.Length;
        while (credentials < text.Length && text[credentials] is ' ' or '\t')
        {
            credentials++;
        }

        return Unquoted(text, credentials);
    }

    // {"secret": {"name": ...}} is looked into; a list of plain values is not; <set to the key 'password' in secret 'db'> is kubectl's.
    private static SecretSpan Structure(string text, int start)
    {
        if (text[start] != '[')
        {
            return text[start] == '<' && !KubectlNote().IsMatch(text.AsSpan(start, Math.Min(LongestName, text.Length - start))) ? Unquoted(text, start) : default;
        }

        var end = start + 1;
        while (end < text.Length && text[end] != ']' && !IsLineEnd(text[end]))
        {
            end += IsMarkAt(text, end) ? Redactor.Mark.Length : 1;
        }

        return text.AsSpan(start + 1, end - start - 1).TrimStart() is [] or ['{', ..] or ['m', 'a', 'p', '[', ..] ? default : Plain(text, start + 1, end);
    }

    private static SecretSpan Quoted(string text, int start, Quote quote)
    {
        for (var i = start; i < text.Length; i++)
        {
            if (IsLineEnd(text[i]))
            {
                return Plain(text, start, i);
            }

            var backslashes = i;
            while (i < text.Length && text[i] == '\\')
            {
                i++;
            }

            if (i < text.Length && text[i] == quote.Character && i - backslashes <= quote.Backslashes)
            {
                return Plain(text, start, backslashes);
            }
        }

        return Plain(text, start, text.Length);
    }

    private static SecretSpan Unquoted(string text, int start)
    {
        var i = start;
        while (i < text.Length && !char.IsWhiteSpace(text[i]))
        {
            if (IsMarkAt(text, i))
            {
                i += Redactor.Mark.Length;
                continue;
            }

            if (EndsHere(text, i))
            {
                break;
            }

            i++;
        }

        return Plain(text, start, i);
    }

    // A closing bracket or a delimiter within a value is a part of it unless what follows says otherwise.
    private static bool EndsHere(string text, int i)
    {
        var c = text[i];
        if (c == '\\')
        {
            return (QuoteAt(text, i) is { } quote && IsBoundary(text, i + quote.Length))
                || (i + 1 < text.Length && text[i + 1] is 'n' or 'r' or 't' && IsNextPair(text, i + 2));
        }

        return (Closing.Contains(c, StringComparison.Ordinal) && IsBoundary(text, i + 1))
            || (Delimiters.Contains(c, StringComparison.Ordinal) && (i + 1 == text.Length || char.IsWhiteSpace(text[i + 1]) || IsNextPair(text, i + 1)));
    }

    private static SecretSpan Plain(string text, int start, int end) =>
        end - start <= LongestName && Placeholders.Contains(text[start..end]) ? default : new SecretSpan(start, end);

    private static bool IsBoundary(string text, int i) =>
        i >= text.Length || char.IsWhiteSpace(text[i]) || text[i] is '\\' || Closing.Contains(text[i], StringComparison.Ordinal)
        || Delimiters.Contains(text[i], StringComparison.Ordinal) || text[i] is ':' or '.';

    private static bool IsNextPair(string text, int i) => i < text.Length && NextPair().IsMatch(text.AsSpan(i, Math.Min(LongestName, text.Length - i)));

    private static bool IsMarkAt(string text, int i) => string.CompareOrdinal(text, i, Redactor.Mark, 0, Redactor.Mark.Length) == 0;

    private static bool IsLineEnd(char c) => c is '\n' or '\r';

    private static string WordAt(string text, int start)
    {
        var end = start;
        while (end < text.Length && end - start < LongestName && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '-'))
        {
            end++;
        }

        return text[start..end];
    }

    private static int LineEnd(string text, int start, params ReadOnlySpan<char> also)
    {
        var i = start;
        while (i < text.Length && !IsLineEnd(text[i]) && !also.Contains(text[i]))
        {
            i++;
        }

        return i;
    }

    private static Quote? QuoteAt(string text, int start)
    {
        var i = start;
        while (i < text.Length && text[i] == '\\')
        {
            i++;
        }

        return i < text.Length && text[i] is '"' or '\'' ? new Quote(text[i], i - start) : null;
    }

    // "password: |" and its lines.
    private static int? BlockStart(string text, int start)
    {
        var i = start + 1;
        while (i < text.Length && (text[i] is '+' or '-' or ' ' or '\t' || char.IsAsciiDigit(text[i])))
        {
            i++;
        }

        if (i >= text.Length || !IsLineEnd(text[i]))
        {
            return null;
        }

        while (i < text.Length && char.IsWhiteSpace(text[i]))
        {
            i++;
        }

        return i < text.Length ? i : null;
    }

    private static int BlockEnd(string text, int start, int indentation)
    {
        if (Indentation(text, start) <= indentation)
        {
            return start;
        }

        var end = LineEnd(text, start);
        while (end < text.Length)
        {
            var line = end;
            while (line < text.Length && char.IsWhiteSpace(text[line]))
            {
                line++;
            }

            if (line >= text.Length || Indentation(text, line) <= indentation)
            {
                break;
            }

            end = LineEnd(text, line);
        }

        return end;
    }

    // Of the line that holds the character.
    private static int Indentation(string text, int i)
    {
        var line = i == 0 ? 0 : text.LastIndexOf('\n', i - 1) + 1;
        var first = line;
        while (first < i && text[first] is ' ' or '\t')
        {
            first++;
        }

        return first - line;
    }

    private readonly record struct Quote(char Character, int Backslashes)
    {
        public int Length => Backslashes + 1;
    }

    // Two plain words: "failed to fetch anonymous token: unexpected status from GET request".
    [GeneratedRegex(@"\A[A-Z]?[a-z]{1,20}[ \t]([""']|[A-Za-z]+([\s.,:;!?)""'-]|\z))", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Prose();

    [GeneratedRegex(@"\A[ \t]*\\*[""']?[A-Za-z_][A-Za-z0-9_. -]*\\*[""']?[ \t]*[=:]", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex NextPair();

    [GeneratedRegex(@"\A<(nil|none|unset|empty|redacted|hidden|masked|set to the key )", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex KubectlNote();
}
