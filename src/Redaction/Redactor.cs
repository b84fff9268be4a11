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

    private static readonly Func<string, string>[] Passes =
    [
        text => PrivateKey().Replace(text, Mark),
        text => Jwt().Replace(text, Mark),
        text => ProviderToken().Replace(text, Mark),
        text => AuthorizationHeader().Replace(text, $"${{scheme}}{Mark}"),
        text => UrlUserInfo().Replace(text, $"${{start}}{Mark}@"),
        text => Assignment().Replace(text, $"${{name}}{Mark}"),
    ];

    /// <summary>The text without its secrets; the same instance when it has none.</summary>
    public static string Redact(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Passes.Aggregate(text, (current, pass) => pass(current));
    }

    /// <summary>A copy of the labels or annotations with redacted values.</summary>
    public static IReadOnlyDictionary<string, string> Redact(IReadOnlyDictionary<string, string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.ToDictionary(pair => pair.Key, pair => Redact(pair.Value), StringComparer.Ordinal);
    }

    // An END line that a truncated log has lost must not save the key: to the end of the text then.
    [GeneratedRegex(@"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(-----END [A-Z0-9 ]*PRIVATE KEY-----|\z)", RegexOptions.Singleline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*)?", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Jwt();

    [GeneratedRegex(
        @"\b(A(KIA|SIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}|xox[abeprs]-[A-Za-z0-9-]{8,}|xapp-[A-Za-z0-9-]{8,}|[sr]k_(live|test)_[A-Za-z0-9]{16,}|AIza[A-Za-z0-9_-]{35}|npm_[A-Za-z0-9]{30,}|sk-[A-Za-z0-9_-]{20,})",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ProviderToken();

    [GeneratedRegex(@"(?<scheme>\b(bearer|basic)\s+)[A-Za-z0-9+/_.~=-]{8,}", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex AuthorizationHeader();

    [GeneratedRegex(@"(?<start>\b[a-z][a-z0-9+.-]*://)[^\s/@:""']*:[^\s/@""']*@", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex UrlUserInfo();

    [GeneratedRegex(
        @"(?<name>[A-Za-z0-9_.-]*(password|passwd|pwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|account[_-]?key|credential)s?[A-Za-z0-9_-]*[""']?\s*(=|:)\s*)(""[^""\r\n]*""|'[^'\r\n]*'|[^\s,;&""'}\])]+)",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Assignment();
}
