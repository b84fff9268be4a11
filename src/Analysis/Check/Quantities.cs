using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace AlertResponder.Analysis.Check;

/// <summary>What a number counts.</summary>
internal enum Unit
{
    /// <summary>Not said.</summary>
    None,
    Things,
    Bytes,
    Seconds,
    Percent,
    Cores,
}

/// <summary>A number as it stands in a text.</summary>
/// <param name="Raw">The number itself.</param>
/// <param name="Unit">What it counts.</param>
/// <param name="Value">In bytes, seconds, percent, cores; a quantity that can be read in two ways is listed twice.</param>
internal readonly record struct Quantity(decimal Raw, Unit Unit, decimal Value);

/// <summary>Finds the numbers in a text, in digits and in words, with their units.</summary>
internal static partial class Quantities
{
    private static readonly FrozenDictionary<string, decimal> Words = new Dictionary<string, decimal>
    {
        ["two"] = 2, ["three"] = 3, ["four"] = 4, ["five"] = 5, ["six"] = 6, ["seven"] = 7, ["eight"] = 8, ["nine"] = 9, ["ten"] = 10,
        ["eleven"] = 11, ["twelve"] = 12, ["thirteen"] = 13, ["fourteen"] = 14, ["fifteen"] = 15, ["sixteen"] = 16, ["seventeen"] = 17, ["eighteen"] = 18,
        ["nineteen"] = 19, ["twenty"] = 20, ["thirty"] = 30, ["forty"] = 40, ["fifty"] = 50, ["sixty"] = 60, ["seventy"] = 70, ["eighty"] = 80, ["ninety"] = 90,
        ["hundred"] = 100, ["hundreds"] = 100, ["thousand"] = 1_000, ["thousands"] = 1_000, ["million"] = 1_000_000, ["millions"] = 1_000_000, ["dozen"] = 12, ["dozens"] = 12,
        ["twice"] = 2, ["thrice"] = 3, ["double"] = 2, ["doubled"] = 2, ["triple"] = 3, ["tripled"] = 3, ["half"] = 0.5m,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, decimal> TimeUnits = new Dictionary<string, decimal>
    {
        ["ms"] = 0.001m, ["s"] = 1, ["sec"] = 1, ["secs"] = 1, ["second"] = 1, ["seconds"] = 1, ["m"] = 60, ["min"] = 60, ["mins"] = 60, ["minute"] = 60,
        ["minutes"] = 60, ["h"] = 3_600, ["hour"] = 3_600, ["hours"] = 3_600, ["d"] = 86_400, ["day"] = 86_400, ["days"] = 86_400,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The numbers of a text in their order, each in all the ways in which it can be read.</summary>
    public static IEnumerable<Quantity[]> In(string text) => Mentions(text).Select(mention => mention.Readings);

    /// <summary>All numbers of a text in all readings, also the parts of such as <c>2m40s</c>.</summary>
    public static HashSet<Quantity> AllIn(string text) => [.. Mentions(text).SelectMany(mention => mention.Readings.Concat(mention.Parts))];

    /// <summary>Whether <paramref name="claim"/> can be the same as something seen: with a unit in that unit, without one as a number.</summary>
    public static bool IsSeen(Quantity claim, IReadOnlySet<Quantity> seen) => claim.Unit switch
    {
        Unit.None => seen.Any(other => other.Raw == claim.Raw),
        Unit.Things => seen.Any(other => other.Raw == claim.Raw && (other.Unit is Unit.None or Unit.Things)),
        _ => seen.Any(other => other.Unit == claim.Unit && other.Value == claim.Value),
    };

    private static IEnumerable<(Quantity[] Readings, Quantity[] Parts)> Mentions(string text)
    {
        foreach (Match match in Pattern().Matches(Instant().Replace(text, " ")))
        {
            if (match.Groups["compound"].Success)
            {
                Quantity[] parts = [.. Component().Matches(match.Value).SelectMany(part => Readings(Number(part.Groups["value"].Value), part.Groups["unit"].Value)).Where(part => part.Unit == Unit.Seconds)];
                var seconds = parts.Sum(part => part.Value);
                yield return ([new Quantity(seconds, Unit.Seconds, seconds)], parts);
                continue;
            }

            var raw = match.Groups["word"].Success ? Word(match.Groups["word"].Value) : Number(match.Groups["value"].Value);
            yield return ([.. Readings(raw, match.Groups["unit"].Value)], []);
        }
    }

    private static IEnumerable<Quantity> Readings(decimal raw, string unit)
    {
        if (unit.Length == 0)
        {
            yield return new Quantity(raw, Unit.None, raw);
        }
        else if (Bytes().Match(unit) is { Success: true } bytes)
        {
            var power = "KMGT".IndexOf(char.ToUpperInvariant(bytes.Groups["scale"].Value.FirstOrDefault('?')), StringComparison.Ordinal) + 1;

            // Mi is binary; M and MB are said of both.
            yield return new Quantity(raw, Unit.Bytes, raw * Power(1024, power));
            if (bytes.Groups["binary"].Length == 0 && power > 0)
                yield return new Quantity(raw, Unit.Bytes, raw * Power(1000, power));
        }
        else if (TimeUnits.TryGetValue(unit, out var seconds))
        {
            yield return new Quantity(raw, Unit.Seconds, raw * seconds);
            if (unit == "m")
                yield return new Quantity(raw, Unit.Cores, raw / 1000);
        }
        else if (unit is "%" || unit.StartsWith("per", StringComparison.OrdinalIgnoreCase))
        {
            yield return new Quantity(raw, Unit.Percent, raw);
        }
        else if (unit.StartsWith("core", StringComparison.OrdinalIgnoreCase) || unit.StartsWith("cpu", StringComparison.OrdinalIgnoreCase))
        {
            yield return new Quantity(raw, Unit.Cores, raw);
        }
        else if (unit.StartsWith("milli", StringComparison.OrdinalIgnoreCase))
        {
            yield return new Quantity(raw, Unit.Cores, raw / 1000);
        }
        else
        {
            yield return new Quantity(raw, Unit.Things, raw);
        }
    }

    private static decimal Power(int number, int power)
    {
        var result = 1m;
        for (var i = 0; i < power; i++)
            result *= number;
        return result;
    }

    /// <summary><c>twenty-five</c> is 25, <c>two hundred</c> is said in two numbers.</summary>
    private static decimal Word(string word) => word.Split('-').Sum(part => Words.GetValueOrDefault(part));

    private static decimal Number(string digits) => decimal.Parse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase;

    private const string Tens = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety";
    private const string Ones = "two|three|four|five|six|seven|eight|nine";

    private const string Units =
        @"(?<unit>([KMGT]i?B?|B|[kmgt]i?[bB]|bytes?|[KMGT]i?bytes?|(kilo|mega|giga|tera|kibi|mebi|gibi|tebi)bytes?)|ms|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?|%|per ?cent|cores?|cpus?|milli(cores?|cpus?)|x|times|restarts?|pods?|nodes?|replicas?|containers?|endpoints?|retries|attempts|events?|alerts?|lines?|errors?|instances?|volumes?|jobs?)(?![A-Za-z0-9])";

    [GeneratedRegex(
        @"(?<compound>(?<![A-Za-z0-9.])\d{1,9}(\.\d{1,9})?(ms|[dhms])(\d{1,9}(\.\d{1,9})?(ms|[dhms]))+(?![A-Za-z0-9]))"
        + @"|(?<![A-Za-z0-9.])(?<value>\d{1,18}(\.\d{1,9})?)([\s-]?" + Units + @"|(?![0-9]))"
        + @"|(?<![A-Za-z0-9])(?<word>(" + Tens + ")-(one|" + Ones + ")|" + Tens + "|" + Ones
        + @"|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|hundreds?|thousands?|millions?|dozens?|twice|thrice|doubled?|tripled?|half)(?![A-Za-z0-9])([\s-]?" + Units + ")?",
        Options, 1000)]
    private static partial Regex Pattern();

    [GeneratedRegex(@"(?<value>\d+(\.\d+)?)(?<unit>ms|[dhms])", Options, 1000)]
    private static partial Regex Component();

    [GeneratedRegex(@"^((?<scale>[KMGT])(?<binary>i?)(b|bytes?)?|b|bytes?|(?<scale>[kmgt])(ilo|ega|iga|era)bytes?|(?<scale>[kmgt])(?<binary>ibi|ebi)bytes?)$", Options, 1000)]
    private static partial Regex Bytes();

    /// <summary>Dates and times: their digits are no counts.</summary>
    [GeneratedRegex(@"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?)?|\b\d{1,2}:\d{2}(:\d{2})?Z?\b", Options, 1000)]
    private static partial Regex Instant();
}
