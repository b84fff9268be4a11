using System.Text;
using System.Text.RegularExpressions;
using AlertResponder.Notification.Cards;
using SlackNet.Blocks;

namespace AlertResponder.Notification.Slack;

/// <summary>
/// Writes card lines as rich text, whose texts Slack shows as they are: nothing others wrote can mention, link or end a style, and what a
/// person copies is what was written.
/// </summary>
internal static partial class RichText
{
    private const char Ellipsis = '…';

    // With less there is nothing left to tell.
    private const int Least = 8;

    /// <summary>The lines, as far as <paramref name="limit"/> goes, by <see cref="Length(CardLine)"/>; a cut is marked with an ellipsis.</summary>
    public static IList<RichTextElement> Render(CardPart part, int limit) =>
        part.Style == CardPartStyle.Preformatted ? Preformatted(part.Lines, limit) : Running(part.Lines, limit);

    /// <summary>
    /// How much of Slack's room a line takes, with its line break. Slack documents no count for rich text, so the strictest is assumed: as
    /// markup, whose entities take more than a character, and with addresses.
    /// </summary>
    public static int Length(CardLine line) => 1 + line.Spans.Sum(span => Length(span.Text) + (span.Target is { } target ? Length(WebLink.Text(target)) : 0));

    /// <summary>The same of a text alone.</summary>
    public static int Length(string text) => text.EnumerateRunes().Sum(Length);

    private static List<RichTextElement> Running(IReadOnlyList<CardLine> lines, int limit)
    {
        List<RichTextElement> elements = [];
        foreach (var line in lines)
        {
            if (limit < Least)
                break;
            var spans = Spans(line, limit);
            limit -= Length(line);
            if (spans.Count == 0)
                break;
            switch (elements.LastOrDefault())
            {
                case RichTextList list when line.Bullet:
                    list.Elements.Add(new RichTextSection { Elements = spans });
                    break;
                case RichTextSection section when !line.Bullet:
                    section.Elements = [.. section.Elements, new RichTextText { Text = "\n" }, .. spans];
                    break;
                default:
                    var first = new RichTextSection { Elements = spans };
                    elements.Add(line.Bullet ? new RichTextList { Elements = [first], Style = RichTextListStyle.Bullet } : first);
                    break;
            }
        }

        return elements;
    }

    private static List<RichTextElement> Preformatted(IReadOnlyList<CardLine> lines, int limit)
    {
        var text = string.Join('\n', lines.Select(line => string.Concat(line.Spans.Select(span => span.Text))));
        return limit < Least || Cut(text, limit) is not { Length: > 0 } kept
            ? []
            : [new RichTextPreformatted { Elements = [new RichTextText { Text = kept }] }];
    }

    private static List<RichTextSectionElement> Spans(CardLine line, int limit)
    {
        List<RichTextSectionElement> elements = [];
        foreach (var span in line.Spans)
        {
            var length = Length(CardLine.Of(span)) - 1;
            if (length <= limit)
            {
                elements.Add(Element(span));
            }
            else
            {
                // Half an address leads nowhere.
                if (Cut(span.Text, limit) is { Length: > 0 } text)
                    elements.Add(Element(span.Target is null ? span with { Text = text } : CardSpan.Plain(text)));
                break;
            }

            limit -= length;
        }

        return elements;
    }

    private static RichTextSectionElement Element(CardSpan span) => span.Style switch
    {
        CardSpanStyle.Link => new RichTextLink { Url = WebLink.Text(span.Target!), Text = span.Text },
        CardSpanStyle.Person when PersonId().IsMatch(span.Text) => new RichTextUser { UserId = span.Text },
        CardSpanStyle.Channel when ChannelId().IsMatch(span.Text) => new RichTextChannel { ChannelId = span.Text },
        CardSpanStyle.Strong => new RichTextText { Text = span.Text, Style = new RichTextStyle { Bold = true } },
        CardSpanStyle.Code => new RichTextText { Text = span.Text, Style = new RichTextStyle { Code = true } },
        _ => new RichTextText { Text = span.Text },
    };

    /// <summary>The text, as far as <paramref name="limit"/> goes, by <see cref="Length(string)"/>; a cut is marked with an ellipsis.</summary>
    public static string Cut(string text, int limit)
    {
        if (Length(text) <= limit)
            return text;
        var kept = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            limit -= Length(rune);
            if (limit < 1)
                break;
            kept.Append(rune);
        }

        return kept.Length > 0 ? kept.Append(Ellipsis).ToString() : "";
    }

    private static int Length(Rune rune) => rune.Value switch
    {
        '&' => "&amp;".Length,
        '<' or '>' => "&lt;".Length,
        _ => rune.Utf16SequenceLength,
    };

    [GeneratedRegex(@"\A[UW][A-Z0-9]{2,30}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex PersonId();

    [GeneratedRegex(@"\A[CG][A-Z0-9]{2,30}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex ChannelId();
}
