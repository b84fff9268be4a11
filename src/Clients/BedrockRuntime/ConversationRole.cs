using Amazon.Runtime;

namespace Amazon.BedrockRuntime;

/// <summary>Who speaks in a message.</summary>
public sealed class ConversationRole(string value) : ConstantClass(value)
{
    public static readonly ConversationRole Assistant = new("assistant");

    public static readonly ConversationRole User = new("user");

    public static ConversationRole FindValue(string value) => FindValue<ConversationRole>(value);

    public static implicit operator ConversationRole(string value) => FindValue(value);
}
