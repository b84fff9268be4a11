namespace SlackNet.Blocks;

/// <summary>Text in a fixed width, with its line breaks.</summary>
public sealed class RichTextPreformatted() : RichTextElement("rich_text_preformatted")
{
    public IList<RichTextSectionElement> Elements { get; set; } = [];
}
