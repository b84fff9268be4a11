namespace SlackNet.Blocks;

/// <summary>Names a channel, as a link to it.</summary>
public sealed class RichTextChannel() : RichTextSectionElement("channel")
{
    public string ChannelId { get; set; }
}
