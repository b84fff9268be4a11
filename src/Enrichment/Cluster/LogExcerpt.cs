using System.Text;
using System.Text.RegularExpressions;

namespace AlertResponder.Enrichment.Cluster;

/// <summary>What is worth telling of a log: the newest lines, and of the older ones those that tell of an error, in their order.</summary>
internal static partial class LogExcerpt
{
    /// <summary>Characters kept.</summary>
    public const int Characters = 6 * 1024;

    /// <summary>Lines kept from the end.</summary>
    public const int TailLines = 50;

    /// <summary>Where lines are left out.</summary>
    public const string Gap = "…";

    private const int LinesBefore = 1;
    private const int LinesAfter = 3;
    private const int CauseWorth = 3;

    // A gap takes a line of its own, one for each line kept at worst.
    private const int GapCost = 2;

    /// <param name="lines">The log's, redacted.</param>
    public static string Of(IReadOnlyList<string> lines)
    {
        var kept = new SortedSet<int>();
        var left = Characters;
        var telling = Telling(lines);

        // Errors take half of the room at most; the errors themselves before what stands around them.
        foreach (var index in telling)
        {
            Keep(index, Characters / 2);
        }

        foreach (var index in telling.SelectMany(index => Enumerable.Range(index - LinesBefore, LinesBefore + 1 + LinesAfter)))
        {
            Keep(index, Characters / 2);
        }

        for (var index = lines.Count - 1; index >= Math.Max(0, lines.Count - TailLines); index--)
        {
            if (!Keep(index, 0))
            {
                break;
            }
        }

        return Join(lines, kept);

        bool Keep(int index, int reserve)
        {
            if (index < 0 || index >= lines.Count || kept.Contains(index))
            {
                return true;
            }

            var cost = lines[index].Length + 1 + GapCost;
            if (left - cost < reserve)
            {
                return false;
            }

            left -= cost;
            return kept.Add(index);
        }
    }

    // The newest of each worth before all others, so that whatever else was wrong the last error's deepest cause is there.
    private static List<int> Telling(IReadOnlyList<string> lines)
    {
        var telling = Enumerable.Range(0, lines.Count)
            .Select(index => (Index: index, Worth: Worth(lines[index])))
            .Where(line => line.Worth > 0)
            .Reverse()
            .DistinctBy(line => Digits().Replace(lines[line.Index], ""))
            .ToList();
        return
        [
            .. telling.GroupBy(line => line.Worth).OrderByDescending(worth => worth.Key).Select(worth => worth.First().Index),
            .. telling.OrderByDescending(line => line.Worth).Select(line => line.Index),
        ];
    }

    private static int Worth(string line) =>
        Frame().IsMatch(line) ? 0 : Cause().IsMatch(line) ? CauseWorth : Level().IsMatch(line) ? 2 : Failure().IsMatch(line) ? 1 : 0;

    private static string Join(IReadOnlyList<string> lines, SortedSet<int> kept)
    {
        var text = new StringBuilder();
        var last = -1;
        foreach (var index in kept)
        {
            if (last >= 0)
            {
                text.Append(index > last + 1 ? $"\n{Gap}\n" : "\n");
            }

            text.Append(lines[index]);
            last = index;
        }

        return text.ToString();
    }

#pragma warning disable MA0009 // Linear, on lines that are short besides; NonBacktracking takes megabytes for each.
    private const RegexOptions Options = RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"^\s*(at |File ""|\.\.\. [0-9]+ more)", Options)]
    private static partial Regex Frame();

    [GeneratedRegex(
        @"Caused by|---> |\[cause\]:|\bpanic: |\bpanicked at\b|\bfatal error: |Unhandled exception|Uncaught |UnhandledPromiseRejection|^(Exception in thread .*|[A-Za-z0-9_.$]*)(Error|Exception)(:|$)",
        Options)]
    private static partial Regex Cause();

    [GeneratedRegex(@"\b(ERROR|ERR|FATAL|CRITICAL|PANIC|SEVERE|EMERG)\b|\b(error|fatal|critical)(:|\])|level""?[=:] ?""?(error|fatal|critical|panic)|\bException\b|^E[0-9]{4} ", Options)]
    private static partial Regex Level();

    [GeneratedRegex(
        @"\bfail(ed|ure|ing)?\b|\brefused\b|\bdenied\b|\b(cannot|can't|could not|unable to)\b|\btime(d )?out\b|no such (host|file)|ECONN|ENOTFOUND|not found|\bkilled\b|\binvalid\b|\bout of memory\b|\bJAVA_[A-Z]*_?OPT(ION)?S\b",
        Options | RegexOptions.IgnoreCase)]
    private static partial Regex Failure();

    [GeneratedRegex("[0-9]+", Options)]
    private static partial Regex Digits();
}
