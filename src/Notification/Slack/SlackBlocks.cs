using AlertResponder.Notification.Cards;
using SlackNet.Blocks;

namespace AlertResponder.Notification.Slack;

/// <summary>Renders a card as Block Kit blocks: a header, then a section or a context block for each part.</summary>
internal static class SlackBlocks
{
    /// <summary>Slack's limit for a text object.</summary>
    public const int MaxText = 3000;

    private const int MaxFallback = 400;

    public static IList<Block> Of(Card card) => [new HeaderBlock { Text = new PlainText(PlainTitle(card)) { Emoji = true } }, .. card.Parts.Select(Block)];

    /// <summary>What push notifications and screen readers tell.</summary>
    public static string Fallback(Card card) => Mrkdwn.Render([CardLine.Of(CardSpan.Plain(card.Headline))], MaxFallback);

    private static Block Block(CardPart part)
    {
        // Verbatim: Slack must not turn addresses, channel names or mentions in plain text into links.
        var text = new Markdown(Mrkdwn.Render(part.Lines, MaxText)) { Verbatim = true };
        return part.Style == CardPartStyle.Quiet
            ? new ContextBlock { Elements = [text] }
            : new SectionBlock { Text = text, Expand = true };
    }

    /// <summary>Plain text knows no entities: angle brackets are replaced by look-alikes of the same length.</summary>
    private static string PlainTitle(Card card) => card.Title.Replace('<', '‹').Replace('>', '›');
}
