using SlackNet.Blocks;

namespace SlackNet.WebApi;

/// <summary>What to replace a message with.</summary>
public sealed class MessageUpdate
{
    /// <summary>The message's timestamp, which is its id in the channel.</summary>
    public string Ts { get; set; }

    /// <summary>The id (C...) that posting answered; a name is refused.</summary>
    public string ChannelId { get; set; }

    public string Text { get; set; }

    /// <summary>Null leaves the message's blocks as they are.</summary>
    public IList<Block> Blocks { get; set; }

    public ParseMode Parse { get; set; } = ParseMode.Client;
}
