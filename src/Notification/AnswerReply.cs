using AlertResponder.Contracts;
using AlertResponder.Notification.Cards;
using AlertResponder.Notification.Slack;

namespace AlertResponder.Notification;

/// <summary>A long answer as replies in the thread, each within Slack's limits.</summary>
internal static class AnswerReply
{
    // Of 48 KiB, the most that remediation answers, nothing is left out unless most of it must be escaped.
    private const int MaxReplies = 12;

    private const int MaxText = 48 * 1024;
    private const int MaxTitle = 200;
    private const int MaxPerson = 60;

    // As preformatted text. Some of Slack's room is left for the title and for what each block adds.
    private const int MaxLength = 8_500;
    private const int MaxLine = 2_500;

    /// <summary>The same answer always gives the same replies.</summary>
    public static IEnumerable<ThreadReply> Of(RemediationCompleted completed, Guid requestId)
    {
        var title = ForeignText.Line(completed.ReplyTitle, MaxTitle) is { Length: > 0 } given ? given : "Answer";
        var pieces = Pieces(ForeignText.Block(completed.Reply ?? "", MaxText)).Take(MaxReplies + 1).ToList();
        foreach (var (index, piece) in pieces.Take(MaxReplies).Index())
        {
            var count = pieces.Count > MaxReplies ? $" ({index + 1} of more; the rest is left out)" : pieces.Count > 1 ? $" ({index + 1} of {pieces.Count})" : "";
            List<CardSpan> heading = [CardSpan.Strong(title), CardSpan.Plain($"{count}, asked for by ")];
            heading.Add(CardSpan.Person(ForeignText.Line(completed.RequestedBy, MaxPerson)));
            yield return new ThreadReply(
                completed.IncidentId,
                $"answer/{requestId:N}/{index}",
                title + count,
                [new CardPart(CardPartStyle.Body, [new CardLine(heading)]), new CardPart(CardPartStyle.Preformatted, piece)]);
        }
    }

    private static IEnumerable<IReadOnlyList<CardLine>> Pieces(string text)
    {
        List<CardLine> piece = [];
        var length = 0;
        foreach (var line in text.Split('\n').SelectMany(Cut))
        {
            var added = RichText.Length(line) + 1;
            if (length + added > MaxLength)
            {
                yield return piece;
                (piece, length) = ([], 0);
            }

            piece.Add(CardLine.Of(CardSpan.Code(line.Length > 0 ? line : " ")));
            length += added;
        }

        yield return piece;
    }

    // A line that no block can hold goes on in the next one.
    private static IEnumerable<string> Cut(string line)
    {
        var (start, length, index) = (0, 0, 0);
        foreach (var rune in line.EnumerateRunes())
        {
            var added = RichText.Length(rune.ToString());
            if (length + added > MaxLine)
            {
                yield return line[start..index];
                (start, length) = (index, 0);
            }

            (length, index) = (length + added, index + rune.Utf16SequenceLength);
        }

        yield return line[start..];
    }
}
