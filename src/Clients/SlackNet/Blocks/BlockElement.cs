namespace SlackNet.Blocks;

/// <summary>What may stand beside a section's text.</summary>
public abstract class BlockElement : IBlockElement
{
    private protected BlockElement(string type) => Type = type;

    public string Type { get; }
}
