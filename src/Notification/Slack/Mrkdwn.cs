using System.Text;
using System.Text.RegularExpressions;
using AlertResponder.Notification.Cards;

namespace AlertResponder.Notification.Slack;

/// <summary>
/// Writes card lines in Slack's markup. Foreign text stays text: <c>&amp; &lt; &gt;</c> become entities, so nothing can mention or
/// link; and since the markup knows no escape for its own delimiters, those that could open or close a style are replaced by
/// look-alikes: backtick U+02CB, asterisk U+2217, underscore U+02CD, tilde U+223C. Inside a word (<c>snake_case</c>) and, but
/// for the backtick, inside code they mean nothing to Slack and stay as they are, ready to be copied.
/// </summary>
internal static partial class Mrkdwn
{
    private const char Ellipsis = '…';

    /// <summary>At most <paramref name="limit"/> UTF-16 units; never cut inside an entity, a character, a style or a link.</summary>
    public static string Render(IEnumerable<CardLine> lines, int limit)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            // Newline, bullet and one span's delimiters: with less there is nothing left to tell.
            if (text.Length + 8 > limit)
                break;
            if (text.Length > 0)
                text.Append('\n');
            if (line.Bullet)
                text.Append("• ");
            foreach (var span in line.Spans)
                Append(text, span, limit);
        }

        return text.ToString();
    }

    /// <summary>
    /// The lines in a block in which no style means anything; what would end the block is replaced by a look-alike. At most
    /// <paramref name="limit"/> UTF-16 units.
    /// </summary>
    public static string Preformatted(IEnumerable<CardLine> lines, int limit)
    {
        const string Fence = "```";
        var text = new StringBuilder(Fence);
        foreach (var line in lines)
        {
            text.Append('\n');
            foreach (var piece in line.Spans.SelectMany(span => span.Text.EnumerateRunes()).Select(Verbatim))
            {
                if (text.Length + piece.Length + 1 + Fence.Length > limit)
                    return text.Append('\n').Append(Fence).ToString();
                text.Append(piece);
            }
        }

        return text.Append('\n').Append(Fence).ToString();
    }

    /// <summary>How long a line is in <see cref="Preformatted"/>, with its line break.</summary>
    public static int PreformattedLength(string line) => 1 + line.EnumerateRunes().Sum(rune => Verbatim(rune).Length);

    private static string Verbatim(Rune rune) => rune.Value switch
    {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '`' => "ˋ",
        '\t' => "    ",
        _ => rune.ToString(),
    };

    private static void Append(StringBuilder text, CardSpan span, int limit)
    {
        switch (span.Style)
        {
            case CardSpanStyle.Strong:
                AppendBetween(text, "*", span, limit);
                break;
            case CardSpanStyle.Code:
                AppendBetween(text, "`", span, limit);
                break;
            case CardSpanStyle.Person:
                var mention = PersonId().IsMatch(span.Text) ? $"<@{span.Text}>" : null;
                if (mention is not null && text.Length + mention.Length <= limit)
                    text.Append(mention);
                else
                    AppendBetween(text, "", span, limit);
                break;
            case CardSpanStyle.Link:
                var link = $"<{Entities(WebLink.Text(span.Target!))}|{Entities(span.Text)}>";
                if (text.Length + link.Length <= limit)
                    text.Append(link);
                else
                    AppendBetween(text, "", span, limit);
                break;
            default:
                AppendBetween(text, "", span, limit);
                break;
        }
    }

    private static void AppendBetween(StringBuilder text, string delimiter, CardSpan span, int limit)
    {
        // Room for both delimiters, one unit of text at its longest (an entity of 5) and the ellipsis.
        if (text.Length + (2 * delimiter.Length) + 6 > limit)
            return;
        text.Append(delimiter);
        var index = 0;
        foreach (var rune in span.Text.EnumerateRunes())
        {
            var piece = Piece(span, index, rune, lineStart: text.Length == 0 || text[^1] == '\n');
            index += rune.Utf16SequenceLength;
            var reserved = delimiter.Length + (index < span.Text.Length ? 1 : 0);
            if (text.Length + piece.Length + reserved > limit)
            {
                text.Append(Ellipsis);
                break;
            }

            text.Append(piece);
        }

        text.Append(delimiter);
    }

    private static string Piece(CardSpan span, int index, Rune rune, bool lineStart) => rune.Value switch
    {
        '&' => "&amp;",
        '<' => "&lt;",
        // A line that starts with this entity would become a quotation.
        '>' => lineStart ? "›" : "&gt;",
        '`' => "ˋ",
        '*' when Delimits(span, index) => "∗",
        '_' when Delimits(span, index) => "ˍ",
        '~' when Delimits(span, index) => "∼",
        _ => rune.ToString(),
    };

    private static bool Delimits(CardSpan span, int index) => span.Style switch
    {
        CardSpanStyle.Code => false,
        CardSpanStyle.Strong when span.Text[index] == '*' => true,
        _ => index == 0
             || index == span.Text.Length - 1
             || !char.IsLetterOrDigit(span.Text[index - 1])
             || !char.IsLetterOrDigit(span.Text[index + 1]),
    };

    private static string Entities(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    [GeneratedRegex(@"\A[UW][A-Z0-9]{2,30}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex PersonId();
}
