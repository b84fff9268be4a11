using System.Globalization;
using System.Text.RegularExpressions;
using AlertResponder.Incidents;

namespace AlertResponder.Gateway.Alertmanager;

/// <summary>Reads a time as senders write it: RFC 3339, with a blank for the T, without a zone (then UTC), as Go prints it, or in seconds or milliseconds since 1970.</summary>
internal static partial class SenderTime
{
    // In 1973 as seconds, and as milliseconds.
    private const long FirstSeconds = 100_000_000;
    private const long FirstMilliseconds = 100_000_000_000;
    private const int Longest = 100;

    /// <param name="text">What the sender wrote.</param>
    /// <param name="time">The time in whole microseconds, moved to where one can reckon with it; null where the sender says that there is none.</param>
    /// <returns>False when the text is no time.</returns>
    public static bool TryParse(string text, out DateTimeOffset? time)
    {
        time = null;
        if (text.Length == 0)
        {
            return true;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return TryFromNumber(number, out time);
        }

        var parts = Written().Match(text.Length <= Longest ? text : "");
        if (!parts.Success)
        {
            return false;
        }

        // Go's zero time, and that of others, stands for "none".
        if (parts.Groups["date"].Value[..4] is "0000" or "0001")
        {
            return true;
        }

        var zone = parts.Groups["zone"].Value;
        var fraction = parts.Groups["fraction"].Value;
        var written = $"{parts.Groups["date"].Value}T{parts.Groups["time"].Value}{(fraction.Length == 0 ? "" : $".{fraction[..Math.Min(7, fraction.Length)]}")}"
            + (zone is "" or "z" or "Z" or "UTC" or "GMT" ? "Z" : zone.Length == 5 ? $"{zone[..3]}:{zone[3..]}" : zone);
        if (!DateTimeOffset.TryParse(written, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var parsed))
        {
            return false;
        }

        time = AlertBounds.Clamp(parsed.InMicroseconds());
        return true;
    }

    private static bool TryFromNumber(double number, out DateTimeOffset? time)
    {
        time = null;
        if (number == 0)
        {
            return true;
        }

        if (number is not (>= FirstSeconds and <= 4_000_000_000_000))
        {
            return false;
        }

        var seconds = number >= FirstMilliseconds ? number / 1000 : number;
        time = AlertBounds.Clamp(DateTimeOffset.UnixEpoch.AddSeconds(seconds).InMicroseconds());
        return true;
    }

    // What Go adds behind (the zone's name, its monotonic clock) tells nothing more.
    [GeneratedRegex(
        "^(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?<time>[0-9]{2}:[0-9]{2}:[0-9]{2})([.,](?<fraction>[0-9]+))?( ?(?<zone>Z|z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}))?( .{0,40})?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Written();
}
