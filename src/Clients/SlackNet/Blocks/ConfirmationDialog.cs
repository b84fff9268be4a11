namespace SlackNet.Blocks;

public sealed class ConfirmationDialog
{
    /// <summary>At most 100 characters.</summary>
    public PlainText Title { get; set; }

    /// <summary>At most 300 characters.</summary>
    public TextObject Text { get; set; }

    /// <summary>The button that goes ahead; at most 30 characters.</summary>
    public PlainText Confirm { get; set; }

    /// <summary>The button that does not; at most 30 characters.</summary>
    public PlainText Deny { get; set; }

    /// <summary>"primary" or "danger": the colour of the button that goes ahead.</summary>
    public string Style { get; set; }
}
