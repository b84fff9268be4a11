using AlertResponder.Notification.Cards;
using Microsoft.AspNetCore.Html;

namespace AlertResponder.Notification.Page;

/// <summary>Renders a card as on the other boards, but without its buttons: the page shows, and changes nothing.</summary>
internal static class CardHtml
{
    /// <summary>The card's parts; its title is the page's heading.</summary>
    public static IHtmlContent Parts(Card card) => Html.All(card.Parts.Where(part => part.Lines.Count > 0).Select(Part));

    /// <summary>The card's tone as the name of a style.</summary>
    public static string Tone(Card card) => card.Tone switch
    {
        CardTone.Resolved => "resolved",
        CardTone.Critical => "critical",
        CardTone.Warning => "warning",
        _ => "calm",
    };

    /// <summary>The card's tone in words: a colour alone tells not everybody.</summary>
    public static string State(Card card) => card.Tone switch
    {
        CardTone.Resolved => "Resolved",
        CardTone.Critical => "Critical",
        CardTone.Warning => "Warning",
        _ => "Calm",
    };

    private static IHtmlContent Part(CardPart part)
    {
        if (part.Style == CardPartStyle.Preformatted)
            return Html.Of($"<pre class=\"part\" tabindex=\"0\">{string.Join('\n', part.Lines.Select(line => line.Spans[0].Text))}</pre>");
        var style = part.Style == CardPartStyle.Quiet ? "part quiet" : "part";
        return Html.Of($"<div class=\"{style}\">{Html.All(Runs(part.Lines))}</div>");
    }

    private static IEnumerable<IHtmlContent> Runs(IReadOnlyList<CardLine> lines)
    {
        for (var index = 0; index < lines.Count;)
        {
            if (!lines[index].Bullet)
            {
                yield return Line(lines[index++]);
                continue;
            }

            var items = lines.Skip(index).TakeWhile(line => line.Bullet).ToList();
            index += items.Count;
            yield return Html.Of($"<ul>{Html.All(items.Select(item => Html.Of($"<li>{Spans(item)}</li>")))}</ul>");
        }
    }

    private static IHtmlContent Line(CardLine line) => line.Spans is [{ Style: CardSpanStyle.Code, Text: var code }]
        ? Command(code)
        : Html.Of($"<p>{Spans(line)}</p>");

    private static IHtmlContent Command(string text) =>
        Html.Of($"<p class=\"command\"><code>{text}</code><button type=\"button\" data-copy>Copy</button></p>");

    private static IHtmlContent Spans(CardLine line) => Html.All(line.Spans.Select(span => span.Style switch
    {
        CardSpanStyle.Strong => Html.Of($"<strong>{span.Text}</strong>"),
        CardSpanStyle.Code => Html.Of($"<code>{span.Text}</code>"),
        CardSpanStyle.Link => Html.Of($"<a href=\"{WebLink.Text(span.Target!)}\" rel=\"noreferrer noopener\">{span.Text}</a>"),
        _ => Html.Of($"{span.Text}"),
    }));
}
