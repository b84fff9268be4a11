using SlackNet.Events;

namespace SlackNet.WebApi;

/// <summary>A page of messages.</summary>
public class ConversationMessagesResponse
{
    public IList<MessageEvent> Messages { get; set; } = [];

    public bool HasMore { get; set; }

    public ResponseMetadata ResponseMetadata { get; set; } = new();
}
