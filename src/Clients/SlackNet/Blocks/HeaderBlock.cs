namespace SlackNet.Blocks;

/// <summary>A large line of at most 150 characters.</summary>
public sealed class HeaderBlock() : Block("header")
{
    public PlainText Text { get; set; }
}
