using System.Diagnostics.CodeAnalysis;
using AlertResponder.Connections.Kubernetes;

namespace AlertResponder.Remediation.Actions.Change;

/// <summary>Amounts of memory and CPU. Pure.</summary>
internal static class ResourceSize
{
    // A fifth above what was seen.
    private const decimal Headroom = 1.2m;

    private static readonly string[] Memory =
    [
        "64Mi", "128Mi", "256Mi", "512Mi", "1Gi", "1536Mi", "2Gi", "3Gi", "4Gi", "6Gi", "8Gi", "12Gi", "16Gi", "24Gi", "32Gi", "48Gi", "64Gi", "96Gi", "128Gi",
    ];

    private static readonly string[] Cpu =
    [
        "50m", "100m", "200m", "300m", "500m", "750m", "1", "1500m", "2", "3", "4", "6", "8", "12", "16", "24", "32", "48", "64",
    ];

    /// <summary>The next usual size above what is needed; the largest one up to the cap when that is less; null when no larger one is left.</summary>
    /// <param name="resource"><c>memory</c> or <c>cpu</c>.</param>
    /// <param name="current">The limit at present.</param>
    /// <param name="peak">The most that was seen; null when unknown.</param>
    /// <param name="caps">None is gone beyond.</param>
    public static string? Next(string resource, decimal current, decimal? peak, IEnumerable<decimal> caps)
    {
        var sizes = (resource == "memory" ? Memory : Cpu).Select(text => (Text: text, Amount: Amount(text))).ToList();
        var cap = caps.Append(sizes[^1].Amount).Min();
        var needed = Math.Max(current, peak ?? 0) * Headroom;
        var possible = sizes.Where(size => size.Amount > current && size.Amount <= cap).ToList();
        return (possible.Find(size => size.Amount >= needed).Text ?? possible.LastOrDefault().Text) is { } text ? text : null;
    }

    public static bool TryParse([NotNullWhen(true)] string? text, out decimal amount)
    {
        amount = 0;
        if (text is not { Length: > 0 and <= 30 })
        {
            return false;
        }

        try
        {
            amount = Amount(text);
            return amount > 0 && amount < long.MaxValue;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static decimal Amount(string text) => Quantities.Parse(text).ToDecimal();
}
