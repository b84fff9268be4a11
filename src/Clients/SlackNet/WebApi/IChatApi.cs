namespace SlackNet.WebApi;

public interface IChatApi
{
    /// <summary>Posts a message to a channel or a thread. Not idempotent.</summary>
    /// <remarks>https://docs.slack.dev/reference/methods/chat.postMessage</remarks>
    Task<PostMessageResponse> PostMessage(Message message, CancellationToken cancellationToken = default);

    /// <summary>Replaces a message that this token posted. It carries no metadata.</summary>
    /// <remarks>https://docs.slack.dev/reference/methods/chat.update</remarks>
    Task<MessageUpdateResponse> Update(MessageUpdate messageUpdate, CancellationToken cancellationToken = default);

    /// <summary>
    /// Posts a message that only one person sees, until their client is restarted. Slack does not promise that it arrives: they must be
    /// active and in the channel.
    /// </summary>
    /// <remarks>https://docs.slack.dev/reference/methods/chat.postEphemeral</remarks>
    Task<PostEphemeralResponse> PostEphemeral(string userId, Message message, CancellationToken cancellationToken = default);
}
