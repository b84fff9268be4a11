namespace SlackNet.Blocks;

/// <summary>Text that is shown as it is.</summary>
public sealed class RichTextText() : RichTextSectionElement("text")
{
    public string Text { get; set; }

    public RichTextStyle Style { get; set; }
}
