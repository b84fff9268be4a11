namespace SlackNet.Blocks;

/// <summary>A list; each of its items is a section.</summary>
public sealed class RichTextList() : RichTextElement("rich_text_list")
{
    public IList<RichTextSection> Elements { get; set; } = [];

    public RichTextListStyle Style { get; set; }
}
