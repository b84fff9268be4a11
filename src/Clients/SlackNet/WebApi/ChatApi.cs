namespace SlackNet.WebApi;

/// <summary>What a caller cannot set here is sent with the value that the official client sends by default.</summary>
internal sealed class ChatApi(ISlackApiClient client) : IChatApi
{
    private static readonly object[] NoAttachments = [];

    public Task<PostMessageResponse> PostMessage(Message message, CancellationToken cancellationToken = default) =>
        client.Post<PostMessageResponse>(
            "chat.postMessage",
            new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["channel"] = message.Channel,
                ["text"] = message.Text,
                ["parse"] = message.Parse,
                ["link_names"] = false,
                ["attachments"] = NoAttachments,
                ["blocks"] = message.Blocks,
                ["unfurl_links"] = message.UnfurlLinks,
                ["unfurl_media"] = message.UnfurlMedia,
                ["thread_ts"] = message.ThreadTs,
                ["reply_broadcast"] = message.ReplyBroadcast,
                ["metadata"] = message.MetadataJson,
            },
            cancellationToken);

    public Task<MessageUpdateResponse> Update(MessageUpdate messageUpdate, CancellationToken cancellationToken = default) =>
        client.Post<MessageUpdateResponse>(
            "chat.update",
            new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["ts"] = messageUpdate.Ts,
                ["channel"] = messageUpdate.ChannelId,
                ["text"] = messageUpdate.Text,
                ["blocks"] = messageUpdate.Blocks,
                ["parse"] = messageUpdate.Parse,
                ["link_names"] = false,
            },
            cancellationToken);

    public Task<PostEphemeralResponse> PostEphemeral(string userId, Message message, CancellationToken cancellationToken = default) =>
        client.Post<PostEphemeralResponse>(
            "chat.postEphemeral",
            new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["channel"] = message.Channel,
                ["text"] = message.Text,
                ["user"] = userId,
                ["attachments"] = NoAttachments,
                ["blocks"] = message.Blocks,
                ["link_names"] = false,
                ["thread_ts"] = message.ThreadTs,
                ["parse"] = message.Parse,
            },
            cancellationToken);
}
