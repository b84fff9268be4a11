using AlertResponder.Notification.Cards;
using SlackNet.Blocks;

namespace AlertResponder.Notification.Slack;

/// <summary>Renders a card as Block Kit blocks: a header, then a section or a context block for each part.</summary>
internal static class SlackBlocks
{
    /// <summary>Slack's limit for a text object.</summary>
    public const int MaxText = 3000;

    private const int MaxFallback = 400;

    // With the header that makes fifty, Slack's limit.
    private const int MaxBlocks = 49;

    // Slack refuses blocks of more than somewhat more than that together.
    private const int MaxMessageText = 10_000;

    public static IList<Block> Of(Card card) => [new HeaderBlock { Text = new PlainText(PlainTitle(card)) { Emoji = true } }, .. OfParts(card.Parts)];

    /// <summary>Blocks of parts, as far as one message can hold them. A part that is too long for a block takes several.</summary>
    public static IList<Block> OfParts(IEnumerable<CardPart> parts)
    {
        List<Block> blocks = [];
        var left = MaxMessageText;
        foreach (var lines in parts.SelectMany(part => Runs(part)))
        {
            var text = Mrkdwn.Render(lines.Lines, Math.Min(MaxText, left));
            if (text.Length == 0 || blocks.Count == MaxBlocks)
                break;
            left -= text.Length;
            blocks.Add(Block(lines.Style, text));
        }

        return blocks;
    }

    /// <summary>What push notifications and screen readers tell.</summary>
    public static string Fallback(Card card) => Fallback(card.Headline);

    public static string Fallback(string headline) => Mrkdwn.Render([CardLine.Of(CardSpan.Plain(headline))], MaxFallback);

    private static IEnumerable<CardPart> Runs(CardPart part)
    {
        List<CardLine> run = [];
        foreach (var line in part.Lines)
        {
            if (run.Count > 0 && Mrkdwn.Render([.. run, line], int.MaxValue).Length > MaxText)
            {
                yield return part with { Lines = run };
                run = [];
            }

            run.Add(line);
        }

        yield return part with { Lines = run };
    }

    private static Block Block(CardPartStyle style, string markup)
    {
        // Verbatim: Slack must not turn addresses, channel names or mentions in plain text into links.
        var text = new Markdown(markup) { Verbatim = true };
        return style == CardPartStyle.Quiet
            ? new ContextBlock { Elements = [text] }
            : new SectionBlock { Text = text, Expand = true };
    }

    /// <summary>Plain text knows no entities: angle brackets are replaced by look-alikes of the same length.</summary>
    private static string PlainTitle(Card card) => card.Title.Replace('<', '‹').Replace('>', '›');
}
