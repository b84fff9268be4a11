namespace SlackNet.Blocks;

public enum RichTextListStyle
{
    Bullet,
    Ordered,
}
