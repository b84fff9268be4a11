namespace SlackNet.Blocks;

/// <summary>Formatted text as a tree: nothing in a text of it is markup, so nothing needs to be escaped.</summary>
/// <remarks>https://docs.slack.dev/reference/block-kit/blocks/rich-text-block</remarks>
public sealed class RichTextBlock() : Block("rich_text")
{
    public IList<RichTextElement> Elements { get; set; } = [];
}
