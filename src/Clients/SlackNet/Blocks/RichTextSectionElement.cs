namespace SlackNet.Blocks;

/// <summary>A run of text, a link or a mention.</summary>
public abstract class RichTextSectionElement
{
    private protected RichTextSectionElement(string type) => Type = type;

    public string Type { get; set; }
}
