namespace SlackNet.Blocks;

/// <summary>Running text.</summary>
public sealed class RichTextSection() : RichTextElement("rich_text_section")
{
    public IList<RichTextSectionElement> Elements { get; set; } = [];
}
