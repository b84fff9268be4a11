using System.Text.RegularExpressions;

namespace AlertResponder.Redaction;

/// <summary>
/// Takes secrets out of foreign text at the doors where it enters, so that neither broker, store, model, Slack nor our logs
/// ever hold one. Linear in the length of the text; fails closed.
/// </summary>
public static partial class Redactor
{
    /// <summary>What stands where a secret stood.</summary>
    public const string Mark = "[redacted]";

    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;
    private const int LongestPlainWord = 20;
    private const int LongestUserName = 15;

    private static readonly Func<string, string>[] Passes =
    [
        text => PrivateKey().Replace(text, Mark),
        PrivateKeyTail.Redact,
        text => Jwt().Replace(text, Mark),
        text => ProviderToken().Replace(text, Mark),
        text => WebhookPath().Replace(text, $"${{host}}{Mark}"),
        text => AuthorizationScheme().Replace(text, match => IsPlainWord(match.Groups["value"].ValueSpan) ? match.Value : match.Groups["scheme"].Value + Mark),
        text => UrlUserInfo().Replace(text, match => IsUserInfo(text, match) ? match.Groups["start"].Value + Mark + "@" : match.Value),
        text => DriverUserInfo().Replace(text, $"{Mark}@${{driver}}"),
        SecretSettings.Redact,
        text => LongBase64().Replace(text, match => IsRandom(match.ValueSpan) ? Mark : match.Value),
    ];

    /// <summary>The text without its secrets; the same instance when it has none.</summary>
    public static string Redact(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var redacted = Passes.Aggregate(text, (current, pass) => pass(current));
        return string.Equals(redacted, text, StringComparison.Ordinal) ? text : redacted;
    }

    /// <summary>The value of a label or annotation without its secrets; nothing of it is left when the name (<c>db_password</c>) says that it is one.</summary>
    public static string Redact(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Length > 0 && SecretSettings.IsName(name) ? Mark : Redact(value);
    }

    // "Basic authentication", "bearer authorization": prose.
    private static bool IsPlainWord(ReadOnlySpan<char> value) => value.Length <= LongestPlainWord && !value.ContainsAnyExceptInRange('a', 'z');

    // An image by digest is no user: docker-pullable://nginx:1.27@sha256:...
    private static bool IsUserInfo(string text, Match match) =>
        (match.Groups["user"].ValueSpan.Contains(':') || match.Groups["user"].Length > LongestUserName)
        && string.CompareOrdinal(text, match.Index + match.Length, "sha256:", 0, "sha256:".Length) != 0;

    // Digests are hexadecimal, names are lower case, paths have more slashes.
    private static bool IsRandom(ReadOnlySpan<char> value) =>
        value.ContainsAnyInRange('A', 'Z') && value.ContainsAnyInRange('a', 'z') && value.ContainsAnyInRange('0', '9') && value.Count('/') * 16 <= value.Length;

    // An END line that a truncated log has lost must not save the key: to the end of the text then.
    [GeneratedRegex(@"-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----.*?(-----END [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----|\z)", RegexOptions.Singleline | Linear)]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]{8,}|\.\.)[A-Za-z0-9_.-]*", Linear)]
    private static partial Regex Jwt();

#pragma warning disable MA0009 // Bounded but for the ends of its alternatives, and so linear; NonBacktracking is slow with this many counts.
    [GeneratedRegex(
        @"A(KIA|SIA)[A-Z0-9]{16}([\s:,;""'/]{1,3}[A-Za-z0-9/+]{40})?|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|gl(pat|dt|rt|ptt|soat|cbt)-[A-Za-z0-9_-]{16,}|xox[a-z]-[A-Za-z0-9%-]{8,}|xapp-[A-Za-z0-9-]{8,}|([sr]k_(live|test)|whsec)_[A-Za-z0-9]{16,}|AIza[A-Za-z0-9_-]{35}|ya29\.[A-Za-z0-9_-]{20,}|GOCSPX-[A-Za-z0-9_-]{20,}|npm_[A-Za-z0-9]{30,}|hvs\.[A-Za-z0-9_-]{20,}|\bsk-((proj|ant|svcacct|or)-[A-Za-z0-9_-]{20,}|[A-Za-z0-9]{32,})",
        RegexOptions.ExplicitCapture)]
    private static partial Regex ProviderToken();
#pragma warning restore MA0009

    [GeneratedRegex(@"(?<host>hooks\.slack\.com/(services|workflows|triggers)/)[A-Za-z0-9/_-]+", Linear)]
    private static partial Regex WebhookPath();

    [GeneratedRegex(@"(?<scheme>\b(bearer|basic)\s+)(?<value>[A-Za-z0-9+/_.~=-]{8,})", RegexOptions.IgnoreCase | Linear)]
    private static partial Regex AuthorizationScheme();

    // To the last @ before the path: an unencoded one in the password is no reason to show the rest of it.
    [GeneratedRegex(@"(?<start>[a-z][a-z0-9+.-]*://)(?<user>[^\s/""'<>]*)@", RegexOptions.IgnoreCase | Linear)]
    private static partial Regex UrlUserInfo();

    // user:password@tcp(host:3306)/db
    [GeneratedRegex(@"[^\s:/@""']+:[^\s/""']+@(?<driver>(tcp|unix)\()", Linear)]
    private static partial Regex DriverUserInfo();

    [GeneratedRegex(@"[A-Za-z0-9+/]{60,}={0,2}", Linear)]
    private static partial Regex LongBase64();
}
