using System.Buffers;
using System.Globalization;

namespace AlertResponder.Analysis.Rules;

/// <summary>Kubernetes quantities such as <c>256Mi</c> and <c>250m</c>, as far as rules compare them.</summary>
internal static class Quantity
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");
    private static readonly Dictionary<string, decimal> Units = new(StringComparer.Ordinal)
    {
        [""] = 1m, ["n"] = 1e-9m, ["u"] = 1e-6m, ["m"] = 1e-3m,
        ["k"] = 1e3m, ["M"] = 1e6m, ["G"] = 1e9m, ["T"] = 1e12m, ["P"] = 1e15m,
        ["Ki"] = 1L << 10, ["Mi"] = 1L << 20, ["Gi"] = 1L << 30, ["Ti"] = 1L << 40, ["Pi"] = 1L << 50,
    };

    /// <summary>Null for what is no quantity, and for one too large to count.</summary>
    public static decimal? Parse(string? text)
    {
        if (text is not { Length: > 0 and <= 24 })
            return null;
        var digits = text.AsSpan().IndexOfAnyExcept(Digits);
        var (number, unit) = digits < 0 ? (text, "") : (text[..digits], text[digits..]);
        return decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && value < 1e12m && Units.TryGetValue(unit, out var factor)
            ? value * factor
            : null;
    }

    /// <summary>How much of <paramref name="limit"/> is used, in whole percent; null where either is not known.</summary>
    public static int? Percent(string? used, string? limit) =>
        Parse(used) is { } part && Parse(limit) is > 0 and var whole && part / whole < 1_000 ? (int)(part / whole * 100) : null;
}
