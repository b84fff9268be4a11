namespace SlackNet.Blocks;

/// <summary>Text that is shown as it is.</summary>
public sealed class PlainText(string text = "") : TextObject("plain_text", text), IContextElement
{
    /// <summary>Whether :names: are drawn as emoji.</summary>
    public bool Emoji { get; set; } = true;

    public static implicit operator PlainText(string text) => new(text);
}
