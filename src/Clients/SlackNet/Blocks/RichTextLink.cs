namespace SlackNet.Blocks;

public sealed class RichTextLink() : RichTextSectionElement("link")
{
    public string Url { get; set; }

    /// <summary>What is shown instead of the address.</summary>
    public string Text { get; set; }
}
