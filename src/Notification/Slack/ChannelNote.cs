using System.Globalization;
using AlertResponder.Incidents;
using AlertResponder.Notification.Cards;

namespace AlertResponder.Notification.Slack;

/// <summary>Words for what people are told about the channels themselves. Tried again, each has the same key.</summary>
internal static class ChannelNote
{
    /// <summary>To the fallback that stands in for the channel.</summary>
    public static Note Refuses(ChannelOutage outage) =>
        Of(outage, "refuses", $"⚠️ {outage.Channel} cannot be posted to ({outage.Error}): until it can, new incidents are shown here.");

    /// <summary>To the channel itself.</summary>
    public static Note Takes(ChannelOutage outage) => Of(outage, "takes", "✅ Messages can be posted here again.");

    private static Note Of(ChannelOutage outage, string what, string text) => new(
        $"channel/{outage.Channel}/{outage.Since.UtcTicks.ToString(CultureInfo.InvariantCulture)}/{what}",
        text,
        [new CardPart(CardPartStyle.Body, [CardLine.Of(CardSpan.Plain(text))])]);
}
