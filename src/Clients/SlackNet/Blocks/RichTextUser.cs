namespace SlackNet.Blocks;

/// <summary>Mentions a person.</summary>
public sealed class RichTextUser() : RichTextSectionElement("user")
{
    public string UserId { get; set; }
}
