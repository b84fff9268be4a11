using System.Globalization;
using AlertResponder.Incidents;
using AlertResponder.Notification.Cards;

namespace AlertResponder.Notification;

/// <summary>Words for what the gateway did not take.</summary>
internal static class RefusalNote
{
    private const int MaxHeadline = 300;

    /// <summary>The message to the channel. Tried again, it has the same key.</summary>
    public static Note Of(WebhookRefusal refusal)
    {
        var headline = $"📭 {What(refusal)}";
        var since = refusal.FirstAt == refusal.LastAt ? Time(refusal.LastAt) : $"{Time(refusal.FirstAt)} to {Time(refusal.LastAt)}";
        return new Note(
            $"refusal/{refusal.Reason}/{refusal.Sender}/{(refusal.ToldAt?.UtcTicks ?? 0).ToString(CultureInfo.InvariantCulture)}",
            headline,
            [
                new CardPart(CardPartStyle.Body, [CardLine.Of(CardSpan.Strong(headline)), CardLine.Of(CardSpan.Plain(Detail(refusal)))]),
                new CardPart(CardPartStyle.Quiet, [CardLine.Of(CardSpan.Plain($"{refusal.Untold.ToString(CultureInfo.InvariantCulture)} since the last such message, {since} UTC · told once an hour at most"))]),
            ]);
    }

    /// <summary>What happened, and to whom.</summary>
    public static string What(WebhookRefusal refusal)
    {
        var sender = ForeignText.Line(refusal.Sender, MaxHeadline);
        return refusal.Reason switch
        {
            RefusalReason.NotAWebhook => $"A webhook from {sender} could not be read: its alerts are not here",
            RefusalReason.TooLarge => $"A webhook from {sender} was too large: some of its alerts are not here",
            RefusalReason.WrongType => $"A webhook from {sender} was refused for its type: its alerts are not here",
            RefusalReason.Unauthorized => $"Webhooks were refused that came from {sender}",
            RefusalReason.SetAside => $"A webhook from {sender} held what is no alert",
            RefusalReason.Truncated => $"Alertmanager at {sender} leaves alerts out of its webhooks",
            _ => $"Alerts from {sender} cannot be stored; they are asked for again",
        };
    }

    public static string Detail(WebhookRefusal refusal) => ForeignText.Line(refusal.Detail, WebhookRefusal.MaxDetail);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture);
}
