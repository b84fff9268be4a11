using SlackNet.Blocks;

namespace SlackNet.WebApi;

/// <summary>A message to post.</summary>
public sealed class Message
{
    /// <summary>A channel's id (C...), or its name.</summary>
    public string Channel { get; set; }

    /// <summary>What notifications show, and what is shown without <see cref="Blocks"/>.</summary>
    public string Text { get; set; }

    public ParseMode Parse { get; set; }

    public IList<Block> Blocks { get; set; } = [];

    public bool UnfurlLinks { get; set; }

    public bool UnfurlMedia { get; set; } = true;

    /// <summary>The message that this one answers in a thread.</summary>
    public string ThreadTs { get; set; }

    /// <summary>Whether the answer in the thread is shown in the channel too.</summary>
    public bool ReplyBroadcast { get; set; }

    public MessageMetadata MetadataJson { get; set; }
}
