using System.Buffers;
using System.Text.RegularExpressions;

namespace AlertResponder.Redaction;

/// <summary>
/// How far the value of a secret's name reaches: over its quotes, over delimiters that belong to it, over the lines of a YAML block.
/// Where it is cut off, it reaches to the end of what is there.
/// </summary>
internal static partial class SecretValue
{
    private const int LongestName = 64;
    private const int LongestReference = 128;
    private const int ShortestToken = 8;
    private static readonly SearchValues<char> NoScalar = SearchValues.Create(" \t{}:=");
    // Most patterns are anchored or cannot begin within what they have read: linear without NonBacktracking, which takes a megabyte for each.
    private const RegexOptions Options = RegexOptions.ExplicitCapture;
    private const string Closing = "\"')]}>";
    private const string Delimiters = ",;&|";

    // Says that there is no value, or whether there is one: "Access denied for user 'app' (using password: YES)".
    private static readonly HashSet<string> Placeholders = new(StringComparer.OrdinalIgnoreCase)
    {
        "true", "false", "yes", "no", "null", "nil", "none", "undefined", "<nil>", "redacted", "<redacted>", "hidden", Redactor.Mark,
    };

    private static readonly HashSet<string> LineSchemes = new(StringComparer.OrdinalIgnoreCase) { "Digest", "AWS4-HMAC-SHA256" };
    private static readonly HashSet<string> Schemes = new(LineSchemes, StringComparer.OrdinalIgnoreCase) { "Basic", "Bearer", "Token", "Negotiate", "ApiKey" };

    private static readonly HashSet<string> States = new(StringComparer.OrdinalIgnoreCase)
    {
        "EOF", "expired", "invalid", "incorrect", "missing", "denied", "granted", "failed", "failure", "success", "succeeded", "successful", "empty", "enabled", "disabled", "required", "optional", "ok",
        "unknown", "unset", "present", "absent", "revoked", "valid", "found", "rejected", "mismatch", "forbidden", "unauthorized",
    };

    // Of what is in a Secret: secretKey: password
    private static readonly HashSet<string> KeyNames = new(StringComparer.Ordinal) { "password", "username", "token", "secret" };

    // "--password and --user exclude each other"
    private static readonly HashSet<string> AfterFlags = new(StringComparer.Ordinal)
    {
        "and", "or", "is", "are", "flag", "flags", "option", "options", "argument", "parameter", "must", "requires", "required", "was", "not", "cannot", "via", "instead", "for", "with", "has", "to", "in", "on", "the",
    };

    /// <summary>The secrets; none when what follows the name is none.</summary>
    public static IEnumerable<SecretSpan> Find(string text, SecretName name)
    {
        var start = name.ValueIndex;
        return start >= text.Length ? [] : IsLineEnd(text[start]) ? Below(text, name) : One(text, name) is { IsEmpty: false } value ? [value] : [];
    }

    /// <summary>It says that there is no value, or that there is one.</summary>
    public static bool IsPlaceholder(ReadOnlySpan<char> value) =>
        value.Length <= LongestName && (Placeholders.GetAlternateLookup<ReadOnlySpan<char>>().Contains(value) || !value.ContainsAnyExcept('*', '•', '.') || (value.Length > 2 && !value.ContainsAnyExcept('x', 'X')));

    /// <summary>It says where the value is: <c>$(DB_PASSWORD)</c>, <c>${token}</c>, <c>{{ .Values.key }}</c>, <c>&lt;your-token&gt;</c>.</summary>
    public static bool IsReference(ReadOnlySpan<char> value) => value.Length <= LongestReference && Reference().IsMatch(value);

    private static SecretSpan One(string text, SecretName name)
    {
        var start = name.ValueIndex;
        if (QuoteAt(text, start) is { } quote)
        {
            return name.IsWeak && !Randomness.IsLikely(Slice(text, start + quote.Length, LongestName)) ? default : Quoted(text, start + quote.Length, quote);
        }

        if (name.IsQuotedApart || (name.IsFolder && text[start] == '/') || ReferenceAhead().IsMatch(Slice(text, start, LongestReference)))
        {
            return default;
        }

        if (text[start] is '|' or '>' && BlockStart(text, start) is { } block)
        {
            return new SecretSpan(block, BlockEnd(text, block, Indentation(text, name.Index)));
        }

        if (!Redactor.IsMarkAt(text, start) && text[start] is '{' or '[' or '<')
        {
            return Structure(text, start, name);
        }

        if (IsTold(text, start, name))
        {
            return default;
        }

        if (name.IsCookie || name.IsAuthorization)
        {
            return Header(text, start, name);
        }

        // Some("multi word"), b'bytes'; not open("/run/secrets/token"), os.environ["TOKEN"]
        if (Call().Match(text, start, Math.Min(LongestName, text.Length - start)) is { Success: true } call && QuoteAt(text, start + call.Length) is { } inner)
        {
            var value = Quoted(text, start + call.Length + inner.Length, inner);
            return SourceName().IsMatch(text.AsSpan(value.Start, value.End - value.Start)) ? default : value;
        }

        return IsLine(text, start, name) ? Plain(text, start, LineEnd(text, start)) : Unquoted(text, start);
    }

    // What comes after the name tells of the secret, or of how it could not be had.
    private static bool IsTold(string text, int start, SecretName name)
    {
        var word = WordAt(text, start);
        var ahead = Slice(text, start, LongestName);
        if (word.Length > 0 && States.Contains(word) && IsBoundary(text, start + word.Length))
        {
            return true;
        }

        if (name.IsFlag)
        {
            return text[start] == '-' || (AfterFlags.Contains(word) && IsBoundary(text, start + word.Length));
        }

        return (name.IsCount && Count().IsMatch(ahead))
            || (!name.IsPassword && !name.IsAuthorization && KeyNames.Contains(word) && IsBoundary(text, start + word.Length))
            || (!name.HasColon && Code().IsMatch(ahead))
            || (name.IsWeak && !(ahead.ContainsAnyInRange('0', '9') && Credentials().IsMatch(ahead)))
            || (name.HasColon && !Schemes.Contains(word) && (name.IsPassword ? PasswordError().IsMatch(ahead) : (ErrorChain().IsMatch(ahead) && !IsDrawn(word)) || Prose().IsMatch(ahead)));
    }

    // oauth2, x509, and no token that happens to be followed by a colon.
    private static bool IsDrawn(ReadOnlySpan<char> word) => Randomness.IsMixed(word) || (word.Length >= ShortestToken && word.ContainsAnyInRange('0', '9'));

    // A pass phrase has blanks: in a YAML file, or of a listing of the environment, it is the rest of the line.
    private static bool IsLine(string text, int start, SecretName name)
    {
        if (!name.BeginsLine || !(name.HasColon ? name.IsPassword && text[start - 1] is ' ' or '\t' : name.IsVariable && text[start - 1] == '=' && IsInListing(text, start)))
        {
            return false;
        }

        return !FurtherPair().IsMatch(text.AsSpan(start, LineEnd(text, start) - start));
    }

    private static bool IsInListing(string text, int i)
    {
        var next = LineEnd(text, i);
        while (next < text.Length && IsLineEnd(text[next]))
        {
            next++;
        }

        var before = text.AsSpan(0, text.LastIndexOf('\n', i - 1) + 1).TrimEnd("\r\n");
        return Assignment().IsMatch(Slice(text, next, LongestName)) || Assignment().IsMatch(before[(before.LastIndexOf('\n') + 1)..]);
    }

    // In the next lines: a plain or quoted value, or a list of these. A mapping has names of its own.
    private static IEnumerable<SecretSpan> Below(string text, SecretName name)
    {
        var indentation = Indentation(text, name.Index);
        var line = NextLine(text, name.ValueIndex);
        if (!name.HasColon || line >= text.Length)
        {
            yield break;
        }

        if (IsItem(text, line))
        {
            var items = Indentation(text, line);
            while (line < text.Length && items >= indentation && IsItem(text, line) && Indentation(text, line) == items)
            {
                var end = LineEnd(text, line);
                if (Scalar(text, line + "- ".Length, end) is not { } item)
                {
                    yield break;
                }

                if (!item.IsEmpty && (!name.NamesSecrets || Randomness.IsLikely(text.AsSpan(item.Start, item.End - item.Start))))
                {
                    yield return item;
                }

                line = NextLine(text, end);
            }
        }
        else if (Indentation(text, line) > indentation && Scalar(text, line, LineEnd(text, line)) is { IsEmpty: false } value
            && (QuoteAt(text, line) is not null || name.IsPassword || Randomness.IsLikely(text.AsSpan(value.Start, value.End - value.Start))))
        {
            yield return value;
        }
    }

    private static bool IsItem(string text, int i) => i + 1 < text.Length && text[i] == '-' && text[i + 1] == ' ';

    // Null for what is no single value.
    private static SecretSpan? Scalar(string text, int start, int end)
    {
        if (QuoteAt(text, start) is { } quote)
        {
            return Quoted(text, start + quote.Length, quote);
        }

        var value = text.AsSpan(start, end - start).TrimEnd();
        return value.Length == 0 || value.ContainsAny(NoScalar) ? null : ReferenceAhead().IsMatch(value) ? default(SecretSpan) : Plain(text, start, start + value.Length);
    }

    private static int NextLine(string text, int i)
    {
        while (i < text.Length && char.IsWhiteSpace(text[i]))
        {
            i++;
        }

        return i;
    }

    private static ReadOnlySpan<char> Slice(string text, int start, int length) => text.AsSpan(start, Math.Min(length, text.Length - start));

    private static SecretSpan Header(string text, int start, SecretName name)
    {
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

    // {"secret": {"name": ...}} is looked into; a list of plain values is not; <set to the key 'password' in secret 'db'> is kubectl's;
    // PWD={...} quotes in ODBC.
    private static SecretSpan Structure(string text, int start, SecretName name)
    {
        if (text[start] == '<')
        {
            return KubectlNote().IsMatch(Slice(text, start, LongestName)) ? default : Unquoted(text, start);
        }

        if (text[start] == '{')
        {
            return name.HasColon || name.IsFlag || Braced().Match(text, start, LineEnd(text, start) - start) is not { Success: true } braced ? default : Plain(text, start + 1, start + braced.Length - 1);
        }

        var first = start + 1;
        while (first < text.Length && text[first] is ' ' or '\t')
        {
            first++;
        }

        if (first == text.Length || text[first] is ']' or '{' || string.CompareOrdinal(text, first, "map[", 0, "map[".Length) == 0)
        {
            return default;
        }

        var end = first;
        while (end < text.Length && text[end] != ']' && !IsLineEnd(text[end]))
        {
            end += Redactor.IsMarkAt(text, end) ? Redactor.Mark.Length : 1;
        }

        return Plain(text, start + 1, end);
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
                // Doubled, as SQL, YAML and ADO.NET write one within; three begin and end a text of Python's.
                if (quote.Backslashes == 0 && i + 1 < text.Length && text[i + 1] == quote.Character && (i > start || (i + 2 < text.Length && !IsBoundary(text, i + 2))))
                {
                    i++;
                    continue;
                }

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
            if (Redactor.IsMarkAt(text, i))
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
        IsPlaceholder(text.AsSpan(start, end - start)) || IsReference(text.AsSpan(start, end - start)) ? default : new SecretSpan(start, end);

    private static bool IsBoundary(string text, int i) =>
        i >= text.Length || char.IsWhiteSpace(text[i]) || text[i] is '\\' || Closing.Contains(text[i], StringComparison.Ordinal)
        || Delimiters.Contains(text[i], StringComparison.Ordinal) || text[i] is ':' or '.';

    private static bool IsNextPair(string text, int i) => i < text.Length && NextPair().IsMatch(Slice(text, i, LongestName));

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

    // Two plain words: "failed to fetch anonymous token: unexpected status from GET request", "open /var/run/secrets".
    [GeneratedRegex(@"\A[A-Z]?[a-z]{1,20}[ \t]([""'/(]|[A-Za-z]+([\s.,:;!?)""'-]|\z))", Options, Redactor.SearchTimeout)]
    private static partial Regex Prose();

    // "token: oauth2: cannot fetch", "token: 401 Unauthorized"
    [GeneratedRegex(@"\A([A-Za-z][A-Za-z0-9._/-]*:[ \t]|[1-5][0-9]{2}([ ,.)][A-Za-z ]|\z))", Options, Redactor.SearchTimeout)]
    private static partial Regex ErrorChain();

    // "failed to decrypt password: cipher: message authentication failed"
    [GeneratedRegex(@"\A[a-z][a-z./]*:[ \t][A-Za-z]", Options, Redactor.SearchTimeout)]
    private static partial Regex PasswordError();

    [GeneratedRegex(@"\A[ \t]*\\*[""']?[A-Za-z_][A-Za-z0-9_. -]*\\*[""']?[ \t]*[=:]", Options | RegexOptions.NonBacktracking, Redactor.SearchTimeout)]
    private static partial Regex NextPair();

    [GeneratedRegex(@"[\s,;&][""']?[A-Za-z_][A-Za-z0-9_.-]*[""']?[=:]", Options, Redactor.SearchTimeout)]
    private static partial Regex FurtherPair();

    [GeneratedRegex(@"\A[A-Z_][A-Z0-9_]*=", Options, Redactor.SearchTimeout)]
    private static partial Regex Assignment();

    [GeneratedRegex(@"\A[0-9][0-9.,]*%?([\s,;)}\]""']|\z)", Options, Redactor.SearchTimeout)]
    private static partial Regex Count();

    [GeneratedRegex(@"\A(bearer|basic|token)[ \t]|\A[A-Za-z0-9+/=_.~:-]{8,}", Options | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Redactor.SearchTimeout)]
    private static partial Regex Credentials();

    [GeneratedRegex(@"\A<(nil|none|unset|empty|redacted|hidden|masked|set to the key )", Options | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Redactor.SearchTimeout)]
    private static partial Regex KubectlNote();

    [GeneratedRegex(@"\G\{[^{}=:\r\n]+(\}\}[^{}=:\r\n]*)*\}", Options, Redactor.SearchTimeout)]
    private static partial Regex Braced();

    [GeneratedRegex(@"\G([A-Za-z_.&]{1,24}[(\[]|[bBuUrRfF@$]{1,2})(?=[""'\\])", Options, Redactor.SearchTimeout)]
    private static partial Regex Call();

    [GeneratedRegex(@"\A(/[^\s]*|[A-Z_][A-Z0-9_]*)\z", Options, Redactor.SearchTimeout)]
    private static partial Regex SourceName();

    // A line of source in a stack trace: token = get_token(request)
    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_.]*\([A-Za-z0-9_., =]*\)", Options, Redactor.SearchTimeout)]
    private static partial Regex Code();

    private const string References = @"(\$\([A-Za-z_][A-Za-z0-9_.-]*\)|\$\{[A-Za-z_][A-Za-z0-9_.-]*\}|\$[A-Z_][A-Z0-9_]*|\{\{[^{}\r\n]*\}\}|%[A-Z_][A-Z0-9_]*%|<[a-z][a-z _-]*>)";

    [GeneratedRegex(@"\A" + References + @"\z", Options, Redactor.SearchTimeout)]
    private static partial Regex Reference();

    [GeneratedRegex(@"\A" + References + @"([\s""',;)}\]&\\]|\z)", Options, Redactor.SearchTimeout)]
    private static partial Regex ReferenceAhead();
}
