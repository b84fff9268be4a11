using AlertResponder.Connections.Slack;
using AlertResponder.Contracts;
using AlertResponder.Notification.Cards;
using SlackNet.Blocks;

namespace AlertResponder.Notification.Slack;

/// <summary>
/// Renders a card as Block Kit blocks: a header, then rich text for each part. Small print is a context block, which takes no rich text: it is
/// plain text there, unless a line leads somewhere.
/// </summary>
internal static class SlackBlocks
{
    /// <summary>Slack's limit for a text object. For rich text it documents none; it is kept to the same.</summary>
    public const int MaxText = 3000;

    private const int MaxFallback = 400;
    private const int MaxButtons = 5;
    private const string No = "Cancel";

    // With the header that makes fifty, Slack's limit.
    private const int MaxBlocks = 49;

    // Slack refuses blocks of more than somewhat more than that together.
    private const int MaxMessageText = 10_000;

    public static IList<Block> Of(Card card) => [new HeaderBlock { Text = Plain(card.Title, Card.MaxTitle) }, .. OfParts(card.Parts)];

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
                if (Block(run, Math.Min(MaxText, left)) is not { } block)
                    break;
                (left, room) = (left - run.Lines.Sum(RichText.Length), room - 1);
                blocks.Add(block);
            }

            blocks.AddRange(Rows(part).Select(row => new ActionsBlock { Elements = [.. row.Select(Button)] }));
        }

        return blocks;
    }

    // More than five in a row are a wall.
    private static IEnumerable<CardButton[]> Rows(CardPart part) => part.Buttons.Chunk(MaxButtons);

    private static int TextLength(CardButton button) => button.Text.Length
        + (button.Confirm is { } confirm ? confirm.Title.Length + confirm.Text.Length + confirm.Yes.Length + No.Length : 0);

    private static Button Button(CardButton button) => new()
    {
        ActionId = RemediationButtons.ActionId(button.Verb, button.ProposalId),
        Value = RemediationButtons.Value(button.ProposalId),
        Text = Plain(button.Text, CardButton.MaxText),
        Style = button.Style switch
        {
            CardButtonStyle.Primary => ButtonStyle.Primary,
            CardButtonStyle.Danger => ButtonStyle.Danger,
            _ => ButtonStyle.Default,
        },
        Confirm = button.Confirm is not { } confirm ? null : new ConfirmationDialog
        {
            Title = Plain(confirm.Title, CardConfirm.MaxTitle),
            Text = Plain(confirm.Text, CardConfirm.MaxText),
            Confirm = Plain(confirm.Yes, CardConfirm.MaxAnswer),
            Deny = Plain(No, CardConfirm.MaxAnswer),
            Style = button.Style == CardButtonStyle.Danger ? "danger" : "primary",
        },
    };

    /// <summary>What push notifications and screen readers tell.</summary>
    public static string Fallback(Card card) => Fallback(card.Headline);

    public static string Fallback(string headline) => Mrkdwn.Text(headline, MaxFallback);

    /// <summary>What one block can hold each: of small print the lines that lead somewhere by themselves.</summary>
    private static IEnumerable<CardPart> Runs(CardPart part)
    {
        List<CardLine> run = [];
        var length = 0;
        foreach (var line in part.Lines)
        {
            if (run.Count > 0 && (length + RichText.Length(line) > MaxText || (part.Style == CardPartStyle.Quiet && IsPlain(line) != IsPlain(run[^1]))))
            {
                yield return part with { Lines = run };
                (run, length) = ([], 0);
            }

            run.Add(line);
            length += RichText.Length(line);
        }

        if (run.Count > 0)
            yield return part with { Lines = run };
    }

    private static bool IsPlain(CardLine line) => line.Spans.All(span => span.Style is CardSpanStyle.Plain or CardSpanStyle.Strong or CardSpanStyle.Code);

    private static Block? Block(CardPart run, int limit)
    {
        if (run.Style == CardPartStyle.Quiet && IsPlain(run.Lines[0]))
        {
            var text = string.Join('\n', run.Lines.Select(line => $"{(line.Bullet ? "• " : "")}{string.Concat(line.Spans.Select(span => span.Text))}"));
            return limit < RichText.Length(text) ? null : new ContextBlock { Elements = [Plain(text, MaxText, emoji: false)] };
        }

        return RichText.Render(run, limit) is { Count: > 0 } elements ? new RichTextBlock { Elements = elements } : null;
    }

    /// <summary>
    /// Plain text is shown as it is and knows no markup: Slack itself makes entities of <c>&amp; &lt; &gt;</c>. Whether it counts them as such it does not say, so the
    /// stricter is assumed: a message that it refuses is never seen.
    /// </summary>
    private static PlainText Plain(string text, int limit, bool emoji = true) => new(RichText.Cut(text, limit)) { Emoji = emoji };
}
