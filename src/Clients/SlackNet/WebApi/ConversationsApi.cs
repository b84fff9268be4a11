namespace SlackNet.WebApi;

internal sealed class ConversationsApi(ISlackApiClient client) : IConversationsApi
{
    public Task<ConversationHistoryResponse> History(
        string channelId,
        string latestTs = null,
        string oldestTs = null,
        bool inclusive = false,
        int limit = 100,
        bool includeAllMetadata = false,
        string cursor = null,
        CancellationToken cancellationToken = default) =>
        client.Get<ConversationHistoryResponse>(
            "conversations.history",
            new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["channel"] = channelId,
                ["cursor"] = cursor,
                ["inclusive"] = inclusive,
                ["latest"] = latestTs,
                ["limit"] = limit,
                ["oldest"] = oldestTs,
                ["include_all_metadata"] = includeAllMetadata,
            },
            cancellationToken);

    public Task<ConversationMessagesResponse> Replies(
        string channelId,
        string threadTs,
        string latestTs = null,
        string oldestTs = null,
        bool inclusive = false,
        int limit = 10,
        bool includeAllMetadata = false,
        string cursor = null,
        CancellationToken cancellationToken = default) =>
        client.Get<ConversationMessagesResponse>(
            "conversations.replies",
            new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["channel"] = channelId,
                ["ts"] = threadTs,
                ["cursor"] = cursor,
                ["inclusive"] = inclusive,
                ["latest"] = latestTs,
                ["limit"] = limit,
                ["oldest"] = oldestTs,
                ["include_all_metadata"] = includeAllMetadata,
            },
            cancellationToken);
}
