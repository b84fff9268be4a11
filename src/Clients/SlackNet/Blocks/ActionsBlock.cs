namespace SlackNet.Blocks;

/// <summary>A row of buttons: at most 25.</summary>
public sealed class ActionsBlock() : Block("actions")
{
    public IList<IActionElement> Elements { get; set; } = [];
}
