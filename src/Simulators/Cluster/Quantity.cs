using System.Globalization;
using System.Text.RegularExpressions;
using AlertResponder.Simulators.Cluster.Controllers;

namespace AlertResponder.Simulators.Cluster;

/// <summary>Amounts such as <c>256Mi</c>, <c>100m</c> and <c>1e3</c>.</summary>
internal static partial class Quantity
{
    /// <summary>What the API server says of what is none.</summary>
    public const string Rule = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

    /// <summary>Null when it is no quantity.</summary>
    public static decimal? Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success || !decimal.TryParse(match.Groups["number"].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return null;
        if (match.Groups["exponent"] is { Success: true } exponent)
            return (decimal)((double)number * Math.Pow(10, int.Parse(exponent.Value, CultureInfo.InvariantCulture)));
        return match.Groups["unit"].Value switch
        {
            "" => number,
            "n" => number / 1_000_000_000m,
            "u" => number / 1_000_000m,
            "m" => number / 1_000m,
            "k" => number * 1_000m,
            [var unit] => number * Power(1_000m, "kMGTPE".IndexOf(unit, StringComparison.Ordinal) + 1),
            var unit => number * Power(1_024m, "KMGTPE".IndexOf(unit[0], StringComparison.Ordinal) + 1),
        };
    }

    private static decimal Power(decimal @base, int exponent) => Enumerable.Repeat(@base, exponent).Aggregate(1m, (product, factor) => product * factor);

    [GeneratedRegex(
        @"^(?<number>[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+))((?<unit>[numkMGTPE]|[KMGTPE]i)|[eE](?<exponent>[+-]?[0-9]{1,2}))?$",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Form();
}
