using System.Buffers;
using System.Text.RegularExpressions;

namespace AlertResponder.Redaction;

/// <summary>
/// Values whose names say that they are secret: <c>password=…</c>, <c>"token": "…"</c>, <c>--api-key …</c>,
/// <c>name: DB_PASSWORD, value: …</c>.
/// </summary>
internal static partial class SecretSettings
{
    /// <summary>The part of a name that says so, and what follows it in the name.</summary>
    public const string Words =
        @"(?<word>[_-]?pass(word|wd|phrase|code)|[_-]pass|\bpass|[_-]?pwd|\bpw|[_-]pw|\bpsk|[_-]psk|requirepass|masterauth|secret|token|credential"
        + @"|(api|access|private|account|client|signing|encryption|decryption|master|shared|ssh|deploy|license|auth|storage|session|integration|app|application|consumer|subscription|functions?|instrumentation|admin|hmac|aes|jwt|sas|ingestion|registration|webhook|tls\.)[_-]?key"
        + @"|(api|access|private|account|license|encryption|signing) key|authorization|[""'_]auth|\bauth|x-auth|cookie|(j|php|asp)sessionid|phpsessid|net_sessionid|connect\.sid|x-amz-signature|[?&]sig(nature)?)(?<rest>[A-Za-z0-9_-]*)";

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    private const int LongestSelector = 256;

    private static readonly SearchValues<char> NoName = SearchValues.Create(" \t\r\n\"'{}[](),;&?=:<>|\\`");

    /// <summary>Of which every one of <see cref="Words"/> has one.</summary>
    public static readonly SearchValues<string> Hints = SearchValues.Create(
        ["pass", "pw", "psk", "secret", "token", "credential", "key", "auth", "cookie", "sess", "sid", "sig"], StringComparison.OrdinalIgnoreCase);

    // What such a name says about a secret instead of being one: secretName, token_file, passwordRef, tokenExpirationSeconds, max_tokens.
    private static readonly string[] AboutSecrets =
    [
        "name", "names", "namespace", "ref", "refs", "file", "files", "filename", "path", "paths", "dir", "type", "kind", "ttl", "count", "length", "size", "url", "uri", "endpoint", "host",
        "expiry", "expires", "expiration", "seconds", "minutes", "age", "enabled", "disabled", "required", "optional", "policy", "provider", "class", "version", "arn", "source", "store", "limit",
        "used", "usage", "rotation", "status", "state", "audience", "issuer", "algorithm", "alg", "format", "scope", "scopes", "review", "reviews", "manager", "controller", "operator", "mount",
        "volume", "stdin", "prompt", "prefix", "header", "domain", "smanager", "checksum", "digest", "fingerprint",
    ];

    public static void Find(string text, List<SecretSpan> found)
    {
        if (!text.AsSpan().ContainsAny(Hints))
        {
            return;
        }

        Find(text, Name(), found);
        if (!text.Contains("value", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        Find(text, NameAndValue(), found);
        found.AddRange(ValueAndName().Matches(text)
            .Where(match => !IsOtherWord(match) && !IsAbout(match) && !SecretValue.IsPlaceholder(match.Groups["value"].ValueSpan) && !SecretValue.IsReference(match.Groups["value"].ValueSpan))
            .Select(match => SecretSpan.Of(match.Groups["value"])));
        found.AddRange(Variable().Matches(text).Where(match => !IsAbout(match) && match.Groups["value"].ValueSpan is not Redactor.Mark).Select(match => SecretSpan.Of(match.Groups["value"])));
    }

    /// <summary>Whether the value of a label or field of this name is a secret. A label <c>secret</c> names one.</summary>
    public static bool IsName(string name) =>
        Name().Match(name + "=") is { Success: true } match && match.Length + match.Index == name.Length + 1
        && !IsOtherWord(match) && !IsAbout(match) && !string.Equals(name, "secret", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a name that was matched is about a secret, and its value none.</summary>
    public static bool IsAbout(Match name)
    {
        var rest = name.Groups["rest"].ValueSpan;
        foreach (var about in AboutSecrets)
        {
            if (rest.EndsWith(about, StringComparison.OrdinalIgnoreCase) && IsWordOfItsOwn(rest, rest.Length - about.Length))
            {
                return true;
            }
        }

        return false;
    }

    // secretName, secret_name, secretname and secretsmanager, but not "rename".
    private static bool IsWordOfItsOwn(ReadOnlySpan<char> rest, int start) =>
        start == 0 || rest[start - 1] is '_' or '-' || char.IsUpper(rest[start]) || (start == 1 && rest[0] is 's' or 'S');

    private static void Find(string text, Regex names, List<SecretSpan> found)
    {
        var from = 0;
        while (names.Match(text, from) is { Success: true } name)
        {
            from = name.Index + name.Length;
            if (IsOtherWord(name))
            {
                from = name.Groups["rest"].Index;
                continue;
            }

            if (IsAbout(name) || IsOfSomethingElse(text, name))
            {
                continue;
            }

            foreach (var value in SecretValue.Find(text, Context(text, name)))
            {
                found.Add(value);
                from = value.End;
            }
        }
    }

    // "auth" alone holds credentials (in a Docker config), as do authToken and Authorization; author, authenticated and passed don't.
    private static bool IsOtherWord(Match name)
    {
        var word = name.Groups["word"].ValueSpan;
        var rest = name.Groups["rest"].ValueSpan.TrimStart("_-");
        return rest.Length > 0 && (word.EndsWith("auth", StringComparison.OrdinalIgnoreCase)
            ? !rest.StartsWith("token", StringComparison.OrdinalIgnoreCase) && !rest.Equals("orization", StringComparison.OrdinalIgnoreCase)
            : word.EndsWith("pass", StringComparison.OrdinalIgnoreCase) || word.EndsWith("pw", StringComparison.OrdinalIgnoreCase) || word.EndsWith("psk", StringComparison.OrdinalIgnoreCase))
            && !word.StartsWith("requirep", StringComparison.OrdinalIgnoreCase);
    }

    // A parser's "unexpected token: }", and the parts of an address such as arn:aws:secretsmanager:…:secret:prod/db.
    private static bool IsOfSomethingElse(string text, Match name)
    {
        var before = text.AsSpan(0, name.Groups["word"].Index);
        return before.TrimEnd("'\"").EndsWith("unexpected ", StringComparison.OrdinalIgnoreCase)
            || (before.EndsWith(":", StringComparison.Ordinal) && name.Groups["separator"].ValueSpan is ":" && name.Index + name.Length is var end && end < text.Length && text[end - 1] == ':' && char.IsAsciiLetterOrDigit(text[end])
                && before.Length > 1 && char.IsAsciiLetterOrDigit(before[^2]))
            || IsChecksum(text, name.Groups["word"].Index)
            || IsPath(text, name)
            || IsLabelOfSeries(text, name);
    }

    /// <summary>Whether the name is the end of <c>checksum/secret</c>, with which Helm charts roll their pods.</summary>
    public static bool IsChecksum(string text, int index) => text.AsSpan(0, index).EndsWith("checksum/", StringComparison.Ordinal);

    // open /run/secrets/token: no such file
    private static bool IsPath(string text, Match name)
    {
        var start = NameStart(text, name);
        return name.Groups["separator"].ValueSpan is ":" && start < name.Groups["word"].Index && text[start] == '/';
    }

    // kube_secret_info{secret="db-creds"}
    private static bool IsLabelOfSeries(string text, Match name)
    {
        if (!name.Groups["word"].ValueSpan.Equals("secret", StringComparison.Ordinal) || name.Groups["rest"].Length > 0 || name.Groups["separator"].ValueSpan is not "=")
        {
            return false;
        }

        var before = text.AsSpan(Math.Max(0, name.Index - LongestSelector), Math.Min(LongestSelector, name.Index));
        var brace = before.LastIndexOfAny('{', '}');
        return brace > 0 && before[brace] == '{' && (char.IsAsciiLetterOrDigit(before[brace - 1]) || before[brace - 1] == '_') && before[^1] is '{' or ',' or ' '
            && ObjectName().IsMatch(text.AsSpan(name.Index + name.Length, Math.Min(LongestSelector, text.Length - name.Index - name.Length)));
    }

    private static SecretName Context(string text, Match name)
    {
        var rest = name.Groups["rest"];
        var word = name.Groups["word"].ValueSpan.TrimStart("_-\"'");
        var start = NameStart(text, name);
        return new SecretName(
            name.Index,
            name.Index + name.Length,
            IsPassword: (word.StartsWith("pass", StringComparison.OrdinalIgnoreCase) && !IsBare("pass")) || word.Equals("pwd", StringComparison.OrdinalIgnoreCase) || word.Equals("pw", StringComparison.OrdinalIgnoreCase),
            IsAuthorization: word.StartsWith("auth", StringComparison.OrdinalIgnoreCase) || word.Equals("x-auth", StringComparison.OrdinalIgnoreCase),
            IsCookie: word.Equals("cookie", StringComparison.OrdinalIgnoreCase),
            IsFolder: word is "PWD" && text.AsSpan(0, name.Groups["word"].Index) is [] or [.., '\n' or ' ' or 'D'],
            HasColon: name.Groups["separator"].ValueSpan is ":",
            IsFlag: !name.Groups["separator"].Success,
            IsQuotedApart: name.Groups["quote"].Success && name.Groups["space"].Length > 0,
            IsWeak: IsBare("auth"),
            IsCount: rest.ValueSpan is ['s' or 'S', ..] || IsBare("pass"),
            NamesSecrets: rest.Length > 0 && word.Equals("secret", StringComparison.OrdinalIgnoreCase),
            BeginsLine: !name.Groups["quote"].Success && (IsLineStart(text, start) || name.ValueSpan.Contains('\n')),
            IsVariable: !text.AsSpan(start, rest.Index + rest.Length - start).ContainsAnyInRange('a', 'z'));

        bool IsBare(ReadOnlySpan<char> bare) => rest.Length == 0 && name.Groups["word"].ValueSpan.Equals(bare, StringComparison.OrdinalIgnoreCase);
    }

    private static int NameStart(string text, Match name) => text.AsSpan(0, name.Groups["word"].Index).LastIndexOfAny(NoName) + 1;

    // After indentation, and the dash of a list.
    private static bool IsLineStart(string text, int i)
    {
        while (i > 0 && text[i - 1] is ' ' or '\t' or '-' or '"' or '\'')
        {
            i--;
        }

        return i == 0 || text[i - 1] is '\n' or '\r';
    }

    // Also a flag with its value in the next argument: --password x, ["--password", "x"].
    [GeneratedRegex(
        @"((^|[^A-Za-z0-9_-])--?[a-z0-9._-]*" + Words + @"([ \t]+|[""'][ \t]*,[ \t]*)|" + Words + @"(?<quote>\\*[""'])?(?<space>[ \t]*)(?<separator>=>|:=|=|:)[ \t]*)", Options, Redactor.SearchTimeout)]
    private static partial Regex Name();

    [GeneratedRegex(
        @"\b(name|key)\\*[""']?\s*[:=]\s*\\*[""']?[a-z0-9_.:-]*" + Words + @"\\*[""']?\s*,?\s*\\*[""']?value\\*[""']?\s*(?<separator>[:=])[ \t]*", Options, Redactor.SearchTimeout)]
    private static partial Regex NameAndValue();

    [GeneratedRegex(
        @"\bvalue\\*[""']?[ \t]*[:=][ \t]*\\*[""']?(?<value>[^\s""'\\,{}<>][^\r\n""'\\,{}<>]*)\\*[""']?,?\s*\\*[""']?(name|key)\\*[""']?[ \t]*[:=][ \t]*\\*[""']?[a-z0-9_.:-]*" + Words,
        Options, Redactor.SearchTimeout)]
    private static partial Regex ValueAndName();

    // As kubelet prints a container: EnvVar{Name:…,Value:…,ValueFrom:nil,}
    [GeneratedRegex(@"\bEnvVar\{Name:[a-z0-9_.-]*" + Words + @",Value:(?<value>[^\r\n]+?),ValueFrom:", Options, Redactor.SearchTimeout)]
    private static partial Regex Variable();

    [GeneratedRegex(@"\A""[a-z0-9]([a-z0-9.-]*[a-z0-9])?""[,}]", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture, Redactor.SearchTimeout)]
    private static partial Regex ObjectName();
}

/// <summary>A name that announces a secret, and where its value would begin.</summary>
/// <param name="Index">Where the name begins.</param>
/// <param name="ValueIndex">Where its value would begin.</param>
/// <param name="IsPassword">People choose passwords: one may be a plain word.</param>
/// <param name="IsAuthorization">A scheme may come before the value.</param>
/// <param name="IsCookie">The value is the rest of the line.</param>
/// <param name="IsFolder">The shell's PWD and OLDPWD.</param>
/// <param name="HasColon">Prose has colons, too.</param>
/// <param name="IsFlag">The value is the next argument.</param>
/// <param name="IsQuotedApart">As in kubelet's <c>volume "db-password" : secret "db-password" not found</c>.</param>
/// <param name="IsWeak"><c>auth</c> alone: as often a state as a secret.</param>
/// <param name="IsCount">Tokens are also counted, and tests pass.</param>
/// <param name="NamesSecrets"><c>secrets:</c> are listed by their names.</param>
/// <param name="BeginsLine">The name is the first of its line.</param>
/// <param name="IsVariable">Written as environment variables are.</param>
internal readonly record struct SecretName(
    int Index,
    int ValueIndex,
    bool IsPassword,
    bool IsAuthorization,
    bool IsCookie,
    bool IsFolder,
    bool HasColon,
    bool IsFlag,
    bool IsQuotedApart,
    bool IsWeak,
    bool IsCount,
    bool NamesSecrets,
    bool BeginsLine,
    bool IsVariable);
