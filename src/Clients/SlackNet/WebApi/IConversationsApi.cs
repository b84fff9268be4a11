namespace SlackNet.WebApi;

public interface IConversationsApi
{
    /// <summary>A channel's messages, the newest first, without those that are only in threads.</summary>
    /// <param name="channelId">An id (C...), not a name.</param>
    /// <param name="latestTs">Only messages before this timestamp.</param>
    /// <param name="oldestTs">Only messages after this timestamp.</param>
    /// <param name="inclusive">Whether the messages of these very timestamps count.</param>
    /// <param name="limit">How many; Slack gives 999 at most.</param>
    /// <param name="includeAllMetadata">Without, messages come without their metadata.</param>
    /// <param name="cursor">The <c>NextCursor</c> of the page before.</param>
    /// <param name="cancellationToken"></param>
    /// <remarks>https://docs.slack.dev/reference/methods/conversations.history</remarks>
    Task<ConversationHistoryResponse> History(
        string channelId,
        string latestTs = null,
        string oldestTs = null,
        bool inclusive = false,
        int limit = 100,
        bool includeAllMetadata = false,
        string cursor = null,
        CancellationToken cancellationToken = default);

    /// <summary>The messages of a thread, the oldest first, beginning with the one that it hangs on.</summary>
    /// <inheritdoc cref="History" path="/param" />
    /// <param name="threadTs">The timestamp of the message that the thread hangs on.</param>
    /// <remarks>https://docs.slack.dev/reference/methods/conversations.replies</remarks>
    Task<ConversationMessagesResponse> Replies(
        string channelId,
        string threadTs,
        string latestTs = null,
        string oldestTs = null,
        bool inclusive = false,
        int limit = 10,
        bool includeAllMetadata = false,
        string cursor = null,
        CancellationToken cancellationToken = default);
}
