using System.Text.Json;
using System.Text.RegularExpressions;

namespace AlertResponder.Analysis.Rules.Logs;

/// <summary>The line of a log that explains a crash best.</summary>
/// <param name="Line">The line without its time stamp, on one line, bounded. Untrusted.</param>
/// <param name="Known">What kind of trouble it shows, for people; null for any other error.</param>
/// <param name="IsClear">It is marked as an error or of a known kind, not merely worded like one.</param>
internal sealed partial record LogError(string Line, LogMeaning? Known, bool IsClear)
{
    public string? Meaning => Known?.Text;

    private const int LongestLine = 2_000;
    private const int LongestQuote = 240;
    private const int ClearStructure = 3;
    private const int LongestRest = 80;
    private const int LastLines = 30;
    private const int MostLinesBefore = 80;

    private static readonly string[] JsonFields = ["level", "severity", "msg", "message", "error", "err", "exception"];
    private static readonly string[] Levels = ["level", "severity", "lvl"];
    private static readonly string[] Messages = ["msg", "message"];
    private static readonly string[] Errors = ["err", "error", "exception"];

    /// <summary>The deepest meaningful error line of <paramref name="log"/>; the later of equals; null when no line looks like an error.</summary>
    public static LogError? Find(string log)
    {
        LogError? best = null;
        var (bestScore, bestIndex) = (0, 0);
        string[] lines = [.. log.Split('\n').Select(Readable)];
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0)
                continue;
            var line = WithWhatFollows(lines, i);
            var meaning = LogMeanings.Of(line);
            var (score, isClear) = Score(line, meaning);
            if (score == 0 || score < bestScore)
                continue;
            best = new LogError(Wording.CutMiddle(line, LongestQuote), meaning, isClear);
            (bestScore, bestIndex) = (score, i);
        }

        return best?.Known is { Target: null } known && Target(lines, bestIndex, known) is { } target ? best with { Known = known.About(target) } : best;
    }

    /// <summary>Some write a message under its place, and its causes under the message.</summary>
    private static string WithWhatFollows(string[] lines, int index)
    {
        var line = lines[index];
        if (RustPanic().IsMatch(line) && index + 1 < lines.Length)
            return $"{line} {lines[index + 1]}";
        if (!ListOfCauses().IsMatch(line))
            return line;
        var causes = lines.Skip(index + 1).TakeWhile(next => next.Length > 0 && !StackFrame().IsMatch(next)).Take(5).ToArray();
        if (causes.Length == 0)
            return line;
        var numbered = causes.Where(cause => NumberedCause().IsMatch(cause)).ToArray();
        var chain = string.Join(": ", (numbered.Length > 0 ? numbered : causes[..1]).Select(cause => NumberedCause().Replace(cause, "")));
        return lines.Take(index).LastOrDefault(previous => previous.Length > 0) is { } message ? $"{message}: {chain}" : $"Caused by: {chain}";
    }

    /// <summary>Where it was going to, by the lines before and around: an error often does not say so itself.</summary>
    private static string? Target(string[] lines, int index, LogMeaning known)
    {
        if (known.Kind is not (LogTrouble.Refused or LogTrouble.Timeout or LogTrouble.Certificate or LogTrouble.Credentials))
            return null;
        var before = lines.Take(index + 1).TakeLast(MostLinesBefore).Where(line => !StackFrame().IsMatch(line)).Reverse().ToArray();
        if (known.Kind == LogTrouble.Certificate && Address().Match(lines[index]) is { Success: true } address)
            return address.Groups["host"].Value;
        return before.Select(LogMeanings.Of).FirstOrDefault(meaning => meaning?.Kind == known.Kind && meaning.Target is not null)?.Target
            ?? before.Where(line => Connecting().IsMatch(line)).Select(line => LogMeanings.Place().Match(line)).FirstOrDefault(match => match.Success)?.Groups["target"].Value;
    }

    /// <summary>How much the line explains, the meaning deciding between equals; 0 for nothing. And whether it is marked as an error or of a known kind.</summary>
    private static (int Value, bool IsClear) Score(string line, LogMeaning? meaning)
    {
        if (StackFrame().IsMatch(line) || Harmless().IsMatch(line) || ListOfCauses().IsMatch(line))
            return (0, false);
        var structure =
            DeeperCause().IsMatch(line) ? 6
            : Panic().IsMatch(line) ? 5
            : TypedError().IsMatch(line) ? 5
            : FatalLevel().IsMatch(line) ? 4
            : ErrorLevel().IsMatch(line) ? 3
            : Failure().IsMatch(line) ? 2
            : 0;
        if (QuietLevel().IsMatch(line) && structure < 5 && !LevelWithin().IsMatch(line))
            return (0, false);

        // A status such as 403 is an error only to whoever calls it one: an access log is full of them.
        if (meaning?.Kind == LogTrouble.Credentials && structure == 0)
            return (0, false);
        if (meaning is not null)
            return ((2 * (structure + 3)) + 1, true);
        var told = structure == 0 ? 0
            : LastWords().IsMatch(line) ? Math.Max(1, structure - 2)
            : Detail().IsMatch(line) ? structure + 2
            : structure;
        return (2 * told, structure >= ClearStructure);
    }

    /// <summary>Without colours, control characters and time stamp; a JSON log line as <c>level: message: error</c>.</summary>
    private static string Readable(string raw)
    {
        var line = Wording.OneLine(Colour().Replace(raw.Length > LongestLine ? raw[..LongestLine] : raw, "")).Trim();
        line = Doubt().Replace(ChatMarkup().Replace(TimeStamp().Replace(line, ""), "[${text}]"), "");
        return line.StartsWith('{') ? FromJson(line) ?? line : FromPairs(line) ?? line;
    }

    /// <summary><c>level=error msg="startup failed" err="no such host" file=/x</c> as <c>error: startup failed: no such host (file=/x)</c>.</summary>
    private static string? FromPairs(string line)
    {
        var pairs = Pair().Matches(line)
            .GroupBy(match => match.Groups["name"].Value, match => match.Groups["text"].Success ? match.Groups["text"].Value.Replace("\\\"", "\"", StringComparison.Ordinal) : match.Groups["word"].Value, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(pair => pair.Key, pair => pair.First(), StringComparer.OrdinalIgnoreCase);
        string? First(string[] names) => names.Select(name => pairs.GetValueOrDefault(name)).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));
        if (First(Levels) is not { } level || (First(Messages), First(Errors)) is (null, null))
            return null;
        return string.Join(": ", new[] { level, First(Messages), First(Errors) }.OfType<string>()) + Rest(pairs);
    }

    /// <summary>What else a structured line says, in short.</summary>
    private static string Rest(IEnumerable<KeyValuePair<string, string>> fields)
    {
        var rest = "";
        foreach (var (name, value) in fields.Where(field => IsTelling(field.Key, field.Value)))
        {
            var next = rest.Length == 0 ? $"{name}={value}" : $"{rest}, {name}={value}";
            if (next.Length <= LongestRest)
                rest = next;
        }

        return rest.Length == 0 ? "" : $" ({rest})";
    }

    private static bool IsTelling(string name, string value) =>
        value.Length is > 0 and <= 60 && !JsonFields.Contains(name, StringComparer.OrdinalIgnoreCase) && !Ordinary().IsMatch(name);

    /// <summary>The last line that is more than a frame of a stack, a warning before any other; null where there is none.</summary>
    public static string? Last(string log)
    {
        string[] lines = [.. log.Split('\n').Select(Readable).Where(line => line.Length > 0 && !StackFrame().IsMatch(line)).TakeLast(LastLines)];
        return (lines.LastOrDefault(line => Warning().IsMatch(line)) ?? lines.LastOrDefault()) is { } line ? Wording.CutMiddle(line, LongestQuote) : null;
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
            if (parts.Length == 0)
                return null;
            var rest = Rest(document.RootElement.EnumerateObject()
                .Where(field => field.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
                .Select(field => KeyValuePair.Create(field.Name, field.Value.ToString())));
            return Wording.OneLine(string.Join(": ", parts) + rest);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private const RegexOptions AnyCase = Options | RegexOptions.IgnoreCase;

    /// <summary>Go's guess at the end of an error about a certificate.</summary>
    [GeneratedRegex(@" \(possibly because of .{1,300}\)$", Options, 1000)]
    private static partial Regex Doubt();

    [GeneratedRegex(@"^\W*WARN(ING)?\b|level=""?warn|^W\d{4} ", AnyCase, 1000)]
    private static partial Regex Warning();

    /// <summary>A logger within a logger: the inner one knows.</summary>
    [GeneratedRegex(@"^\W*(INFO|DEBUG|TRACE|NOTICE)\W+(error|fatal|crit(ical)?|err|panic)\b", AnyCase, 1000)]
    private static partial Regex LevelWithin();

    /// <summary>A mention or a link as chats write it: quoted, it is neither.</summary>
    [GeneratedRegex(@"<([!@#]|https?://[^>|\s]*\|?)(?<text>[^>\n]{0,80})>", Options, 1000)]
    private static partial Regex ChatMarkup();

    [GeneratedRegex(@"(?<![\w.-])(?<name>[A-Za-z_][\w.-]{0,40})=(""(?<text>([^""\\]|\\.){0,1000})""|(?<word>[^\s""]{1,300}))", Options, 1000)]
    private static partial Regex Pair();

    /// <summary>Fields that every line has, or that say where in the program it is.</summary>
    [GeneratedRegex("^(ts|t|time|timestamp|@timestamp|date|datetime|logger|log|name|caller|source|src|file|line|lineno|func|function|module|thread|threadName|pid|process|hostname|host|pod|container|version|v|trace_?id|span_?id|request_?id|stack|stacktrace|stack_trace|lvl)$", AnyCase, 1000)]
    private static partial Regex Ordinary();

    [GeneratedRegex(@"https?://(?<host>[\w.-]{1,253})", AnyCase, 1000)]
    private static partial Regex Address();

    [GeneratedRegex(@"\bconnect(ing|s)? (to|with)\b|\b(dial|open)ing\b|://|\bconnect(ion)? to\b", AnyCase, 1000)]
    private static partial Regex Connecting();

    /// <summary>anyhow of Rust numbers the causes of an error under these words.</summary>
    [GeneratedRegex(@"^Caused by:?$", Options, 1000)]
    private static partial Regex ListOfCauses();

    [GeneratedRegex(@"^\d{1,2}: ", Options, 1000)]
    private static partial Regex NumberedCause();

    /// <summary>That it ends, and not why.</summary>
    [GeneratedRegex(
        @"\b(exit(ing|ed)?|shutting down|shut down|terminat(ing|ed)( unexpectedly)?|stop(ping|ped)?|abort(ing|ed)|giving up|gave up|bye|quit(ting)?|process (exited|finished))(( with)? ?(exit )?(code|status)?:? ?\d{1,3})?[.!]?( \(?exit (code|status) \d{1,3}\)?)?$|^\W*(fatal|error|crit(ical)?):? exit \d{1,3}$|\b(start-?up|boot) failed[.!]?$",
        AnyCase, 1000)]
    private static partial Regex LastWords();

    /// <summary>It names something: a quotation, a number, a path, a place.</summary>
    [GeneratedRegex(@"[""'`\u2018\u201c][^""'`\u2019\u201d]{2,}[""'`\u2019\u201d]|\b\d{3,}\b|(^|[\s(=])/[\w.-]+/|\w+\.\w+\.\w+|\w:\d{2,5}\b|\w_\w|\w=\w", Options, 1000)]
    private static partial Regex Detail();

    [GeneratedRegex(@"\x1b\[[0-9;]*[A-Za-z]", Options, 1000)]
    private static partial Regex Colour();

    [GeneratedRegex(@"^\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d[.,]?\d*\s*(Z|[+-]\d\d:?\d\d)?\]?[\s:]*", Options, 1000)]
    private static partial Regex TimeStamp();

    [GeneratedRegex(@"^(at |File ""|\.\.\. \d+ more|goroutine \d+|from \S+:\d+|\S+\.go:\d+ \+0x|Traceback \(|During handling of|The above exception|stack backtrace|\d+: 0x|note: run with)", Options, 1000)]
    private static partial Regex StackFrame();

    [GeneratedRegex(@"\b(0 (errors?|failures?|failed)|no errors?|errors?[=:]\s*(0|null|nil|none|false|""""))(\W|$)", AnyCase, 1000)]
    private static partial Regex Harmless();

    [GeneratedRegex(@"^\S*\s*(Caused by:|---> )|\[cause\]:|^Caused by$", AnyCase, 1000)]
    private static partial Regex DeeperCause();

    [GeneratedRegex(@"\bpanic: |\bpanicked at\b|Unhandled exception|Uncaught |UnhandledPromiseRejection|fatal error: |\bsegmentation fault\b|\bAssertion .{1,200} failed|\bassertion failed|terminate called after throwing|^\*\* \([\w.]+\) ", AnyCase, 1000)]
    private static partial Regex Panic();

    [GeneratedRegex(@"^thread '.*' panicked at [^ ]+:\d+:\d+:$", Options, 1000)]
    private static partial Regex RustPanic();

    [GeneratedRegex(@"^(Exception in thread ""[^""]*"" )?[\w.$]*(Error|Exception)(\s?\[\w+\])?(:|$)|^\S+\.rb:\d+:in ['`][^'`]{1,100}['`]: ", Options, 1000)]
    private static partial Regex TypedError();

    [GeneratedRegex(@"\b(FATAL|CRITICAL|PANIC|EMERG)\b|\b(fatal|critical|emerg|crit)(\]|: )|level=""?(fatal|critical|panic)", Options, 1000)]
    private static partial Regex FatalLevel();

    [GeneratedRegex(@"\bERROR\b|\bERR\b|\berror(\]|: )|\bError: |level=""?(error|err)\b|\bException\b|^E\d{4} |^fail: |\bSEVERE\b|\bError (during|while|in|on|at|loading|reading|parsing|opening|processing|executing|running|creating|initializing|starting)\b", Options, 1000)]
    private static partial Regex ErrorLevel();

    [GeneratedRegex(@"\b(fail(ed|ure|s)?|cannot|can't|could not|couldn't|unable to|refused|denied|not found|no such|invalid|missing|aborted|exec format error)\b", AnyCase, 1000)]
    private static partial Regex Failure();

    [GeneratedRegex(@"^\W*(INFO|DEBUG|TRACE|NOTICE)\b|level=""?(info|debug|trace)\b|^[ID]\d{4} ", AnyCase, 1000)]
    private static partial Regex QuietLevel();
}
