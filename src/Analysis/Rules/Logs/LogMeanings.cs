using System.Text.RegularExpressions;

namespace AlertResponder.Analysis.Rules.Logs;

/// <summary>The kinds of trouble that a log line can show, in an order where the more telling comes first.</summary>
internal static partial class LogMeanings
{
    private static readonly (Regex Pattern, LogTrouble Kind, Func<Match, string> Text)[] All =
    [
        (Architecture(), LogTrouble.Other, _ => "the binary is built for another CPU architecture"),
        (Variable(), LogTrouble.Other, match => $"{match.Groups["name"].Value} is not set"),
        (Migration(), LogTrouble.Migration, _ => "its database migration failed"),
        (NoRoom(), LogTrouble.Disk, _ => "its storage has reached its quota"),
        (Blocked(), LogTrouble.Disk, _ => "the index is read-only, as it becomes when its disk runs full"),
        (TooManyClients(), LogTrouble.Other, _ => "PostgreSQL takes no more connections"),
        (TooMany(), LogTrouble.Other, _ => "its database takes no more connections"),
        (Missing(), LogTrouble.Other, match => $"the {match.Groups["what"].Value.ToLowerInvariant()} {match.Groups["name"].Value} does not exist"),
        (Resolution(), LogTrouble.Resolution, match => Named(match.Groups["host"], "the name {0} does not resolve", "a name that it depends on does not resolve")),
        (Unroutable(), LogTrouble.Refused, match => Named(match.Groups["target"], "{0} cannot be reached", "something it depends on cannot be reached")),
        (Refused(), LogTrouble.Refused, match => Named(match.Groups["target"], "{0} refuses connections", "something it depends on refuses connections")),
        (Credentials(), LogTrouble.Credentials, _ => "something it depends on refuses its credentials"),
        (ExpiredCertificate(), LogTrouble.Certificate, _ => "a TLS certificate has expired"),
        (Certificate(), LogTrouble.Certificate, _ => "a TLS certificate is not accepted"),
        (OpenFiles(), LogTrouble.Exhausted, _ => "it has too many open files"),
        (ReadOnly(), LogTrouble.Other, _ => "its file system is read-only"),
        (ServiceAccount(), LogTrouble.Other, match => $"its service account {match.Groups["name"].Value} may not {match.Groups["verb"].Value} {match.Groups["what"].Value} (RBAC)"),
        (Permission(), LogTrouble.Permission, _ => "it lacks a permission"),
        (Disk(), LogTrouble.Disk, _ => "a disk is full"),
        (Heap(), LogTrouble.Heap, _ => "the process ran out of its own memory"),
        (Port(), LogTrouble.Other, _ => "its port is already in use"),
        (Module(), LogTrouble.Other, match => Named(match.Groups["name"], "the module {0} is missing", "a module is missing")),
        (Command(), LogTrouble.Other, match => $"the command {match.Groups["name"].Value} is not in the image"),
        (Library(), LogTrouble.Other, match => $"the library {match.Groups["name"].Value} is missing"),
        (File(), LogTrouble.Other, match => Named(match.Groups["path"], "{0} does not exist", "a file does not exist")),
        (Timeout(), LogTrouble.Timeout, match => Named(match.Groups["target"], "{0} does not answer", "something it depends on does not answer")),
        (Flag(), LogTrouble.Other, _ => "it is started with an option that it does not know"),
        (Shell(), LogTrouble.Other, _ => "its script has a syntax error"),
        (Syntax(), LogTrouble.Other, _ => "its configuration cannot be parsed"),
        (Denied(), LogTrouble.Credentials, _ => "something it depends on refuses access"),
        (Setting(), LogTrouble.Other, _ => "a setting is not valid"),
    ];

    /// <summary>The first kind that the line shows; null for none.</summary>
    public static LogMeaning? Of(string line)
    {
        foreach (var (pattern, kind, text) in All)
        {
            if (pattern.Match(line) is { Success: true } match)
                return new LogMeaning(kind, text(match), Target(match));
        }

        return null;
    }

    private static string? Target(Match match) =>
        match.Groups["target"] is { Length: > 0 } target ? target.Value
        : match.Groups["host"] is { Length: > 0 } host ? host.Value
        : null;

    private static string Named(Capture name, string withName, string without) =>
        name.Length > 0 ? string.Format(System.Globalization.CultureInfo.InvariantCulture, withName, name.Value) : without;

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private const RegexOptions AnyCase = Options | RegexOptions.IgnoreCase;

    [GeneratedRegex("exec format error", AnyCase, 1000)]
    private static partial Regex Architecture();

    [GeneratedRegex(
        @"resolve placeholder '(?<name>[\w.]{2,80})'|(?<name>[A-Za-z_]\w{1,80}): (unbound variable|parameter (null or )?not set)|KeyError: '(?<name>[A-Z][A-Z0-9_]{2,80})'|\b(?<name>[A-Z][A-Z0-9]{0,40}_[A-Z0-9_]{1,80})\b[""'`]?( environment variable| env var)? (is |was |must be |has )?(not (been )?(set|defined|provided|found)|unset|undefined|missing|required|set\b)|(missing|required|undefined|unset|set)( required)?( environment| env)? ?(variable|var|setting|configuration)?s?:? [""'`]?(?<name>[A-Z][A-Z0-9]{0,40}_[A-Z0-9_]{1,80})\b",
        Options, 1000)]
    private static partial Regex Variable();

    [GeneratedRegex(PlacePattern + ".{0,40}?(no route to host|EHOSTUNREACH|network is unreachable|ENETUNREACH)|no route to host|EHOSTUNREACH", AnyCase, 1000)]
    private static partial Regex Unroutable();

    [GeneratedRegex(
        @"\bserver at ""(?<target>[\w.-]{1,253})"".{0,80}?Connection refused|" + PlacePattern + @".{0,80}?(connection refused|ECONNREFUSED)|(connection refused|ECONNREFUSED)(.{0,80}?" + PlacePattern + ")?",
        AnyCase, 1000)]
    private static partial Regex Refused();

    [GeneratedRegex(
        @"lookup (?<host>[\w.-]{1,253}?)(:| on).{0,120}?(no such host|i/o timeout|server misbehaving|connection refused)|\b(ENOTFOUND|EAI_AGAIN) (?<host>[\w.-]+)|could not translate host name ""(?<host>[\w.-]+)""|UnknownHostException: (?<host>[\w.-]+)|getaddrinfo for (?<host>[\w.-]+) failed|resolve host:? '?(?<host>[\w.-]+)|host not found in upstream ""(?<host>[\w.-]+)|no such host|\bENOTFOUND\b|\bEAI_AGAIN\b|Name or service not known|Temporary failure in name resolution|server misbehaving",
        AnyCase, 1000)]
    private static partial Regex Resolution();

    [GeneratedRegex(@"(password )?authentication failed|\bAccess denied for user\b|invalid (credentials|password|api key)|\b401 Unauthorized\b|\bNOAUTH\b|WRONGPASS", AnyCase, 1000)]
    private static partial Regex Credentials();

    /// <summary>Somewhere to connect to: a host with its port, not a time of day nor the near end of a connection.</summary>
    private const string PlacePattern = @"(?<![\w.:-])(?<target>(\d{1,3}(\.\d{1,3}){3}|(?=[\w.-]{0,100}[A-Za-z])\w[\w.-]{0,100}):\d{2,5})(?![\d:.]*\d|->)\b";

    [GeneratedRegex(PlacePattern, Options, 1000)]
    public static partial Regex Place();

    [GeneratedRegex(@"database space exceeded|\bNOSPACE\b|storage quota (has been )?exceeded|\bQuotaExceeded\b", AnyCase, 1000)]
    private static partial Regex NoRoom();

    [GeneratedRegex(@"cluster_block_exception|read[-_]only[ /_-]+allow[ _-]delete", AnyCase, 1000)]
    private static partial Regex Blocked();

    [GeneratedRegex(@"too many clients|remaining connection slots", AnyCase, 1000)]
    private static partial Regex TooManyClients();

    [GeneratedRegex(@"too many connections|max_user_connections", AnyCase, 1000)]
    private static partial Regex TooMany();

    [GeneratedRegex(
        @"\b(?<what>database|role|relation|schema|table|column|queue|exchange|topic|bucket|stream|index|collection) [""'](?<name>[\w.-]{1,120})[""'] (does not|doesn't) exist|\bUnknown (?<what>database|table|column|topic) '?(?<name>[\w.-]{1,120})|\bno (such )?(?<what>queue|exchange|topic|bucket|stream|table|index|column):? ['""]?(?<name>[\w.-]{1,120})",
        AnyCase, 1000)]
    private static partial Regex Missing();

    [GeneratedRegex(@"\bUser \\?""system:serviceaccount:(?<name>[\w.:-]{1,300})\\?"" cannot (?<verb>\w{1,30}) (resource \\?""(?<what>[\w./-]{1,200})|(?<what>\S{1,200}))", Options, 1000)]
    private static partial Regex ServiceAccount();

    [GeneratedRegex(@"read-only file ?system|\bEROFS\b", AnyCase, 1000)]
    private static partial Regex ReadOnly();

    [GeneratedRegex(@"\b40[13]\b.{0,20}(Forbidden|Unauthorized|denied|Not authorized)|(error|status|code|HTTP|response)( code)?:? ?40[13]\b|\b(AccessDenied|NOT_AUTHORIZED|SignatureDoesNotMatch|InvalidAccessKeyId|UnauthorizedOperation|PERMISSION_DENIED|Unauthenticated)\b", AnyCase, 1000)]
    private static partial Regex Denied();

    [GeneratedRegex(@"\b(invalid|unknown|unrecognized|unsupported) (value|setting|property|key|field|parameter|option|configuration)\b|\b(must be (set|one of|a |an )|is not a valid)\b", AnyCase, 1000)]
    private static partial Regex Setting();

    [GeneratedRegex(@"\bx509: |certificate (verify failed|is not trusted|signed by unknown)|self[- ]signed certificate|unable to verify the first certificate|SSL certificate problem|unable to get local issuer|valid certification path|CERTIFICATE_VERIFY_FAILED|PKIX path", AnyCase, 1000)]
    private static partial Regex Certificate();

    [GeneratedRegex(@"certificate has expired( or is not yet valid)?|CERT_HAS_EXPIRED|CertificateExpiredException|certificate expired", AnyCase, 1000)]
    private static partial Regex ExpiredCertificate();

    [GeneratedRegex(@"too many open files|\bEMFILE\b|\bENFILE\b", AnyCase, 1000)]
    private static partial Regex OpenFiles();

    [GeneratedRegex(@"\bmigrations?\b.{0,60}\b(failed|could not be applied|error)\b|\bfailed (to )?(run|running|apply|applying|execute|executing)? ?(the )?(database |schema )?migrations?\b|Dirty database version \d{1,20}|Flyway\w*Exception|LiquibaseException|MigrationFailedException|PendingMigrationError|failed migrations|Can't locate revision", AnyCase, 1000)]
    private static partial Regex Migration();

    [GeneratedRegex(@"exec: ""?(?<name>[\w./-]{1,200})""?: (executable file not found|stat [\w./-]{1,200}: no such file)|(?<name>[\w./-]{1,200}): command not found|\benv: [‘'`]?(?<name>[\w./-]{1,200})['’]?: No such file|^\S{1,100}: (line )?\d{1,6}: (?<name>[\w./-]{1,200}): not found$|(executable file|command) not found:? (?<name>[\w./-]{1,200})", Options, 1000)]
    private static partial Regex Command();

    [GeneratedRegex(@"\bline \d{1,6}: syntax error|: \d{1,6}: Syntax error: |syntax error near unexpected token|syntax error: unexpected", AnyCase, 1000)]
    private static partial Regex Shell();

    [GeneratedRegex(@"permission denied|AccessDeniedException|\bEACCES\b|PermissionError|operation not permitted|\bEPERM\b|\bis forbidden: ", AnyCase, 1000)]
    private static partial Regex Permission();

    [GeneratedRegex(@"no space left on device|\bENOSPC\b|disk quota exceeded", AnyCase, 1000)]
    private static partial Regex Disk();

    [GeneratedRegex(@"loading shared librar(y|ies): (?<name>[\w.+-]{1,120})", AnyCase, 1000)]
    private static partial Regex Library();

    [GeneratedRegex(@"OutOfMemoryError|OutOfMemoryException|heap out of memory|runtime: out of memory|cannot allocate memory|^MemoryError", AnyCase, 1000)]
    private static partial Regex Heap();

    [GeneratedRegex(@"address already in use|\bEADDRINUSE\b", AnyCase, 1000)]
    private static partial Regex Port();

    [GeneratedRegex(@"(Cannot find module|No module named|Could not find or load main class) ?['""]?(?<name>[@\w./-]+)|ClassNotFoundException: (?<name>[\w.$]+)", AnyCase, 1000)]
    private static partial Regex Module();

    [GeneratedRegex(
        @"(?<path>/[\w./-]{0,200}\w):? no such file or directory|(no such file or directory|ENOENT|FileNotFound\w*|NoSuchFileException).{0,40}?(?<path>/[\w./-]{0,200}\w)|no such file or directory|\bENOENT\b|FileNotFound(Error|Exception)",
        AnyCase, 1000)]
    private static partial Regex File();

    [GeneratedRegex(
        PlacePattern + @".{0,80}?(i/o timeout|timed out|ETIMEDOUT|context deadline exceeded)|(i/o timeout|connect(ion)? timed out|connect(ion)? timeout|Timeout connecting|ETIMEDOUT|context deadline exceeded)(.{0,80}?" + PlacePattern + ")?",
        AnyCase, 1000)]
    private static partial Regex Timeout();

    [GeneratedRegex(@"unknown (flag|option|command|shorthand flag)|unrecognized (option|argument)|flag provided but not defined", AnyCase, 1000)]
    private static partial Regex Flag();

    [GeneratedRegex(@"\byaml: |invalid character .{1,20} looking for|failed to (parse|unmarshal|decode)|Error during parsing|unknown directive|(error|cannot|could not|unable to) (parse|parsing|unmarshal|decode)|\bJSONDecodeError\b", AnyCase, 1000)]
    private static partial Regex Syntax();
}

/// <summary>What a log line shows.</summary>
/// <param name="Kind">What sort of trouble.</param>
/// <param name="Text">For people: a main clause without a full stop.</param>
/// <param name="Target">The host, or host and port, that it is about; null where there is none.</param>
internal sealed record LogMeaning(LogTrouble Kind, string Text, string? Target)
{
    /// <summary>The same about a host that the line itself does not name.</summary>
    public LogMeaning About(string target) => this with
    {
        Target = target,
        Text = Kind switch
        {
            LogTrouble.Refused => $"{target} refuses connections",
            LogTrouble.Timeout => $"{target} does not answer",
            LogTrouble.Credentials => Text.Replace("something it depends on", target, StringComparison.Ordinal),
            _ => $"{Text} ({target})",
        },
    };
}

/// <summary>Sorts of trouble for which there is other evidence to look at.</summary>
internal enum LogTrouble
{
    Other,
    Refused,
    Timeout,
    Resolution,
    Credentials,
    Certificate,
    Disk,
    Exhausted,
    Migration,
    Permission,
    Heap,
}
