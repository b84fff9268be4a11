using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AlertResponder.Redaction;

/// <summary>
/// A text with its escapes read: <c>\u0022</c>, <c>%3D</c>, <c>&amp;quot;</c>, <c>\/</c>; terminal colours and invisible characters
/// are gone. What is found in it lies in the text that it was made from.
/// </summary>
internal sealed partial class FoldedText
{
    private static readonly Dictionary<string, char> Entities = new(StringComparer.OrdinalIgnoreCase)
    {
        ["&quot;"] = '"', ["&apos;"] = '\'', ["&amp;"] = '&', ["&lt;"] = '<', ["&gt;"] = '>',
    };

    private static readonly SearchValues<char> Signs = SearchValues.Create("\\%&\e\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff");

    private readonly int[] origins;

    private FoldedText(string text, int[] origins) => (Text, this.origins) = (text, origins);

    public string Text { get; }

    /// <summary>The folded text; null where there is nothing to fold.</summary>
    public static FoldedText? Of(string text)
    {
        if (!text.AsSpan().ContainsAny(Signs))
        {
            return null;
        }

        StringBuilder? folded = null;
        List<int> origins = [];
        var copied = 0;
        foreach (var escape in Escape().EnumerateMatches(text))
        {
            var meaning = Meaning(text.AsSpan(escape.Index, escape.Length));
            if (meaning is { } c && !IsPlain(c))
            {
                continue;
            }

            folded ??= new StringBuilder(text.Length);
            Copy(escape.Index);
            if (meaning is { } plain)
            {
                folded.Append(plain);
                origins.Add(escape.Index);
            }

            copied = escape.Index + escape.Length;
        }

        if (folded is null)
        {
            return null;
        }

        Copy(text.Length);
        origins.Add(text.Length);
        return new FoldedText(folded.ToString(), [.. origins]);

        void Copy(int to)
        {
            folded.Append(text, copied, to - copied);
            origins.AddRange(Enumerable.Range(copied, to - copied));
        }
    }

    /// <summary>Where in the original text a part of this one lies.</summary>
    public SecretSpan Unfolded(SecretSpan span) => new(origins[span.Start], origins[span.End]);

    private static bool IsPlain(char c) => c is >= ' ' and <= '~';

    // Null for what has no meaning: colours, and characters that cannot be seen.
    private static char? Meaning(ReadOnlySpan<char> escape) => escape switch
    {
        ['\\', '/'] => '/',
        ['\\', ..] => Code(escape[^4..], NumberStyles.AllowHexSpecifier),
        ['%', ..] => Code(escape[1..], NumberStyles.AllowHexSpecifier),
        ['&', '#', 'x' or 'X', ..] => Code(escape[3..^1], NumberStyles.AllowHexSpecifier),
        ['&', '#', ..] => Code(escape[2..^1], NumberStyles.None),
        ['&', ..] => Entities.GetAlternateLookup<ReadOnlySpan<char>>()[escape],
        _ => null,
    };

    private static char Code(ReadOnlySpan<char> digits, NumberStyles style) => (char)int.Parse(digits, style, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"\\+u00[0-9a-f]{2}|\\/|%[2-7][0-9a-f]|&(quot|apos|amp|lt|gt|#x[0-9a-f]{2}|#[0-9]{2,3});|\x1b\[[0-?]*[ -/]*[@-~]|[\u00ad\u200b-\u200f\u2060\ufeff]+",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture, Redactor.SearchTimeout)]
    private static partial Regex Escape();
}
