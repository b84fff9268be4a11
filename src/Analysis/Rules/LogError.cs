using System.Text.Json;
using System.Text.RegularExpressions;

namespace AlertResponder.Analysis.Rules;

/// <summary>The line of a log that explains a crash best.</summary>
/// <param name="Line">The line without its time stamp, on one line, bounded. Untrusted.</param>
/// <param name="Known">What kind of trouble it shows, for people; null for any other error.</param>
/// <param name="IsClear">It is marked as an error or of a known kind, not merely worded like one.</param>
internal sealed partial record LogError(string Line, LogMeaning? Known, bool IsClear)
{
    public string? Meaning => Known?.Text;

    private const int LongestLine = 2_000;
    private const int LongestQuote = 200;
    private const int ClearScore = 3;
    private static readonly string[] JsonFields = ["level", "severity", "msg", "message", "error", "err", "exception"];

    /// <summary>The deepest meaningful error line of <paramref name="log"/>; the later of equals; null when no line looks like an error.</summary>
    public static LogError? Find(string log)
    {
        LogError? best = null;
        var bestScore = 0;
        var lines = log.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = Readable(lines[i]);
            if (line.Length == 0)
                continue;

            // Rust writes the message of a panic under its place.
            if (RustPanic().IsMatch(line) && i + 1 < lines.Length)
                line = $"{line} {Readable(lines[i + 1])}";

            var meaning = LogMeanings.Of(line);
            var score = Score(line, meaning);
            if (score == 0 || score < bestScore)
                continue;
            best = new LogError(Wording.Cut(line, LongestQuote), meaning, score >= ClearScore);
            bestScore = score;
        }

        return best;
    }

    private static int Score(string line, LogMeaning? meaning)
    {
        if (StackFrame().IsMatch(line) || Harmless().IsMatch(line))
            return 0;
        var structure =
            DeeperCause().IsMatch(line) ? 6
            : Panic().IsMatch(line) ? 5
            : TypedError().IsMatch(line) ? 5
            : FatalLevel().IsMatch(line) ? 4
            : ErrorLevel().IsMatch(line) ? 3
            : Failure().IsMatch(line) ? 2
            : 0;
        if (QuietLevel().IsMatch(line) && structure < 5)
            return 0;
        return meaning is null ? structure : structure + 3;
    }

    /// <summary>Without colours, control characters and time stamp; a JSON log line as <c>level: message: error</c>.</summary>
    private static string Readable(string raw)
    {
        var line = Wording.OneLine(Colour().Replace(raw.Length > LongestLine ? raw[..LongestLine] : raw, "")).Trim();
        line = TimeStamp().Replace(line, "");
        return line.StartsWith('{') ? FromJson(line) ?? line : line;
    }

    private static string? FromJson(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var parts = JsonFields
                .Select(name => document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null)
                .Where(value => !string.IsNullOrWhiteSpace(value))
                .ToArray();
            return parts.Length == 0 ? null : Wording.OneLine(string.Join(": ", parts));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private const RegexOptions AnyCase = Options | RegexOptions.IgnoreCase;

    [GeneratedRegex(@"\x1b\[[0-9;]*[A-Za-z]", Options, 1000)]
    private static partial Regex Colour();

    [GeneratedRegex(@"^\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d[.,]?\d*\s*(Z|[+-]\d\d:?\d\d)?\]?[\s:]*", Options, 1000)]
    private static partial Regex TimeStamp();

    [GeneratedRegex(@"^(at |File ""|\.\.\. \d+ more|goroutine \d+|\S+\.go:\d+ \+0x|Traceback \(|During handling of|The above exception|stack backtrace|\d+: 0x|note: run with)", Options, 1000)]
    private static partial Regex StackFrame();

    [GeneratedRegex(@"\b(0 (errors?|failures?|failed)|no errors?|errors?[=:]\s*(0|null|nil|none|false|""""))(\W|$)", AnyCase, 1000)]
    private static partial Regex Harmless();

    [GeneratedRegex(@"^\S*\s*(Caused by:|---> )|\[cause\]:|^Caused by$", AnyCase, 1000)]
    private static partial Regex DeeperCause();

    [GeneratedRegex(@"\bpanic: |\bpanicked at\b|Unhandled exception|Uncaught |UnhandledPromiseRejection|fatal error: |\bsegmentation fault\b", AnyCase, 1000)]
    private static partial Regex Panic();

    [GeneratedRegex(@"^thread '.*' panicked at [^ ]+:\d+:\d+:$", Options, 1000)]
    private static partial Regex RustPanic();

    [GeneratedRegex(@"^(Exception in thread ""[^""]*"" )?[\w.$]*(Error|Exception)(\s?\[\w+\])?(:|$)", Options, 1000)]
    private static partial Regex TypedError();

    [GeneratedRegex(@"\b(FATAL|CRITICAL|PANIC|EMERG)\b|\b(fatal|critical|emerg|crit)(\]|: )|level=""?(fatal|critical|panic)", Options, 1000)]
    private static partial Regex FatalLevel();

    [GeneratedRegex(@"\bERROR\b|\bERR\b|\berror(\]|: )|\bError: |level=""?(error|err)\b|\bException\b|^E\d{4} ", Options, 1000)]
    private static partial Regex ErrorLevel();

    [GeneratedRegex(@"\b(fail(ed|ure|s)?|cannot|can't|could not|couldn't|unable to|refused|denied|not found|no such|invalid|missing|aborted|exec format error)\b", AnyCase, 1000)]
    private static partial Regex Failure();

    [GeneratedRegex(@"^\W*(INFO|DEBUG|TRACE|NOTICE)\b|level=""?(info|debug|trace)\b|^[ID]\d{4} ", AnyCase, 1000)]
    private static partial Regex QuietLevel();
}
