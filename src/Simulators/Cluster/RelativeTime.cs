using System.Globalization;
using System.Text.RegularExpressions;

namespace AlertResponder.Simulators.Cluster;

/// <summary>
/// Times relative to the moment of loading, in manifests and logs: <c>{{now}}</c>, <c>{{now-15m}}</c>, <c>{{now+1h30m}}</c>, with the
/// units d, h, m and s. Each becomes a time such as <c>2026-11-22T08:11:16Z</c>, so no quotes are needed around it.
/// </summary>
internal static partial class RelativeTime
{
    public static string Expand(string text, DateTimeOffset now) => Placeholder().Replace(text, match => Write(now + Offset(match)));

    public static string Write(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static TimeSpan Offset(Match match)
    {
        if (!match.Groups["parts"].Success)
            throw new FormatException($"{match.Value} is no relative time; write it like {{{{now-1h30m}}}}, with d, h, m and s.");
        var offset = match.Groups["number"].Captures
            .Zip(match.Groups["unit"].Captures, (number, unit) => Span(int.Parse(number.Value, CultureInfo.InvariantCulture), unit.Value))
            .Aggregate(TimeSpan.Zero, (sum, part) => sum + part);
        return match.Groups["sign"].Value == "-" ? -offset : offset;
    }

    private static TimeSpan Span(int number, string unit) => unit switch
    {
        "d" => TimeSpan.FromDays(number),
        "h" => TimeSpan.FromHours(number),
        "m" => TimeSpan.FromMinutes(number),
        _ => TimeSpan.FromSeconds(number),
    };

    // The second alternative catches what is meant as one of ours but is mistyped. Other templates in a manifest are left alone.
    [GeneratedRegex(
        @"\{\{now(?<parts>((?<sign>[+-])((?<number>[0-9]{1,6})(?<unit>[dhms]))+)?)\}\}|\{\{\s*now[^}]*\}\}",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Placeholder();
}
