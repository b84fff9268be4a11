namespace SlackNet.Blocks;

/// <summary>Text, either <see cref="PlainText"/> or <see cref="Markdown"/>.</summary>
public abstract class TextObject
{
    private protected TextObject(string type, string text) => (Type, Text) = (type, text);

    public string Type { get; set; }

    public string Text { get; set; }

    public static implicit operator TextObject(string text) => new PlainText(text);

    public override string ToString() => Text;
}
