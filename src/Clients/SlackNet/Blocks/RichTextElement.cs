namespace SlackNet.Blocks;

/// <summary>A part of a <see cref="RichTextBlock"/>.</summary>
public abstract class RichTextElement
{
    private protected RichTextElement(string type) => Type = type;

    public string Type { get; set; }
}
