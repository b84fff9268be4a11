using System.Text;
using System.Text.RegularExpressions;

namespace AlertResponder.Redaction;

/// <summary>
/// Values whose names say that they are secret: <c>password=…</c>, <c>"token": "…"</c>, <c>--api-key …</c>,
/// <c>name: DB_PASSWORD, value: …</c>.
/// </summary>
internal static partial class SecretSettings
{
    private const string Words =
        @"(?<word>[_-]?pass(word|wd|phrase|code)|[_-]pass|pwd|secret|token|credential|(api|access|private|account|client|signing|encryption|master|shared)[_-]?key|authorization|[""'_]auth|cookie|x-amz-signature|[?&]sig)(?<rest>[A-Za-z0-9_-]*)";

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    // What such a name says about a secret instead of being one: secretName, token_file, passwordRef, tokenExpirationSeconds.
    private static readonly HashSet<string> AboutSecrets = new(StringComparer.OrdinalIgnoreCase)
    {
        "name", "names", "ref", "refs", "file", "files", "path", "dir", "type", "ttl", "count", "length", "url", "uri", "endpoint",
        "expiry", "expires", "expiration", "expirationseconds", "enabled", "required",
    };

    /// <summary>The text without the values of such names; the same instance when it has none.</summary>
    public static string Redact(string text) => Redact(Redact(text, NameAndValue()), Name());

    /// <summary>Whether the value of a label or field of this name is a secret. A label <c>secret</c> names one.</summary>
    public static bool IsName(string name) =>
        Name().Match(name + "=") is { Success: true } match && !IsOtherWord(match) && !IsAboutSecrets(match) && !string.Equals(name, "secret", StringComparison.OrdinalIgnoreCase);

    private static string Redact(string text, Regex names)
    {
        StringBuilder? result = null;
        var (from, copied) = (0, 0);
        while (names.Match(text, from) is { Success: true } name)
        {
            from = name.Index + name.Length;
            if (IsOtherWord(name))
            {
                from = name.Groups["rest"].Index;
                continue;
            }

            if (IsAboutSecrets(name) || SecretValue.Find(text, Context(text, name)) is not { IsEmpty: false } value)
            {
                continue;
            }

            result ??= new StringBuilder(text.Length);
            result.Append(text, copied, value.Start - copied).Append(Redactor.Mark);
            copied = from = value.End;
        }

        return result is null ? text : result.Append(text, copied, text.Length - copied).ToString();
    }

    // "auth" alone holds credentials (in a Docker config), as do authToken and Authorization; author and authenticated don't.
    private static bool IsOtherWord(Match name) =>
        name.Groups["word"].ValueSpan.EndsWith("auth", StringComparison.OrdinalIgnoreCase)
        && name.Groups["rest"].Value.TrimStart('_', '-') is { Length: > 0 } rest
        && !rest.StartsWith("token", StringComparison.OrdinalIgnoreCase)
        && !rest.Equals("orization", StringComparison.OrdinalIgnoreCase);

    private static bool IsAboutSecrets(Match name)
    {
        var rest = name.Groups["rest"].Value.TrimStart('_', '-');
        return AboutSecrets.Contains(rest) || (rest is ['s' or 'S', ..] && AboutSecrets.Contains(rest[1..].TrimStart('_', '-')));
    }

    private static SecretName Context(string text, Match name)
    {
        var word = name.Groups["word"].ValueSpan.TrimStart("_-\"'");
        return new SecretName(
            name.Index,
            name.Index + name.Length,
            IsPassword: word.StartsWith("pass", StringComparison.OrdinalIgnoreCase) || word.Equals("pwd", StringComparison.OrdinalIgnoreCase),
            IsAuthorization: word.StartsWith("auth", StringComparison.OrdinalIgnoreCase),
            IsCookie: word.Equals("cookie", StringComparison.OrdinalIgnoreCase),
            IsFolder: word is "PWD" && text.AsSpan(0, name.Groups["word"].Index) is [] or [.., '\n' or ' ' or 'D'],
            HasColon: name.Groups["separator"].ValueSpan is ":",
            IsQuotedApart: name.Groups["quote"].Success && name.Groups["space"].Length > 0);
    }

    // Also a flag with its value in the next argument: --password x, ["--password", "x"].
    [GeneratedRegex(
        @"(--[a-z0-9._-]*" + Words + @"([ \t]+|[""'][ \t]*,[ \t]*)|" + Words + @"(?<quote>\\*[""'])?(?<space>[ \t]*)(?<separator>=>|:=|=|:)[ \t]*)", Options)]
    private static partial Regex Name();

    [GeneratedRegex(@"\bname\\*[""']?\s*:\s*\\*[""']?[a-z0-9_.-]*" + Words + @"\\*[""']?\s*,?\s*\\*[""']?value\\*[""']?\s*(?<separator>:)[ \t]*", Options)]
    private static partial Regex NameAndValue();
}

/// <summary>A name that announces a secret, and where its value would begin.</summary>
/// <param name="Index">Where the name begins.</param>
/// <param name="ValueIndex">Where its value would begin.</param>
/// <param name="IsPassword">People choose passwords: one may be a plain word.</param>
/// <param name="IsAuthorization">A scheme may come before the value.</param>
/// <param name="IsCookie">The value is the rest of the line.</param>
/// <param name="IsFolder">The shell's PWD and OLDPWD.</param>
/// <param name="HasColon">Prose has colons, too.</param>
/// <param name="IsQuotedApart">As in kubelet's <c>volume "db-password" : secret "db-password" not found</c>.</param>
internal readonly record struct SecretName(
    int Index, int ValueIndex, bool IsPassword, bool IsAuthorization, bool IsCookie, bool IsFolder, bool HasColon, bool IsQuotedApart);
