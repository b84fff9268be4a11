using System.Globalization;
using AlertResponder.Connections.Slack;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Notification.Cards;
using AlertResponder.Resilience;
using Microsoft.Extensions.Logging;
using Newtonsoft.Json.Linq;
using SlackNet;
using SlackNet.Blocks;
using SlackNet.Events;
using SlackNet.WebApi;

namespace AlertResponder.Notification.Slack;

/// <summary>
/// The board that is a Slack channel. The metadata of a message carries the incident's id, so that a message whose posting was
/// never recorded is found again; <c>chat.update</c> keeps it.
/// </summary>
/// <param name="slack">The Web API.</param>
/// <param name="upstream">Slack's pipeline of retries and breaker.</param>
/// <param name="options">Slack's limits.</param>
/// <param name="channels">Where to post.</param>
/// <param name="time">The clock of those limits.</param>
/// <param name="logger">For what a person should change.</param>
internal sealed partial class SlackMessenger(
    ISlackApiClient slack,
    Upstream upstream,
    SlackOptions options,
    SlackChannels channels,
    TimeProvider time,
    ILogger<SlackMessenger> logger) : IMessageBoard, IDisposable
{
    private const string EventType = RemediationButtons.EventType;
    private const string ReplyEventType = "alert_responder_reply";
    private const string NoteEventType = "alert_responder_note";
    private const string IncidentId = RemediationButtons.IncidentId;
    private const string Number = "number";
    private const string ReplyKey = "key";
    private const int PageSize = 200;
    private const int MaxPages = 10;

    // Between our clock and Slack's, which stamps the messages.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private readonly RateGate posts = new(burst: 1, TimeSpan.FromSeconds(1) / options.PostsPerSecond, time);

    // A fifth at once and the rest over the minute: no minute has more.
    private readonly RateGate updates = new(
        burst: Math.Max(1, options.UpdatesPerMinute / 5),
        TimeSpan.FromMinutes(1) / Math.Max(1, options.UpdatesPerMinute - (options.UpdatesPerMinute / 5)),
        time);

    public Task PostTurnAsync(CancellationToken cancellationToken) => posts.PassAsync(cancellationToken);

    public Task UrgentPostTurnAsync(CancellationToken cancellationToken) => posts.PassUrgentAsync(cancellationToken);

    public bool TryPostTurn() => posts.TryPass();

    public Task UpdateTurnAsync(CancellationToken cancellationToken) => updates.PassAsync(cancellationToken);

    public bool TryUpdateTurn() => updates.TryPass();

    /// <inheritdoc/>
    /// <remarks>In the channel, or in the fallback while that refuses.</remarks>
    /// <exception cref="UpstreamPausedException">The breaker is open; nothing was sent.</exception>
    /// <exception cref="SlackException">Slack refuses it for what it says.</exception>
    public async Task<PostedMessage> PostAsync(IncidentSnapshot incident, Func<string, Task> intendAsync, CancellationToken cancellationToken)
    {
        var card = CardFit.ForMessage(IncidentCard.Draw(incident)).Message;
        var since = time.GetUtcNow() - ClockSkew;

        // Without a number it is the first: as it was before there were others.
        var payload = new JObject { [IncidentId] = Text(incident.Id) };
        if (incident.MessageNumber > 0)
            payload[Number] = incident.MessageNumber;
        return await PostWhereUsableAsync(
            channel => Message(channel, SlackBlocks.Fallback(card), SlackBlocks.Of(card), EventType, payload),
            intendAsync,
            (channel, token) => SearchNewestAsync(channel, incident.Id, incident.MessageNumber, since, token),
            cancellationToken);
    }

    /// <summary>Tries to post in a channel again that has refused it, by saying there that it can be posted to.</summary>
    /// <returns>Whether it can.</returns>
    public async Task<bool> TryAgainAsync(string channel, Note note, DateTimeOffset? mayBeThere, CancellationToken cancellationToken)
    {
        try
        {
            await NoteAsync(channel, note, mayBeThere, cancellationToken);
            channels.Takes(channel);
            return true;
        }
        catch (SlackException exception)
        {
            channels.Refuses(channel, exception.ErrorCode);
            return false;
        }
    }

    /// <summary>Tells something about the channels themselves, in one of them. Its turn has been waited for.</summary>
    /// <exception cref="UpstreamPausedException">The breaker is open; nothing was sent.</exception>
    /// <exception cref="SlackException">Slack refuses it.</exception>
    public async Task NoteAsync(string channel, Note note, DateTimeOffset? mayBeThere, CancellationToken cancellationToken)
    {
        var since = (mayBeThere ?? time.GetUtcNow()) - ClockSkew;
        if (mayBeThere is null || await upstream.CallAsync(token => SearchNoteAsync(channel, note, since, token), cancellationToken) is null)
        {
            await PostAsync(Message(channel, note), token => SearchNoteAsync(channel, note, since, token), cancellationToken);
        }
    }

    /// <inheritdoc/>
    public ThreadReply? Overflow(IncidentSnapshot incident) =>
        CardFit.ForMessage(IncidentCard.Draw(incident)).Overflow is { Count: > 0 } overflow
            ? new ThreadReply(incident.Id, ThreadReply.OverflowKey, "What the message above has no room for", overflow)
            : null;

    /// <inheritdoc/>
    /// <remarks>
    /// Where the app may post but not read the channel, a reply whose place is not known is posted anew, with a warning. Where replies are not taken there is
    /// none, with a warning too.
    /// </remarks>
    /// <exception cref="UpstreamPausedException">The breaker is open; nothing was sent.</exception>
    /// <exception cref="SlackException">Slack refuses it; <c>thread_not_found</c> when the message is gone.</exception>
    public async Task<string?> ReplyAsync(PostedMessage message, ThreadReply reply, string? ts, CancellationToken cancellationToken)
    {
        var blocks = SlackBlocks.OfParts(reply.Parts);
        var fallback = SlackBlocks.Fallback(reply.Headline);
        var at = ts ?? await SearchThreadAsync(message, reply, token => upstream.CallAsync(token, cancellationToken));
        if (at is not null
            && await UpdateAsync(new MessageUpdate { ChannelId = message.Channel, Ts = at, Text = fallback, Blocks = blocks, Parse = ParseMode.None }, reply.IncidentId, cancellationToken) == UpdateResult.Updated)
        {
            return at;
        }

        var answer = Message(message.Channel, fallback, blocks, ReplyEventType, new JObject { [IncidentId] = Text(reply.IncidentId), [ReplyKey] = reply.Key });
        answer.ThreadTs = message.Ts;
        try
        {
            var posted = await PostAsync(
                answer,
                async token => await SearchThreadAsync(message, reply, call => call(token)) is { } earlier ? message with { Ts = earlier } : null,
                cancellationToken);
            return posted.Ts;
        }
        catch (SlackException exception) when (SlackRefusals.IsOfTheThread(exception.ErrorCode))
        {
            Log.NoThread(logger, reply.IncidentId, exception.ErrorCode);
            return null;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Who is not in the channel (any more) cannot be told anything there.</remarks>
    /// <exception cref="UpstreamPausedException">The breaker is open; nothing was sent.</exception>
    /// <exception cref="SlackException">Slack refuses it.</exception>
    public async Task WhisperAsync(PostedMessage message, string person, CardLine line, CancellationToken cancellationToken)
    {
        var note = new Message
        {
            Channel = message.Channel,
            Text = Mrkdwn.Text(string.Concat(line.Spans.Select(span => span.Text)), SlackBlocks.MaxText),
            Blocks = SlackBlocks.OfParts([new CardPart(CardPartStyle.Body, [line])]),
            Parse = ParseMode.None,
        };
        try
        {
            await upstream.CallAsync(token => slack.Chat.PostEphemeral(person, note, token), cancellationToken);
        }
        catch (SlackException exception) when (exception.ErrorCode is "user_not_in_channel" or "channel_not_found" or "user_not_found" or "is_archived")
        {
            Log.NotTold(logger, person, exception.ErrorCode);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A message whose channel refuses is gone while any channel can be posted to. Whether its own can, a post tells: an update may be refused where posts are taken.
    /// </remarks>
    /// <exception cref="UpstreamPausedException">The breaker is open; nothing was sent.</exception>
    /// <exception cref="SlackException">Slack refuses it for what it says.</exception>
    public async Task<UpdateResult> UpdateAsync(PostedMessage message, IncidentSnapshot incident, CancellationToken cancellationToken)
    {
        var card = CardFit.ForMessage(IncidentCard.Draw(incident)).Message;
        var update = new MessageUpdate
        {
            ChannelId = message.Channel,
            Ts = message.Ts,
            Text = SlackBlocks.Fallback(card),
            Blocks = SlackBlocks.Of(card),
            Parse = ParseMode.None,
        };
        try
        {
            return await UpdateAsync(update, incident.Id, cancellationToken);
        }
        catch (SlackException exception) when (SlackRefusals.IsOfTheChannel(exception.ErrorCode))
        {
            return channels.Usable is not null ? UpdateResult.Gone(exception.ErrorCode) : throw Unusable(exception);
        }
        catch (SlackException exception) when (SlackRefusals.IsOfTheToken(exception.ErrorCode))
        {
            throw RefusedEverywhere(exception);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Looks at the newest 2,000 messages of each channel at most. Where the app may post but not read the channel, the answer is null and a
    /// warning: rather a message too many after a crash than none at all.
    /// </remarks>
    /// <exception cref="UpstreamPausedException">The breaker is open; nothing was sent.</exception>
    /// <exception cref="SlackException">Slack refuses it.</exception>
    public async Task<PostedMessage?> FindAsync(Guid incidentId, int number, string? intended, DateTimeOffset since, CancellationToken cancellationToken)
    {
        foreach (var channel in new[] { intended }.OfType<string>().Union(channels.All, StringComparer.Ordinal))
        {
            if (await FindAsync(channel, incidentId, number, since - ClockSkew, cancellationToken) is { } found)
                return found;
        }

        return null;
    }

    private async Task<PostedMessage?> FindAsync(string channel, Guid incidentId, int number, DateTimeOffset since, CancellationToken cancellationToken)
    {
        try
        {
            string? cursor = null;
            for (var page = 0; page < MaxPages; page++)
            {
                var at = cursor;
                var history = await upstream.CallAsync(token => HistoryAsync(channel, since, at, token), cancellationToken);
                if (Match(channel, history, incidentId, number) is { } found)
                    return found;
                cursor = history.ResponseMetadata?.NextCursor;
                if (string.IsNullOrEmpty(cursor))
                    return null;
            }

            Log.SearchEnded(logger, incidentId, PageSize * MaxPages);
            return null;
        }
        catch (SlackException exception) when (MayNotRead(exception))
        {
            Log.CannotSearch(logger, incidentId, exception.ErrorCode);
            return null;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Where the app may post but not read the channel, it is posted again.</remarks>
    /// <exception cref="UpstreamPausedException">The breaker is open; nothing was sent.</exception>
    /// <exception cref="SlackException">Slack refuses it.</exception>
    public async Task NoteAsync(Note note, DateTimeOffset? mayBeThere, CancellationToken cancellationToken)
    {
        var since = (mayBeThere ?? time.GetUtcNow()) - ClockSkew;
        foreach (var channel in mayBeThere is null ? [] : channels.All)
        {
            if (await upstream.CallAsync(token => SearchNoteAsync(channel, note, since, token), cancellationToken) is not null)
                return;
        }

        await PostWhereUsableAsync(
            channel => Message(channel, note),
            _ => Task.CompletedTask,
            (channel, token) => SearchNoteAsync(channel, note, since, token),
            cancellationToken);
    }

    public void Dispose()
    {
        posts.Dispose();
        updates.Dispose();
    }

    // In the channel, or in the fallback while that refuses.
    private async Task<PostedMessage> PostWhereUsableAsync(
        Func<string, Message> message, Func<string, Task> intendAsync, Func<string, CancellationToken, Task<PostedMessage?>> searchAsync, CancellationToken cancellationToken)
    {
        while (channels.Usable is { } channel)
        {
            await intendAsync(channel);
            try
            {
                return await PostAsync(message(channel), token => searchAsync(channel, token), cancellationToken);
            }
            catch (SlackException exception) when (SlackRefusals.IsOfPosting(exception.ErrorCode))
            {
                channels.Refuses(channel, exception.ErrorCode);
            }
            catch (SlackException exception) when (SlackRefusals.IsOfTheToken(exception.ErrorCode))
            {
                throw RefusedEverywhere(exception);
            }
        }

        throw Unusable(inner: null);
    }

    private BoardUnusableException RefusedEverywhere(SlackException exception)
    {
        foreach (var channel in channels.All)
            channels.Refuses(channel, exception.ErrorCode);
        return Unusable(exception);
    }

    private BoardUnusableException Unusable(SlackException? inner) => new(channels.Alarm ?? "Slack takes no messages.", inner);

    private static Message Message(string channel, Note note) =>
        Message(channel, SlackBlocks.Fallback(note.Headline), SlackBlocks.OfParts(note.Parts), NoteEventType, new JObject { [ReplyKey] = note.Key });

    private static Message Message(string channel, string fallback, IList<Block> blocks, string eventType, JObject payload) => new()
    {
        Channel = channel,
        Text = fallback,
        Blocks = blocks,
        Parse = ParseMode.None,
        UnfurlLinks = false,
        UnfurlMedia = false,
        MetadataJson = new MessageMetadata { EventType = eventType, EventPayload = payload },
    };

    private async Task<PostedMessage> PostAsync(Message message, Func<CancellationToken, Task<PostedMessage?>> searchAsync, CancellationToken cancellationToken)
    {
        var uncertain = false;
        return await upstream.CallAsync(PostOnceAsync, cancellationToken);

        // A try that timed out or was cut may have posted all the same: the next one looks before it posts again.
        async Task<PostedMessage> PostOnceAsync(CancellationToken token)
        {
            if (uncertain && await searchAsync(token) is { } earlier)
                return earlier;
            uncertain = true;
            try
            {
                var posted = await slack.Chat.PostMessage(message, cancellationToken: token);
                return posted?.Ts is { Length: > 0 } ts ? new PostedMessage(posted.Channel ?? message.Channel, ts) : throw Unreadable("chat.postMessage");
            }
            catch (Exception exception) when (exception is SlackException or SlackRateLimitException)
            {
                uncertain = false;
                throw;
            }
        }
    }

    private async Task<UpdateResult> UpdateAsync(MessageUpdate update, Guid incidentId, CancellationToken cancellationToken)
    {
        try
        {
            var updated = await upstream.CallAsync(token => slack.Chat.Update(update, cancellationToken: token), cancellationToken);
            return updated is not null ? UpdateResult.Updated : throw Unreadable("chat.update");
        }
        catch (SlackException exception) when (SlackRefusals.IsOfTheMessage(exception.ErrorCode))
        {
            Log.MessageGone(logger, incidentId, exception.ErrorCode);
            return UpdateResult.Gone(exception.ErrorCode);
        }
    }

    /// <summary>The newest reply of the key; null when there is none, or none that may be read.</summary>
    private async Task<string?> SearchThreadAsync(
        PostedMessage message, ThreadReply reply, Func<Func<CancellationToken, Task<ConversationMessagesResponse>>, Task<ConversationMessagesResponse>> callAsync)
    {
        try
        {
            string? found = null;
            string? cursor = null;
            for (var page = 0; page < MaxPages; page++)
            {
                var at = cursor;
                var replies = await callAsync(async token =>
                    await slack.Conversations.Replies(message.Channel, message.Ts, limit: PageSize, includeAllMetadata: true, cursor: at, cancellationToken: token)
                    ?? throw Unreadable("conversations.replies"));
                found = replies.Messages?.LastOrDefault(other => IsReply(other, reply))?.Ts ?? found;
                cursor = replies.ResponseMetadata?.NextCursor;
                if (string.IsNullOrEmpty(cursor))
                    break;
            }

            return found;
        }
        catch (SlackException exception) when (MayNotRead(exception))
        {
            Log.CannotSearch(logger, reply.IncidentId, exception.ErrorCode);
            return null;
        }
    }

    private static bool IsReply(MessageEvent message, ThreadReply reply) =>
        message.Metadata is { EventType: ReplyEventType, EventPayload: JObject payload }
        && payload[IncidentId] is JValue { Value: string id } && string.Equals(id, Text(reply.IncidentId), StringComparison.OrdinalIgnoreCase)
        && payload[ReplyKey] is JValue { Value: string key } && key == reply.Key;

    private async Task<PostedMessage?> SearchNewestAsync(string channel, Guid incidentId, int number, DateTimeOffset since, CancellationToken cancellationToken)
    {
        try
        {
            return Match(channel, await HistoryAsync(channel, since, cursor: null, cancellationToken), incidentId, number);
        }
        catch (SlackException exception) when (MayNotRead(exception))
        {
            Log.CannotSearch(logger, incidentId, exception.ErrorCode);
            return null;
        }
    }

    private async Task<PostedMessage?> SearchNoteAsync(string channel, Note note, DateTimeOffset since, CancellationToken cancellationToken)
    {
        try
        {
            var history = await HistoryAsync(channel, since, cursor: null, cancellationToken);
            return history.Messages?.FirstOrDefault(message => message.Metadata is { EventType: NoteEventType, EventPayload: JObject payload }
                && payload[ReplyKey] is JValue { Value: string key } && key == note.Key) is { } found
                    ? new PostedMessage(channel, found.Ts)
                    : null;
        }
        catch (SlackException exception) when (MayNotRead(exception))
        {
            return null;
        }
    }

    private async Task<ConversationHistoryResponse> HistoryAsync(string channel, DateTimeOffset since, string? cursor, CancellationToken cancellationToken) =>
        await slack.Conversations.History(
            channel,
            oldestTs: (since.ToUnixTimeMilliseconds() / 1000m).ToString("F6", CultureInfo.InvariantCulture),
            inclusive: true,
            limit: PageSize,
            includeAllMetadata: true,
            cursor: cursor,
            cancellationToken: cancellationToken)
        ?? throw Unreadable("conversations.history");

    private static PostedMessage? Match(string channel, ConversationHistoryResponse history, Guid incidentId, int number)
    {
        var id = Text(incidentId);
        var found = history.Messages?.FirstOrDefault(message =>
            message.Metadata is { EventType: EventType, EventPayload: JObject payload }
            && payload[IncidentId] is JValue { Value: string value }
            && string.Equals(value, id, StringComparison.OrdinalIgnoreCase)
            && (payload[Number] is JValue { Value: long given } ? given : 0) == number);
        return found is null ? null : new PostedMessage(channel, found.Ts);
    }

    private static bool MayNotRead(SlackException exception) => exception.ErrorCode is "missing_scope" or "not_in_channel" or "channel_not_found";

    // What a proxy in between answers with status 200 and a page of its own.
    private static HttpRequestException Unreadable(string method) => new($"The answer to {method} is not Slack's: see what stands between us and Slack:ApiUrl.");

    private static string Text(Guid id) => id.ToString("D", CultureInfo.InvariantCulture);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "A Slack message of incident {IncidentId} can no longer be updated ({Error}): it is posted anew")]
        public static partial void MessageGone(ILogger logger, Guid incidentId, string error);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The message of incident {IncidentId} takes no reply ({Error}): what it has no room for is on the page alone")]
        public static partial void NoThread(ILogger logger, Guid incidentId, string error);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Person} could not be told why a click was refused ({Error})")]
        public static partial void NotTold(ILogger logger, string person, string error);

        [LoggerMessage(Level = LogLevel.Warning, Message = "No Slack message of incident {IncidentId} among the newest {Count} messages of the channel; older ones were not searched")]
        public static partial void SearchEnded(ILogger logger, Guid incidentId, int count);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Cannot search the Slack channel for the message of incident {IncidentId} ({Error}), so it may be posted twice after a crash: "
                + "give the app the scope channels:history (groups:history for a private channel), invite it to the channel, and set Slack:Channel to the channel's id")]
        public static partial void CannotSearch(ILogger logger, Guid incidentId, string error);
    }
}
