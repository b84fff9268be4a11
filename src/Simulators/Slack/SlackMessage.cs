using System.Text.Json;

namespace AlertResponder.Simulators.Slack;

/// <summary>A message as it stands in a channel.</summary>
/// <param name="Channel">Id of the channel.</param>
/// <param name="Ts">Its id within the channel: seconds and six further digits, unique and increasing.</param>
/// <param name="User">Id of its author.</param>
/// <param name="Content">What it says now.</param>
/// <param name="ThreadTs">The message whose thread it is in; null in the channel itself.</param>
/// <param name="History">What it said before each edit, oldest first.</param>
public sealed record SlackMessage(
    string Channel,
    string Ts,
    string User,
    SlackContent Content,
    string? ThreadTs,
    IReadOnlyList<SlackContent> History)
{
    /// <summary>The text: with blocks only shown in notifications.</summary>
    public string Text => Content.Text;

    /// <summary>The blocks; an empty array without any.</summary>
    public JsonElement Blocks => Content.Blocks;

    /// <summary><c>event_type</c> and <c>event_payload</c>; null without metadata.</summary>
    public JsonElement? Metadata => Content.Metadata;

    /// <summary>Whom it would notify now; see <see cref="SlackContent.Mentions"/>.</summary>
    public IReadOnlyList<string> Mentions => Content.Mentions;
}

/// <summary>What a message says at one time.</summary>
/// <param name="Text">The text as sent, with Slack's escapes.</param>
/// <param name="Blocks">An empty array without any.</param>
/// <param name="Metadata">Null without.</param>
/// <param name="Mentions">
/// Every mention that Slack would act upon, as it is written (<c>&lt;!channel&gt;</c>, <c>&lt;@U123&gt;</c>), in the text and in all
/// blocks; plain text mentions nobody.
/// </param>
public sealed record SlackContent(string Text, JsonElement Blocks, JsonElement? Metadata, IReadOnlyList<string> Mentions);
