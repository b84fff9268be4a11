namespace SlackNet.Blocks;

/// <summary>A click on a <see cref="Button"/>.</summary>
public sealed class ButtonAction : BlockAction
{
    public TextObject Text { get; set; }

    /// <summary>The button's value.</summary>
    public string Value { get; set; }
}
