namespace SlackNet.Blocks;

/// <summary>A click on some element.</summary>
public class BlockAction
{
    /// <summary>The element's: such as button.</summary>
    public string Type { get; set; }

    public string ActionId { get; set; }

    public string BlockId { get; set; }

    /// <summary>When: seconds since 1970 with six decimals.</summary>
    public string ActionTs { get; set; }
}
