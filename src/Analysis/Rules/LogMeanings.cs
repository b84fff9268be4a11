using System.Text.RegularExpressions;

namespace AlertResponder.Analysis.Rules;

/// <summary>The kinds of trouble that a log line can show, in an order where the more telling comes first.</summary>
internal static partial class LogMeanings
{
    private static readonly (Regex Pattern, Func<Match, string> Text)[] All =
    [
        (Architecture(), _ => "the binary is built for another CPU architecture"),
        (Variable(), match => $"{match.Groups["name"].Value} is not set"),
        (Refused(), match => Named(match.Groups["target"], "{0} refuses connections", "something it depends on refuses connections")),
        (Resolution(), match => Named(match.Groups["host"], "the name {0} does not resolve", "a name that it depends on does not resolve")),
        (Credentials(), _ => "something it depends on refuses its credentials"),
        (Certificate(), _ => "a TLS certificate is not accepted"),
        (Permission(), _ => "it lacks a permission"),
        (Disk(), _ => "a disk is full"),
        (Heap(), _ => "the process ran out of its own memory"),
        (Port(), _ => "its port is already in use"),
        (Module(), match => Named(match.Groups["name"], "the module {0} is missing", "a module is missing")),
        (File(), match => Named(match.Groups["path"], "{0} does not exist", "a file does not exist")),
        (Timeout(), match => Named(match.Groups["target"], "{0} does not answer", "something it depends on does not answer")),
        (Flag(), _ => "it is started with an option that it does not know"),
        (Syntax(), _ => "its configuration cannot be parsed"),
    ];

    public static string? Of(string line) =>
        All.Select(kind => (kind.Text, Match: kind.Pattern.Match(line)))
            .Where(kind => kind.Match.Success)
            .Select(kind => kind.Text(kind.Match))
            .FirstOrDefault();

    private static string Named(Capture name, string withName, string without) =>
        name.Length > 0 ? string.Format(System.Globalization.CultureInfo.InvariantCulture, withName, name.Value) : without;

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private const RegexOptions AnyCase = Options | RegexOptions.IgnoreCase;

    [GeneratedRegex("exec format error", AnyCase, 1000)]
    private static partial Regex Architecture();

    [GeneratedRegex(
        @"KeyError: '(?<name>[A-Z][A-Z0-9_]{2,})'|\b(?<name>[A-Z][A-Z0-9]*_[A-Z0-9_]+)\b[""'`]?( environment variable| env var)? (is |was |must be |has )?(not (been )?(set|defined|provided|found)|unset|undefined|missing|required|set\b)|(missing|required|undefined|unset|set)( required)?( environment| env)? ?(variable|var|setting|configuration)?s?:? [""'`]?(?<name>[A-Z][A-Z0-9]*_[A-Z0-9_]+)\b",
        Options, 1000)]
    private static partial Regex Variable();

    [GeneratedRegex(
        @"(?<target>[\w.-]*[\w]:\d{2,5})\b.{0,80}?(connection refused|ECONNREFUSED)|(connection refused|ECONNREFUSED)(.{0,80}?(?<target>[\w.-]*[\w]:\d{2,5})\b)?",
        AnyCase, 1000)]
    private static partial Regex Refused();

    [GeneratedRegex(
        @"lookup (?<host>[\w.-]+?)(:| on).*no such host|(ENOTFOUND|EAI_AGAIN) (?<host>[\w.-]+)|could not translate host name ""(?<host>[\w.-]+)""|UnknownHostException: (?<host>[\w.-]+)|host not found in upstream ""(?<host>[\w.-]+)|no such host|ENOTFOUND|EAI_AGAIN|Name or service not known|Temporary failure in name resolution|server misbehaving",
        AnyCase, 1000)]
    private static partial Regex Resolution();

    [GeneratedRegex(@"(password )?authentication failed|\bAccess denied for user\b|invalid (credentials|password|api key)|\b401 Unauthorized\b|\bNOAUTH\b|WRONGPASS", AnyCase, 1000)]
    private static partial Regex Credentials();

    [GeneratedRegex(@"\bx509: |certificate (has expired|verify failed|is not trusted|signed by unknown)|CERTIFICATE_VERIFY_FAILED|PKIX path", AnyCase, 1000)]
    private static partial Regex Certificate();

    [GeneratedRegex(@"permission denied|\bEACCES\b|PermissionError|operation not permitted|\bEPERM\b|read-only file system|\bEROFS\b|\bis forbidden: ", AnyCase, 1000)]
    private static partial Regex Permission();

    [GeneratedRegex(@"no space left on device|\bENOSPC\b|disk quota exceeded", AnyCase, 1000)]
    private static partial Regex Disk();

    [GeneratedRegex(@"OutOfMemoryError|OutOfMemoryException|heap out of memory|runtime: out of memory|cannot allocate memory|^MemoryError", AnyCase, 1000)]
    private static partial Regex Heap();

    [GeneratedRegex(@"address already in use|\bEADDRINUSE\b", AnyCase, 1000)]
    private static partial Regex Port();

    [GeneratedRegex(@"(Cannot find module|No module named|Could not find or load main class) ?['""]?(?<name>[@\w./-]+)|ClassNotFoundException: (?<name>[\w.$]+)", AnyCase, 1000)]
    private static partial Regex Module();

    [GeneratedRegex(
        @"(?<path>/[\w./-]*\w):? no such file or directory|(no such file or directory|ENOENT|FileNotFound\w*|NoSuchFileException).{0,40}?(?<path>/[\w./-]*\w)|no such file or directory|\bENOENT\b|FileNotFound(Error|Exception)|executable file not found|command not found",
        AnyCase, 1000)]
    private static partial Regex File();

    [GeneratedRegex(
        @"(?<target>[\w.-]*[\w]:\d{2,5})\b.{0,80}?(i/o timeout|timed out|ETIMEDOUT)|(i/o timeout|connection timed out|connect(ion)? timeout|ETIMEDOUT|context deadline exceeded)(.{0,80}?(?<target>[\w.-]*[\w]:\d{2,5})\b)?",
        AnyCase, 1000)]
    private static partial Regex Timeout();

    [GeneratedRegex(@"unknown (flag|option|command|shorthand flag)|unrecognized (option|argument)|flag provided but not defined", AnyCase, 1000)]
    private static partial Regex Flag();

    [GeneratedRegex(@"\byaml: |invalid character .{1,20} looking for|failed to (parse|unmarshal|decode)|(error|cannot|could not|unable to) (parse|parsing|unmarshal|decode)|\bJSONDecodeError\b", AnyCase, 1000)]
    private static partial Regex Syntax();
}
