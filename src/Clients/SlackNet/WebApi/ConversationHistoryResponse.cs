namespace SlackNet.WebApi;

public sealed class ConversationHistoryResponse : ConversationMessagesResponse;
