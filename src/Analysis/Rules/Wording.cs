using System.Globalization;
using System.Text;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules;

/// <summary>How sentences for people are put together.</summary>
internal static class Wording
{
    /// <summary>The most that a cause line holds.</summary>
    public const int CauseLength = 120;

    /// <summary>The first candidate that fits into a cause line; the last one, cut, when none does.</summary>
    public static string Cause(params ReadOnlySpan<string> candidates)
    {
        foreach (var candidate in candidates)
        {
            if (candidate.Length <= CauseLength)
                return candidate;
        }

        return Cut(candidates[^1], CauseLength);
    }

    /// <summary>At most <paramref name="length"/> characters, the cut marked.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
            return text;
        var end = length - 1;
        if (char.IsHighSurrogate(text[end - 1]))
            end--;
        return text[..end].TrimEnd() + "…";
    }

    /// <summary>At most <paramref name="length"/> characters: of a long error the beginning says where, and the end says what.</summary>
    public static string CutMiddle(string text, int length)
    {
        if (text.Length <= length)
            return text;
        var head = length / 4;
        var tail = length - head - 3;
        if (char.IsHighSurrogate(text[head - 1]))
            head--;
        if (char.IsLowSurrogate(text[^tail]))
            tail--;
        return $"{text[..head].TrimEnd()} … {text[^tail..].TrimStart()}";
    }

    /// <summary>Foreign text as one line without control characters.</summary>
    public static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (!char.IsControl(character) && !char.IsWhiteSpace(character))
                line.Append(character);
            else if (line.Length > 0 && line[^1] != ' ')
                line.Append(' ');
        }

        return line.ToString().TrimEnd();
    }

    public static string Count(int number, string noun) =>
        number == 1 ? $"1 {noun}" : string.Create(CultureInfo.InvariantCulture, $"{number} {noun}s");

    /// <summary><c>08:10 UTC</c>, with the date when that is not today's.</summary>
    public static string At(DateTimeOffset time, DateTimeOffset now) =>
        time.UtcDateTime.Date == now.UtcDateTime.Date
            ? time.UtcDateTime.ToString("'at' HH:mm 'UTC'", CultureInfo.InvariantCulture)
            : time.UtcDateTime.ToString("'on' yyyy-MM-dd 'at' HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary><c> in 3 of 25 pods</c>; empty when there is but one.</summary>
    public static string InPods(int sick, int all) => all > 1 ? $" in {sick} of {Count(all, "pod")}" : "";

    public static string Sentence(string text)
    {
        var line = OneLine(text);
        return line.Length == 0 || line[^1] is '.' or '!' or '?' or '…' ? line : line + ".";
    }

    public static string Name(this Subject subject) => subject.Kind == Subject.AlertKind ? subject.Name : $"{subject.Kind} {subject.Name}";
}
