namespace SlackNet.Blocks;

/// <summary>Text in Slack's own markup; whoever builds it escapes <c>&amp;</c>, <c>&lt;</c> and <c>&gt;</c>.</summary>
/// <remarks>https://docs.slack.dev/messaging/formatting-message-text</remarks>
public sealed class Markdown(string markdown = "") : TextObject("mrkdwn", markdown), IContextElement
{
    /// <summary>Whether names and addresses that are not marked up stay plain.</summary>
    public bool Verbatim { get; set; }

    public static implicit operator Markdown(string text) => new(text);
}
