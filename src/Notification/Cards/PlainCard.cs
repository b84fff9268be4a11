using System.Text;
using AlertResponder.Incidents;

namespace AlertResponder.Notification.Cards;

/// <summary>A card without a board to show it.</summary>
/// <param name="Told">What it says: not its small print, nor the commands that are there to copy.</param>
/// <param name="Shown">All of it, a line each.</param>
public sealed record PlainCard(string Told, string Shown)
{
    /// <summary>The card of an incident as it is drawn for every board.</summary>
    public static PlainCard Of(IncidentSnapshot incident)
    {
        var card = IncidentCard.Draw(incident);
        var shown = new StringBuilder(card.Title);
        foreach (var part in card.Parts)
            shown.Append('\n').AppendJoin('\n', part.Lines.Select(line => (line.Bullet ? "• " : "") + Text(line)));
        return new PlainCard(
            string.Join('\n', card.Parts
                .Where(part => part.Style == CardPartStyle.Body)
                .SelectMany(part => part.Lines)
                .Where(line => line.Spans.Any(span => span.Style != CardSpanStyle.Code))
                .Select(Text)
                .Prepend(card.Title)),
            shown.ToString());
    }

    private static string Text(CardLine line) => string.Concat(line.Spans.Select(span => span.Text));
}
