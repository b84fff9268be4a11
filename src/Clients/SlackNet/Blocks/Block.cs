namespace SlackNet.Blocks;

/// <summary>A part of a message's layout.</summary>
/// <remarks>https://docs.slack.dev/reference/block-kit/blocks</remarks>
public abstract class Block
{
    private protected Block(string type) => Type = type;

    public string Type { get; }

    /// <summary>Unique within the message, at most 255 characters; Slack makes one up without.</summary>
    public string BlockId { get; set; }
}
