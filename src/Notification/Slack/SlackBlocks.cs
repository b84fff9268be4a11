using AlertResponder.Contracts;
using AlertResponder.Notification.Cards;
using SlackNet.Blocks;

namespace AlertResponder.Notification.Slack;

/// <summary>Renders a card as Block Kit blocks: a header, then a section or a context block for each part.</summary>
internal static class SlackBlocks
{
    /// <summary>Slack's limit for a text object.</summary>
    public const int MaxText = 3000;

    private const int MaxFallback = 400;
    private const int MaxButtons = 5;
    private const int LeastPreformatted = 20;
    private const string No = "Cancel";

    // With the header that makes fifty, Slack's limit.
    private const int MaxBlocks = 49;

    // Slack refuses blocks of more than somewhat more than that together.
    private const int MaxMessageText = 10_000;

    public static IList<Block> Of(Card card) => [new HeaderBlock { Text = Plain(card.Title) }, .. OfParts(card.Parts)];

    /// <summary>Blocks of parts, as far as one message can hold them. A part that is too long for a block takes several.</summary>
    public static IList<Block> OfParts(IEnumerable<CardPart> parts)
    {
        List<Block> blocks = [];
        var all = parts.ToList();

        // What can be asked for comes before what can be read.
        var left = MaxMessageText - all.SelectMany(part => part.Buttons).Sum(TextLength);
        var room = MaxBlocks - all.Sum(part => Rows(part).Count());
        foreach (var part in all)
        {
            foreach (var run in Runs(part).TakeWhile(_ => room > 0))
            {
                var text = Render(run, Math.Min(MaxText, left));
                if (text.Length == 0)
                    break;
                (left, room) = (left - text.Length, room - 1);
                blocks.Add(Block(run.Style, text));
            }

            blocks.AddRange(Rows(part).Select(row => new ActionsBlock { Elements = [.. row.Select(Button)] }));
        }

        return blocks;
    }

    private static string Render(CardPart part, int limit) => part.Style == CardPartStyle.Preformatted
        ? limit < LeastPreformatted ? "" : Mrkdwn.Preformatted(part.Lines, limit)
        : Mrkdwn.Render(part.Lines, limit);

    // More than five in a row are a wall.
    private static IEnumerable<CardButton[]> Rows(CardPart part) => part.Buttons.Chunk(MaxButtons);

    private static int TextLength(CardButton button) => button.Text.Length
        + (button.Confirm is { } confirm ? confirm.Title.Length + confirm.Text.Length + confirm.Yes.Length + No.Length : 0);

    private static Button Button(CardButton button) => new()
    {
        ActionId = RemediationButtons.ActionId(button.Verb, button.ProposalId),
        Value = RemediationButtons.Value(button.ProposalId),
        Text = Plain(button.Text),
        Style = button.Style switch
        {
            CardButtonStyle.Primary => ButtonStyle.Primary,
            CardButtonStyle.Danger => ButtonStyle.Danger,
            _ => ButtonStyle.Default,
        },
        Confirm = button.Confirm is not { } confirm ? null : new ConfirmationDialog
        {
            Title = Plain(confirm.Title),
            Text = Plain(confirm.Text),
            Confirm = Plain(confirm.Yes),
            Deny = Plain(No),
            Style = button.Style == CardButtonStyle.Danger ? "danger" : "primary",
        },
    };

    /// <summary>What push notifications and screen readers tell.</summary>
    public static string Fallback(Card card) => Fallback(card.Headline);

    public static string Fallback(string headline) => Mrkdwn.Render([CardLine.Of(CardSpan.Plain(headline))], MaxFallback);

    private static IEnumerable<CardPart> Runs(CardPart part)
    {
        List<CardLine> run = [];
        foreach (var line in part.Lines)
        {
            if (run.Count > 0 && Render(part with { Lines = [.. run, line] }, int.MaxValue).Length > MaxText)
            {
                yield return part with { Lines = run };
                run = [];
            }

            run.Add(line);
        }

        if (run.Count > 0)
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
    private static PlainText Plain(string text) => new(text.Replace('<', '‹').Replace('>', '›')) { Emoji = true };
}
