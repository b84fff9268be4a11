using System.Text;
using AlertResponder.Notification.Cards;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AlertResponder.Notification.Console;

/// <summary>Renders a card for a terminal or a log. Text is appended to paragraphs, never parsed as markup.</summary>
internal static class ConsoleCard
{
    private const int MaxWidth = 100;
    private const int MinWidth = 40;
    private const string Bullet = "• ";

    /// <summary>A panel where the terminal understands ANSI sequences, else plain lines.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="card">The card.</param>
    /// <param name="updated">Whether an earlier card of the same incident went before.</param>
    public static void Write(IAnsiConsole console, Card card, bool updated)
    {
        var width = Math.Clamp(console.Profile.Width, MinWidth, MaxWidth);
        if (console.Profile.Capabilities.Ansi)
        {
            console.Write(Panel(card, updated, width));
            return;
        }

        // Past Spectre's own layout, which would break an address over two lines; nobody can follow half of one.
        console.Profile.Out.Writer.Write(PlainText(card, updated, width));
        console.Profile.Out.Writer.Flush();
    }

    private static Panel Panel(Card card, bool updated, int width)
    {
        var style = new Style(Colour(card.Tone), decoration: Decoration.Bold);
        List<IRenderable> rows = [new Paragraph(card.Title, style)];
        if (updated)
            rows.Add(new Paragraph(UpdateLine(card), Style(CardPartStyle.Quiet)));
        foreach (var part in card.Parts.Where(part => part.Lines.Count > 0))
        {
            rows.Add(Text.Empty);
            rows.AddRange(part.Lines.Select(line => Row(line, part.Style)));
        }

        return new Panel(new Rows(rows)) { Border = BoxBorder.Rounded, BorderStyle = new Style(Colour(card.Tone)), Width = width };
    }

    private static Paragraph Row(CardLine line, CardPartStyle partStyle)
    {
        var row = new Paragraph();
        if (line.Bullet)
            row.Append(Bullet, Style(partStyle));
        foreach (var span in line.Spans)
        {
            row.Append(span.Text, span.Style switch
            {
                CardSpanStyle.Strong => new Style(decoration: Decoration.Bold),
                CardSpanStyle.Code => new Style(Color.Teal),
                CardSpanStyle.Link => new Style(decoration: Decoration.Underline),
                _ => Style(partStyle),
            }, span.Style is CardSpanStyle.Link ? new Link(WebLink.Text(span.Target!)) : null);
        }

        return row;
    }

    private static Style Style(CardPartStyle partStyle) =>
        partStyle == CardPartStyle.Quiet ? new Style(decoration: Decoration.Dim) : Spectre.Console.Style.Plain;

    private static Color Colour(CardTone tone) => tone switch
    {
        CardTone.Resolved => Color.Green,
        CardTone.Critical => Color.Red,
        CardTone.Warning => Color.Orange1,
        _ => Color.Blue,
    };

    private static string UpdateLine(Card card) => $"Update of incident {card.IncidentId:D}";

    private static string PlainText(Card card, bool updated, int width)
    {
        var text = new StringBuilder();
        text.Append('-', width).AppendLine();
        Wrap(text, card.Title, width, "");
        if (updated)
            Wrap(text, UpdateLine(card), width, "");
        foreach (var part in card.Parts.Where(part => part.Lines.Count > 0))
        {
            text.AppendLine();
            foreach (var line in part.Lines)
            {
                var links = line.Spans.Where(span => span.Style == CardSpanStyle.Link).ToList();
                if (links.Count == 0)
                    Wrap(text, (line.Bullet ? Bullet : "") + string.Concat(line.Spans.Select(span => span.Text)), width, line.Bullet ? "  " : "");
                foreach (var link in links)
                    text.Append(link.Text).Append(": ").AppendLine(WebLink.Text(link.Target!));
            }
        }

        text.Append('-', width).AppendLine();
        return text.ToString();
    }

    private static void Wrap(StringBuilder text, string line, int width, string indent)
    {
        while (line.Length > width)
        {
            var end = line.LastIndexOf(' ', width);
            if (end <= indent.Length)
                end = char.IsLowSurrogate(line[width]) ? width - 1 : width;
            text.AppendLine(line[..end]);
            line = indent + line[end..].TrimStart();
        }

        text.AppendLine(line);
    }
}
