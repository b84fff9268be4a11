using AlertResponder.Connections.Slack;
using AlertResponder.Host.Commands;
using SlackNet;
using SlackNet.WebApi;

namespace AlertResponder.Host.Doctor;

/// <summary>Whether Slack takes the token, and whether the bot may read the channel and write there. Nothing is posted.</summary>
internal static class SlackCheck
{
    private const string Subject = "Slack";

    // No message can have this one: it lies long before Slack.
    private const string NoMessage = "1.000001";

    private const string Reinstall = "under OAuth & Permissions, reinstall the app, and set Slack:BotToken to the new bot token";

    /// <param name="slack">Null without a bot token.</param>
    /// <param name="options">The ids of the channels.</param>
    public static Check Of(ISlackApiClient? slack, SlackOptions options) => new(
        Subject,
        "See that Slack:ApiUrl (https://slack.com/api/) can be reached from here",
        cancellationToken => ExamineAsync(slack, options, cancellationToken));

    private static async Task<IReadOnlyList<Finding>> ExamineAsync(ISlackApiClient? slack, SlackOptions options, CancellationToken cancellationToken)
    {
        if (slack is null)
        {
            return [Finding.Note(Subject, "Slack:BotToken is not set: messages are printed on the console.")];
        }

        try
        {
            var bot = await slack.Auth.Test(cancellationToken);
            var channel = new Place("Slack channel", "Slack:Channel", options.Channel!);
            List<Finding> findings =
            [
                Finding.Ok(Subject, $"the token is that of {ForeignLine.Of(bot.User)} in {ForeignLine.Of(bot.Team)}"),
                await ReadingAsync(slack, channel, cancellationToken),
                await WritingAsync(slack, channel, cancellationToken),
            ];
            if (!string.IsNullOrWhiteSpace(options.FallbackChannel))
            {
                var fallback = new Place("Slack fallback", "Slack:FallbackChannel", options.FallbackChannel);
                findings.Add(await ReadingAsync(slack, fallback, cancellationToken));
                findings.Add(await WritingAsync(slack, fallback, cancellationToken));
            }

            return findings;
        }
        catch (SlackException e)
        {
            return [Finding.Fail(Subject, $"Slack refuses the token ({ForeignLine.Of(e.ErrorCode)})", "Set Slack:BotToken to the bot token (xoxb-...) of OAuth & Permissions in the app's settings")];
        }
        catch (SlackRateLimitException)
        {
            return [Finding.Fail(Subject, "Slack answers that there were too many calls (429)", "Try again in a minute")];
        }
    }

    private static async Task<Finding> ReadingAsync(ISlackApiClient slack, Place place, CancellationToken cancellationToken)
    {
        try
        {
            await slack.Conversations.History(place.Channel, limit: 1, cancellationToken: cancellationToken);
            return Finding.Ok(place.Subject, $"{place.Channel} can be read: a message is found again after a crash");
        }
        catch (SlackException e)
        {
            return Refused(e, place, "cannot be read", "channels:history (for a private channel groups:history)");
        }
    }

    // An update of a message that does not exist is refused for that alone, once everything else is in order.
    private static async Task<Finding> WritingAsync(ISlackApiClient slack, Place place, CancellationToken cancellationToken)
    {
        try
        {
            await slack.Chat.Update(new MessageUpdate { ChannelId = place.Channel, Ts = NoMessage, Text = "doctor" }, cancellationToken);
        }
        catch (SlackException e) when (e.ErrorCode is not ("message_not_found" or "cant_update_message"))
        {
            return Refused(e, place, "cannot be written to", "chat:write");
        }
        catch (SlackException)
        {
            // As expected.
        }

        return Finding.Ok(place.Subject, $"{place.Channel} can be written to (chat:write)");
    }

    private static Finding Refused(SlackException refusal, Place place, string what, string scope) => Finding.Fail(
        place.Subject,
        $"{place.Channel} {what} ({ForeignLine.Of(refusal.ErrorCode)})",
        refusal.ErrorCode switch
        {
            "missing_scope" => $"Give the bot the scope {scope} {Reinstall}",
            "not_in_channel" => "Invite the bot: /invite @name in the channel",
            "channel_not_found" => $"Set {place.Setting} to the channel's id (C...; at the end of its details), and invite the bot if it is private",
            "is_archived" => $"Unarchive the channel, or set {place.Setting} to another",
            _ => "See https://docs.slack.dev for this error",
        });

    /// <param name="Subject">What the findings are headed with.</param>
    /// <param name="Setting">Where it is configured.</param>
    /// <param name="Channel">Its id.</param>
    private sealed record Place(string Subject, string Setting, string Channel);
}
