namespace Amazon.BedrockRuntime.Model;

public sealed class Message
{
    public ConversationRole Role { get; set; }

    public List<ContentBlock> Content { get; set; }
}
