using System.Buffers;
using System.Text.RegularExpressions;

namespace AlertResponder.Redaction;

/// <summary>A secret that reaches the end of its line may go on in the next, where a terminal or an encoder has wrapped it.</summary>
internal static partial class Continuations
{
    private const int Shortest = 8;

    // Of lines that an encoder has made; their last is of any length.
    private const int EncoderLine = 40;
    private const int LongestBreak = 256;
    private const int LongestPart = 4096;

    private static readonly SearchValues<char> Blanks = SearchValues.Create(" \t\r\n\"'");

    /// <summary>The spans, and what continues them. A mark in the text counts as one: what it stands for has been looked at before.</summary>
    public static IReadOnlyList<SecretSpan> With(string text, IReadOnlyList<SecretSpan> spans)
    {
        List<SecretSpan> more = [];
        foreach (var span in SecretSpan.Merged([.. spans, .. Marks(text)]))
        {
            var (start, end) = (span.Start, span.End);
            while (Next(text, start, end) is { } next)
            {
                more.Add(next);
                (start, end) = (next.Start, next.End);
            }
        }

        return more.Count == 0 ? spans : SecretSpan.Merged([.. spans, .. more]);
    }

    private static IEnumerable<SecretSpan> Marks(string text)
    {
        for (var i = text.IndexOf(Redactor.Mark, StringComparison.Ordinal); i >= 0; i = text.IndexOf(Redactor.Mark, i + Redactor.Mark.Length, StringComparison.Ordinal))
        {
            yield return new SecretSpan(i, i + Redactor.Mark.Length);
        }
    }

    private static SecretSpan? Next(string text, int start, int end)
    {
        if (Break().Match(text, end, Math.Min(LongestBreak, text.Length - end)) is not { Success: true } lineEnd || lineEnd.Index != end)
        {
            return null;
        }

        var from = end + lineEnd.Length;
        var part = Part().Match(text, from, Math.Min(LongestPart, text.Length - from));
        return part.Success && part.Index == from && IsPart(part.Groups["value"].ValueSpan, IsEncoded(text.AsSpan(start, end - start)) && !part.Groups["blank"].Success) ? SecretSpan.Of(part.Groups["value"]) : null;
    }

    private static bool IsEncoded(ReadOnlySpan<char> line) => line.Length >= EncoderLine && !line.ContainsAny(Blanks);

    private static bool IsPart(ReadOnlySpan<char> value, bool afterEncoded) =>
        (value.Length >= Shortest && Randomness.IsMixed(value)) || Randomness.IsLikely(value)
        || (afterEncoded && value.Length >= 4 && (value[^1] == '=' || (value[1..].ContainsAnyInRange('A', 'Z') && value.ContainsAnyInRange('a', 'z'))));

    [GeneratedRegex(@"\G(\\?\r?\n[ \t]*|(\\+r)?\\+n[ \t]*)", RegexOptions.ExplicitCapture, Redactor.SearchTimeout)]
    private static partial Regex Break();

    [GeneratedRegex(@"\G(?<value>[A-Za-z0-9+/_.~%-]+={0,2})((?<blank>[ \t])|[\s""',;)}\]\\&]|\z)", RegexOptions.ExplicitCapture, Redactor.SearchTimeout)]
    private static partial Regex Part();
}
