using System.Globalization;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules;

/// <summary>Typed reading of <see cref="Evidence.Facts"/>. Null means that it is not known.</summary>
internal static class Facts
{
    public static string? Fact(this Evidence evidence, string name) =>
        evidence.Facts.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <summary>What an event or state says itself, without the words put around it for people.</summary>
    public static string Said(this Evidence evidence) => evidence.Fact(FactNames.Message) ?? evidence.Text;

    public static int? Number(this Evidence evidence, string name) =>
        int.TryParse(evidence.Fact(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    public static bool? Flag(this Evidence evidence, string name) =>
        bool.TryParse(evidence.Fact(name), out var value) ? value : null;

    public static DateTimeOffset? Instant(this Evidence evidence, string name) =>
        DateTimeOffset.TryParse(evidence.Fact(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var value)
            ? value
            : null;
}
