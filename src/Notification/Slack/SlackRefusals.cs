namespace AlertResponder.Notification.Slack;

/// <summary>What Slack's refusals of a post or an update are about. Source: the errors of <c>chat.postMessage</c> and <c>chat.update</c>.</summary>
internal static class SlackRefusals
{
    /// <summary>This one message can never be updated again.</summary>
    public static bool IsOfTheMessage(string? error) => error is "message_not_found" or "cant_update_message" or "edit_window_closed";

    /// <summary>The app can do nothing in the channel, until a person changes something there.</summary>
    public static bool IsOfTheChannel(string? error) => error is "channel_not_found" or "is_archived" or "is_inactive" or "not_in_channel";

    /// <summary>Nothing new can be posted in the channel, be it that what is there can still be updated.</summary>
    public static bool IsOfPosting(string? error) => IsOfTheChannel(error) || error is
        "restricted_action" or "restricted_action_read_only_channel" or "restricted_action_thread_only_channel"
        or "no_permission" or "ekm_access_denied" or "team_access_not_granted";

    /// <summary>The message takes no replies, though the channel takes messages.</summary>
    public static bool IsOfTheThread(string? error) => error is "restricted_action_non_threadable_channel" or "restricted_action_thread_locked";

    /// <summary>What the post says, which says the same in another try.</summary>
    public static bool IsOfTheContent(string? error) => error is
        "invalid_blocks" or "invalid_blocks_format" or "msg_too_long" or "msg_blocks_too_long" or "no_text" or "too_many_attachments"
        or "metadata_too_large" or "invalid_metadata_format" or "invalid_metadata_schema";

    /// <summary>An answer to a click cannot be told where its message is, however often that is tried.</summary>
    public static bool IsOfTheAnswer(string? error) =>
        IsOfPosting(error) || IsOfTheThread(error) || IsOfTheContent(error) || error is "thread_not_found" or "cannot_reply_to_message";

    /// <summary>The token is no good, whatever the channel.</summary>
    public static bool IsOfTheToken(string? error) => error is
        "invalid_auth" or "not_authed" or "account_inactive" or "token_expired" or "token_revoked" or "missing_scope" or "access_denied"
        or "not_allowed_token_type" or "org_login_required" or "enterprise_is_restricted";
}
