using System.Security.Cryptography;
using System.Text;
using AlertResponder.Notification.Cards;

namespace AlertResponder.Notification;

/// <summary>What stands in the thread of an incident's message: there is one reply of a key at most, redrawn in place.</summary>
/// <param name="IncidentId">The incident.</param>
/// <param name="Key">Tells it from the other replies of the thread, also after a crash.</param>
/// <param name="Headline">In one line, for push notifications and screen readers.</param>
/// <param name="Parts">Top to bottom; none is empty.</param>
internal sealed record ThreadReply(Guid IncidentId, string Key, string Headline, IReadOnlyList<CardPart> Parts)
{
    /// <summary>The key of what the message has no room for.</summary>
    public const string OverflowKey = "overflow";

    /// <summary>What an overflow becomes when the message has room for everything again: Slack's replies are not taken away.</summary>
    public static ThreadReply NoOverflow(Guid incidentId) => new(
        incidentId, OverflowKey, "Everything is in the message", [new CardPart(CardPartStyle.Quiet, [CardLine.Of(CardSpan.Plain("Everything is in the message above now."))])]);

    /// <summary>Equal for replies that look the same.</summary>
    public string Hash()
    {
        var text = new StringBuilder();
        foreach (var line in Parts.SelectMany(part => part.Lines.Select(line => (part.Style, Line: line))))
        {
            text.Append((int)line.Style).Append(line.Line.Bullet ? '•' : ' ');
            foreach (var span in line.Line.Spans)
                text.Append((int)span.Style).Append(span.Text).Append('\u001f').Append(span.Target).Append('\u001f');
            text.Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }
}
