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

    /// <summary>The token is no good, whatever the channel.</summary>
    public static bool IsOfTheToken(string? error) => error is
        "invalid_auth" or "not_authed" or "account_inactive" or "token_expired" or "token_revoked" or "missing_scope" or "access_denied"
        or "not_allowed_token_type" or "org_login_required" or "enterprise_is_restricted";
}
