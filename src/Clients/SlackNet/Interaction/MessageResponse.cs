using SlackNet.WebApi;

namespace SlackNet.Interaction;

/// <summary>An answer to what a person did.</summary>
public sealed class MessageResponse
{
    public ResponseType ResponseType { get; set; }

    /// <summary>Whether it takes the place of the message that was clicked.</summary>
    public bool ReplaceOriginal { get; set; }

    /// <summary>Whether the message that was clicked goes away.</summary>
    public bool DeleteOriginal { get; set; }

    public Message Message { get; set; }
}
