namespace SlackNet.Blocks;

/// <summary>What may stand in an <see cref="ActionsBlock"/>.</summary>
public interface IActionElement : IBlockElement
{
    /// <summary>What a click is reported under; unique within its block, at most 255 characters.</summary>
    string ActionId { get; set; }
}
