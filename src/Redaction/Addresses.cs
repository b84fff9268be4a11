using System.Text.RegularExpressions;

namespace AlertResponder.Redaction;

/// <summary>Users and passwords in addresses: <c>postgres://user:password@host</c>, <c>user:password@tcp(host)</c>, <c>thin:user/password@</c>.</summary>
internal static partial class Addresses
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;
    private const string SchemeEnd = "://";

    public static void Find(string text, List<SecretSpan> found)
    {
        for (var i = text.IndexOf(SchemeEnd, StringComparison.Ordinal); i >= 0; i = text.IndexOf(SchemeEnd, i + SchemeEnd.Length, StringComparison.Ordinal))
        {
            if (i > 0 && char.IsAsciiLetterOrDigit(text[i - 1]) && UserInfo(text, i + SchemeEnd.Length) is { IsEmpty: false } user)
            {
                found.Add(user);
            }
        }

        if (text.Contains('@', StringComparison.Ordinal))
        {
            found.AddRange(Driver().Matches(text).Select(match => SecretSpan.Of(match.Groups["user"])));
            found.AddRange(WithoutScheme().Matches(text).Where(match => match.Groups["host"].ValueSpan is not ("sha256" or "sha512")).Select(match => SecretSpan.Of(match.Groups["user"])));
            found.AddRange(Oracle().Matches(text).Select(match => SecretSpan.Of(match.Groups["password"])));
        }
    }

    private static SecretSpan UserInfo(string text, int start)
    {
        // Each character is looked at once: an address ends where the next begins.
        var end = start;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] is not ('"' or '\'' or '<' or '>') && string.CompareOrdinal(text, end, SchemeEnd, 0, SchemeEnd.Length) != 0)
        {
            end++;
        }

        var address = text.AsSpan(start, end - start);
        var slash = address.IndexOf('/') is var found and >= 0 ? found : address.Length;
        var at = address[..slash].LastIndexOf('@');
        if (at < 0 && HasPasswordBefore(address[..slash]))
        {
            // A slash in the password, which should have been escaped.
            at = address.IndexOf('@');
            var next = at < 0 ? -1 : address[at..].IndexOf('/');
            at = at < 0 ? at : next < 0 ? address.LastIndexOf('@') : at + address.Slice(at, next).LastIndexOf('@');
        }

        return at > 0 && IsSecret(address[..at], address[(at + 1)..]) ? new SecretSpan(start, start + at) : default;
    }

    // host:8080/path@2x has a port; [::1] is a host.
    private static bool HasPasswordBefore(ReadOnlySpan<char> text) =>
        text.IndexOf(':') is var colon and > 0 && text[0] != '[' && (colon + 1 == text.Length || text[(colon + 1)..].ContainsAnyExceptInRange('0', '9'));

    // git@, bob@ are users without a password; an image by digest is none: docker-pullable://nginx:1.27@sha256:...
    private static bool IsSecret(ReadOnlySpan<char> user, ReadOnlySpan<char> host) => !host.StartsWith("sha256:") && user is not Redactor.Mark && !PlainUser().IsMatch(user);

    [GeneratedRegex(@"\A[A-Za-z._-]{1,15}[0-9]{0,2}\z", Linear, Redactor.SearchTimeout)]
    private static partial Regex PlainUser();

    // user:password@tcp(host:3306)/db
    [GeneratedRegex(@"(?<user>[^\s:/@""'=]+:[^\s""']+)@((tcp|unix)\(|/[A-Za-z])", Linear, Redactor.SearchTimeout)]
    private static partial Regex Driver();

    [GeneratedRegex(@"(?<user>\b[A-Za-z0-9_.-]+:[^\s:/@""'=]{3,})@(?<host>[A-Za-z][A-Za-z0-9.-]*)(:[0-9]|/)", Linear, Redactor.SearchTimeout)]
    private static partial Regex WithoutScheme();

    [GeneratedRegex(@"(:thin:|\bsqlplus[ \t]+(-[A-Za-z]+[ \t]+)*)[^\s:/@""']+/(?<password>[^\s/@""']+)@", Linear, Redactor.SearchTimeout)]
    private static partial Regex Oracle();
}
