namespace AlertResponder.Notification.Cards;

/// <summary>Keeps a message short: what people need first stays in it, the rest goes to its thread.</summary>
internal static class CardFit
{
    /// <summary>What a message may hold, by <see cref="Length(Card)"/>.</summary>
    public const int MostCharacters = 1_500;

    /// <summary>Of the explanation: a message that begins with a page of prose is not read.</summary>
    private const int LongestLede = 500;

    private static readonly CardPart Pointer = new(CardPartStyle.Quiet, [CardLine.Of(CardSpan.Plain("More in the thread ↓"))]);

    /// <summary>The characters that are seen: title and lines, without markup and addresses.</summary>
    public static int Length(Card card) => card.Title.Length + 1 + card.Parts.Sum(Length);

    /// <summary>The card for a message, and what it has no room for; nothing is in both but a line that had to be cut.</summary>
    public static (Card Message, IReadOnlyList<CardPart> Overflow) ForMessage(Card card)
    {
        if (Length(card) <= MostCharacters && card.Parts.All(part => part.Rank > 0 || part.Lines.All(line => TextLength(line) <= LongestLede)))
            return (card, []);

        var left = MostCharacters - card.Title.Length - 1 - Length(Pointer);
        var kept = new CardPart[card.Parts.Count];
        foreach (var index in Enumerable.Range(0, card.Parts.Count).OrderBy(index => card.Parts[index].Rank))
        {
            kept[index] = Fitting(card.Parts[index], left);
            left -= Length(kept[index]);
        }

        CardPart[] overflow = [.. card.Parts.Zip(kept, Rest).Where(part => part.Lines.Count > 0)];
        return (card with { Parts = [.. kept.Where(part => part.Lines.Count > 0 || part.Buttons.Count > 0), Pointer] }, overflow);
    }

    /// <summary>As many lines as fit, from the first on; of the lede a line that does not is cut.</summary>
    private static CardPart Fitting(CardPart part, int left)
    {
        List<CardLine> lines = [];
        foreach (var line in part.Lines)
        {
            var most = part.Rank == 0 ? Math.Min(left, LongestLede + 1) : left;
            if (Length(line) > most)
            {
                if (part.Rank == 0 && Cut(line, most - 1) is { } cut)
                    lines.Add(cut);
                break;
            }

            lines.Add(line);
            left -= Length(line);
        }

        return part with { Lines = lines };
    }

    private static CardPart Rest(CardPart whole, CardPart kept)
    {
        var same = whole.Lines.Zip(kept.Lines).TakeWhile(pair => ReferenceEquals(pair.First, pair.Second)).Count();
        return whole with { Lines = [.. whole.Lines.Skip(same)], Buttons = [] };
    }

    /// <summary>Of a line of one span, at the end of a sentence where there is one; null when too little of it would be left.</summary>
    private static CardLine? Cut(CardLine line, int most)
    {
        if (line.Spans is not [{ Target: null } span] || most < 40)
            return null;
        var text = ForeignText.Line(span.Text, most);
        var end = text.LastIndexOf(". ", StringComparison.Ordinal);
        return line with { Spans = [span with { Text = end > most / 2 ? text[..(end + 1)] : text }] };
    }

    private static int Length(CardPart part) => part.Lines.Sum(Length);

    // With its line break, and the mark of an item.
    private static int Length(CardLine line) => TextLength(line) + (line.Bullet ? 3 : 1);

    private static int TextLength(CardLine line) => line.Spans.Sum(span => span.Text.Length);
}
