namespace SlackNet.Blocks;

public abstract class ActionElement : BlockElement, IActionElement
{
    private protected ActionElement(string type)
        : base(type)
    {
    }

    public string ActionId { get; set; }

    /// <summary>What is asked before a click counts.</summary>
    public ConfirmationDialog Confirm { get; set; }
}
