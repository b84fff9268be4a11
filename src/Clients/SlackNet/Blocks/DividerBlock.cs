namespace SlackNet.Blocks;

/// <summary>A line across the message.</summary>
public sealed class DividerBlock() : Block("divider");
