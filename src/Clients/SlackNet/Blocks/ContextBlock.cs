namespace SlackNet.Blocks;

/// <summary>Small print: at most 10 elements.</summary>
public sealed class ContextBlock() : Block("context")
{
    public IList<IContextElement> Elements { get; set; } = [];
}
