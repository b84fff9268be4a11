namespace SlackNet.Blocks;

/// <summary>Text, fields in two columns, or both, and one element beside them.</summary>
public sealed class SectionBlock() : Block("section")
{
    /// <summary>At most 3,000 characters.</summary>
    public TextObject Text { get; set; }

    /// <summary>At most 10, each of at most 2,000 characters.</summary>
    [OmitIfEmpty]
    public IList<TextObject> Fields { get; set; } = [];

    public BlockElement Accessory { get; set; }

    /// <summary>Whether a long text is shown whole rather than behind "see more".</summary>
    public bool Expand { get; set; }
}
