using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Traffic;

namespace AlertResponder.Simulators.Slack;

/// <summary>
/// Slack, as far as a bot needs it that posts to a channel and answers clicks. The Web API: <c>auth.test</c>, <c>chat.postMessage</c>,
/// <c>chat.update</c>, <c>chat.postEphemeral</c>, <c>conversations.history</c>, <c>conversations.replies</c>, <c>users.info</c>,
/// <c>usergroups.users.list</c>, <c>views.open</c> and <c>apps.connections.open</c>; Socket Mode; callbacks and response URLs. Messages
/// obey Slack's limits. A channel, message or person that does not exist is in order; unknown methods, bad credentials and arguments
/// that Slack's rules forbid are unexpected calls.
/// </summary>
public sealed partial class SlackSimulator : Simulator
{
    /// <summary>The channel that exists unless others are given; its name is <c>alerts</c>.</summary>
    public const string AlertsChannel = "C0ALERTS01";

    /// <summary>The user that the token belongs to.</summary>
    public const string BotUser = "U0RESPONDER";

    private const int MaxPostedText = 40_000;
    private const int MaxUpdatedText = 4_000;
    private const string BotId = "B0RESPONDER";
    private const string TeamId = "T0CARDBOARD";
    private const string AppId = "A0RESPONDER";

    private static readonly JsonElement NoBlocks = JsonSerializer.SerializeToElement(Array.Empty<object>());

    private readonly Lock _lock = new();
    private readonly List<SlackMessage> _messages = [];
    private readonly Dictionary<string, DateTimeOffset> _lastPosts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _channels;
    private readonly HashSet<string> _archived = new(StringComparer.Ordinal);
    private readonly HashSet<string> _withoutBot = new(StringComparer.Ordinal);
    private readonly string _token;
    private long _lastTs;

    private SlackSimulator(
        string token,
        IReadOnlyDictionary<string, string> channels,
        TimeProvider? time,
        IPEndPoint? listenOn,
        string? appToken,
        string signingSecret)
        : base(time, listenOn)
    {
        _token = token;
        _channels = new Dictionary<string, string>(channels, StringComparer.Ordinal);
        _appToken = appToken;
        _signingSecret = signingSecret;
        _sockets = new SocketModeServer(Time, AppId);
        AddUser(BotUser, "alert-responder");
    }

    /// <summary>Whether a second post to a channel within a second is answered 429. Off at first.</summary>
    public bool LimitsPosts { get; set; }

    /// <summary>Whether the workspace lets no message be edited any more. Off at first.</summary>
    public bool EditWindowClosed { get; set; }

    /// <summary>The Web API's base address: <c>http://127.0.0.1:port/api/</c>.</summary>
    public Uri ApiUrl => new(Address, "api/");

    /// <summary>All messages, in the order in which they were posted.</summary>
    public IReadOnlyList<SlackMessage> Messages
    {
        get
        {
            lock (_lock)
                return [.. _messages];
        }
    }

    /// <summary>Starts a workspace.</summary>
    /// <param name="token">The bot token that callers must send.</param>
    /// <param name="channels">Names (without #) by channel id; null for <see cref="AlertsChannel"/> alone.</param>
    /// <param name="time">The clock of timestamps and of the rate limit.</param>
    /// <param name="listenOn">Null for a free port of the loopback interface.</param>
    /// <param name="appToken">The app-level token (xapp-) that Socket Mode takes; null for an app without.</param>
    /// <param name="signingSecret">Signs callbacks.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<SlackSimulator> StartAsync(
        string token,
        IReadOnlyDictionary<string, string>? channels = null,
        TimeProvider? time = null,
        IPEndPoint? listenOn = null,
        string? appToken = null,
        string signingSecret = DefaultSigningSecret,
        CancellationToken cancellationToken = default)
    {
        channels ??= new Dictionary<string, string>(StringComparer.Ordinal) { [AlertsChannel] = "alerts" };
        var slack = new SlackSimulator(token, channels, time, listenOn, appToken, signingSecret);
        await slack.ListenAsync(cancellationToken);
        return slack;
    }

    /// <summary>Somebody else writes: a message that the bot can read but not update.</summary>
    /// <param name="channel">Id of the channel.</param>
    /// <param name="user">Id of the author.</param>
    /// <param name="text">What they write.</param>
    /// <param name="threadTs">The message that they answer.</param>
    public SlackMessage Say(string channel, string user, string text, string? threadTs = null)
    {
        lock (_lock)
            return Add(channel, user, new SlackContent(text, NoBlocks, null, MentionScanner.Scan(text, NoBlocks)), threadTs);
    }

    /// <summary>Somebody deletes a message.</summary>
    /// <param name="channel">Id of the channel.</param>
    /// <param name="ts">The message.</param>
    /// <exception cref="KeyNotFoundException">There is no such message.</exception>
    public void Delete(string channel, string ts)
    {
        lock (_lock)
        {
            if (_messages.RemoveAll(message => message.Channel == channel && message.Ts == ts) == 0)
                throw new KeyNotFoundException($"There is no message {ts} in {channel}.");
        }
    }

    /// <summary>Somebody makes a channel, and invites the bot.</summary>
    /// <param name="channel">C...</param>
    /// <param name="name">Without #.</param>
    public void AddChannel(string channel, string name)
    {
        lock (_lock)
            _channels[channel] = name;
    }

    /// <summary>Somebody archives a channel: it can be read, but nothing in it changes any more.</summary>
    public void Archive(string channel)
    {
        lock (_lock)
            _archived.Add(channel);
    }

    /// <summary>Somebody takes a channel out of the archive.</summary>
    public void Unarchive(string channel)
    {
        lock (_lock)
            _archived.Remove(channel);
    }

    /// <summary>Somebody removes the bot from a channel.</summary>
    public void RemoveBot(string channel)
    {
        lock (_lock)
            _withoutBot.Add(channel);
    }

    /// <summary>Somebody invites the bot to a channel.</summary>
    public void InviteBot(string channel)
    {
        lock (_lock)
            _withoutBot.Remove(channel);
    }

    /// <summary>Somebody deletes a channel, with all that is in it.</summary>
    public void DeleteChannel(string channel)
    {
        lock (_lock)
        {
            _channels.Remove(channel);
            _messages.RemoveAll(message => message.Channel == channel);
        }
    }

    private protected override IEnumerable<KeyValuePair<string, string>> CommonHeaders() =>
        [new("X-Slack-Req-Id", Guid.NewGuid().ToString("N"))];

    private protected override ValueTask<Answer> AnswerAsync(RecordedRequest request, CancellationToken cancellationToken)
    {
        try
        {
            lock (_lock)
                return ValueTask.FromResult(Route(request));
        }
        catch (SlackArgumentException exception)
        {
            return ValueTask.FromResult(SlackAnswers.Mistake(exception.Message, exception.Details));
        }
    }

    private Answer Route(RecordedRequest request)
    {
        if (request is { Method: "POST" } && request.Path.StartsWith("/actions/", StringComparison.Ordinal))
            return Respond(request);
        if (!request.Path.StartsWith("/api/", StringComparison.Ordinal) || request.Method is not ("GET" or "POST"))
            return Answer.Text(404, "Not Found") with { Unexpected = "Slack's methods are under /api/, by GET or POST" };
        Func<SlackArguments, Answer>? method = request.Path["/api/".Length..] switch
        {
            "apps.connections.open" => _ => OpenConnection(),
            "auth.test" => _ => Test(),
            "chat.postEphemeral" => PostEphemeral,
            "chat.postMessage" => Post,
            "chat.update" => Update,
            "conversations.history" => History,
            "conversations.replies" => Replies,
            "usergroups.users.list" => UserGroupUsers,
            "users.info" => UserInfo,
            "views.open" => OpenView,
            _ => null,
        };
        if (method is null)
            return SlackAnswers.Mistake("unknown_method");
        _host = request.Header("Host");
        var arguments = SlackArguments.Read(request);
        return Authenticate(request, arguments) ?? method(arguments);
    }

    private Answer? Authenticate(RecordedRequest request, SlackArguments arguments)
    {
        var header = request.Header("Authorization") ?? "";
        var token = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..] : arguments["token"];
        if (token is null)
            return SlackAnswers.Mistake("not_authed");
        if (token != _token && token != _appToken)
            return SlackAnswers.Mistake("invalid_auth");
        var right = request.Path == "/api/apps.connections.open" ? _appToken : _token;
        return token == right ? null : SlackAnswers.Mistake("not_allowed_token_type");
    }

    private static Answer Test() => SlackAnswers.Ok(new JsonObject
    {
        ["url"] = "https://cardboard.slack.com/",
        ["team"] = "Cardboard",
        ["user"] = "alert-responder",
        ["team_id"] = TeamId,
        ["user_id"] = BotUser,
        ["bot_id"] = BotId,
        ["is_enterprise_install"] = false,
    });

    private Answer Post(SlackArguments arguments)
    {
        if (FindChannel(Required(arguments, "channel"), byName: true) is not { } channel)
            return SlackAnswers.Error("channel_not_found");
        if (MayNotWrite(channel) is { } refusal)
            return refusal;
        var content = ReadContent(arguments, MaxPostedText, null);
        if (content.Text.Length == 0 && content.Blocks.GetArrayLength() == 0)
            return SlackAnswers.Mistake("no_text");
        if (arguments["thread_ts"] is { } parent && Find(channel, parent) is null)
            return SlackAnswers.Error("thread_not_found");
        if (LimitsPosts && TooSoon(channel) is { } wait)
            return SlackAnswers.RateLimited(wait);
        var message = Add(channel, BotUser, content, arguments["thread_ts"]);
        return SlackAnswers.Ok(new JsonObject
        {
            ["channel"] = channel,
            ["ts"] = message.Ts,
            ["message"] = Wire(message, withMetadata: true),
        });
    }

    private Answer Update(SlackArguments arguments)
    {
        // Unlike a post, an update takes no channel's name.
        if (FindChannel(Required(arguments, "channel"), byName: false) is not { } channel)
            return SlackAnswers.Error("channel_not_found");
        if (MayNotWrite(channel) is { } refusal)
            return refusal;
        var ts = Required(arguments, "ts");
        if (Find(channel, ts) is not { } message)
            return SlackAnswers.Error("message_not_found");
        if (message.User != BotUser)
            return SlackAnswers.Error("cant_update_message");
        if (EditWindowClosed)
            return SlackAnswers.Error("edit_window_closed");
        if (!arguments.Has("text") && !arguments.Has("blocks"))
            return SlackAnswers.Mistake("no_text");
        var content = ReadContent(arguments, MaxUpdatedText, message.Content);
        if (content.Text.Length == 0 && content.Blocks.GetArrayLength() == 0)
            return SlackAnswers.Mistake("no_text");

        var updated = message with { Content = content, History = [.. message.History, message.Content] };
        _messages[_messages.IndexOf(message)] = updated;
        return SlackAnswers.Ok(new JsonObject
        {
            ["channel"] = channel,
            ["ts"] = ts,
            ["text"] = content.Text,
            ["message"] = Wire(updated, withMetadata: true),
        });
    }

    private Answer History(SlackArguments arguments)
    {
        if (FindChannel(Required(arguments, "channel"), byName: false) is not { } channel)
            return SlackAnswers.Error("channel_not_found");
        if (_withoutBot.Contains(channel))
            return SlackAnswers.Error("not_in_channel");
        var newestFirst = InRange(_messages.Where(message => message.Channel == channel && message.ThreadTs is null), arguments).Reverse();
        return Page([.. newestFirst], arguments);
    }

    private Answer Replies(SlackArguments arguments)
    {
        if (FindChannel(Required(arguments, "channel"), byName: false) is not { } channel)
            return SlackAnswers.Error("channel_not_found");
        if (_withoutBot.Contains(channel))
            return SlackAnswers.Error("not_in_channel");
        if (Find(channel, Required(arguments, "ts")) is not { } message)
            return SlackAnswers.Error("thread_not_found");
        // The whole thread, with its parent first, whichever of its messages was named.
        var parent = message.ThreadTs ?? message.Ts;
        var thread = InRange(_messages.Where(other => other.Channel == channel && other.ThreadTs == parent), arguments);
        return Page([.. _messages.Where(other => other.Channel == channel && other.Ts == parent), .. thread], arguments);
    }

    private Answer Page(IReadOnlyList<SlackMessage> messages, SlackArguments arguments)
    {
        var start = arguments["cursor"] is { } cursor ? Number(cursor, "invalid_cursor") : 0;
        var limit = arguments["limit"] is { } text ? Number(text, "invalid_limit") : 100;
        if (limit is < 1 or > 999)
            throw new SlackArgumentException("invalid_limit");
        var withMetadata = arguments.Flag("include_all_metadata");
        var more = start + limit < messages.Count;
        var body = new JsonObject
        {
            ["messages"] = new JsonArray([.. messages.Skip(start).Take(limit).Select(message => Wire(message, withMetadata))]),
            ["has_more"] = more,
            ["pin_count"] = 0,
        };
        if (more)
            body["response_metadata"] = new JsonObject { ["next_cursor"] = (start + limit).ToString(CultureInfo.InvariantCulture) };
        return SlackAnswers.Ok(body);
    }

    private static IEnumerable<SlackMessage> InRange(IEnumerable<SlackMessage> messages, SlackArguments arguments)
    {
        var inclusive = arguments.Flag("inclusive");
        var oldest = Bound(arguments, "oldest", decimal.MinValue);
        var latest = Bound(arguments, "latest", decimal.MaxValue);
        return messages.Where(message =>
        {
            var ts = decimal.Parse(message.Ts, CultureInfo.InvariantCulture);
            return (ts > oldest && ts < latest) || (inclusive && (ts == oldest || ts == latest));
        });
    }

    private static decimal Bound(SlackArguments arguments, string name, decimal none)
    {
        if (arguments[name] is not { } text)
            return none;
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var bound)
            ? bound
            : throw new SlackArgumentException($"invalid_ts_{name}");
    }

    private static int Number(string text, string error) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new SlackArgumentException(error);

    private static string Required(SlackArguments arguments, string name) =>
        arguments[name] ?? throw new SlackArgumentException("invalid_arguments") { Details = [$"missing required field: {name}"] };

    /// <summary>
    /// What the message says after the call. An update keeps what it does not mention, except that a new text without blocks takes the
    /// old blocks away; an empty metadata object takes the metadata away.
    /// </summary>
    private static SlackContent ReadContent(SlackArguments arguments, int maxText, SlackContent? before)
    {
        if (arguments["attachments"] is { } attachments and not "[]")
            throw new SlackArgumentException("invalid_attachments") { Details = [$"the simulator takes no attachments: {attachments}"] };
        var text = arguments.Has("text") ? arguments["text"] ?? "" : before?.Text ?? "";
        if (text.Length > maxText)
            throw new SlackArgumentException("msg_too_long");
        var keptBlocks = before is not null && !arguments.Has("text") ? before.Blocks : NoBlocks;
        var blocks = arguments["blocks"] is null ? keptBlocks : ReadBlocks(arguments);
        var metadata = arguments["metadata"] is null ? before?.Metadata : ReadMetadata(arguments);
        return new SlackContent(text, blocks, metadata, MentionScanner.Scan(text, blocks));
    }

    private static JsonElement ReadBlocks(SlackArguments arguments)
    {
        var blocks = ReadJson(arguments, "blocks", "invalid_blocks_format");
        if (blocks.ValueKind != JsonValueKind.Array)
            throw new SlackArgumentException("invalid_blocks_format");
        if (BlockRules.Violations(blocks) is { Count: > 0 } violations)
            throw new SlackArgumentException("invalid_blocks") { Details = violations };
        return BlockRules.IsTooLong(blocks) ? throw new SlackArgumentException("msg_blocks_too_long") : blocks;
    }

    private static JsonElement? ReadMetadata(SlackArguments arguments)
    {
        var metadata = ReadJson(arguments, "metadata", "invalid_metadata_format");
        if (metadata.ValueKind == JsonValueKind.Object && !metadata.EnumerateObject().Any())
            return null;
        return metadata.ValueKind == JsonValueKind.Object
            && metadata.TryGetProperty("event_type", out var type) && type.ValueKind == JsonValueKind.String && type.GetString() != ""
            && metadata.TryGetProperty("event_payload", out var payload) && payload.ValueKind == JsonValueKind.Object
            ? metadata
            : throw new SlackArgumentException("invalid_metadata_format");
    }

    private static JsonElement ReadJson(SlackArguments arguments, string name, string error)
    {
        try
        {
            return arguments.Json(name)!.Value;
        }
        catch (JsonException exception)
        {
            throw new SlackArgumentException(error, exception);
        }
    }

    private string? FindChannel(string channel, bool byName)
    {
        if (_channels.ContainsKey(channel))
            return channel;
        return byName ? _channels.FirstOrDefault(pair => pair.Value == channel.TrimStart('#')).Key : null;
    }

    private Answer? MayNotWrite(string channel) =>
        _archived.Contains(channel) ? SlackAnswers.Error("is_archived") : _withoutBot.Contains(channel) ? SlackAnswers.Error("not_in_channel") : null;

    private SlackMessage? Find(string channel, string ts) => _messages.Find(message => message.Channel == channel && message.Ts == ts);

    private TimeSpan? TooSoon(string channel)
    {
        var now = Time.GetUtcNow();
        if (_lastPosts.TryGetValue(channel, out var last) && now - last < TimeSpan.FromSeconds(1))
            return last + TimeSpan.FromSeconds(1) - now;
        _lastPosts[channel] = now;
        return null;
    }

    private SlackMessage Add(string channel, string user, SlackContent content, string? threadTs)
    {
        var ts = NextTs();
        var message = new SlackMessage(channel, ts, user, content, threadTs == ts ? null : threadTs, []);
        _messages.Add(message);
        return message;
    }

    private string NextTs()
    {
        // In units of a microsecond; the first of a second ends in .000100, the next in .000200.
        _lastTs = Math.Max(_lastTs, Time.GetUtcNow().ToUnixTimeSeconds() * 1_000_000) + 100;
        return string.Create(CultureInfo.InvariantCulture, $"{_lastTs / 1_000_000}.{_lastTs % 1_000_000:000000}");
    }

    private JsonObject Wire(SlackMessage message, bool withMetadata)
    {
        var wire = new JsonObject { ["type"] = "message", ["user"] = message.User, ["ts"] = message.Ts };
        if (message.User == BotUser)
        {
            wire["bot_id"] = BotId;
            wire["app_id"] = AppId;
        }

        wire["text"] = message.Text;
        wire["team"] = TeamId;
        if (message.Blocks.GetArrayLength() > 0)
            wire["blocks"] = JsonNode.Parse(message.Blocks.GetRawText());
        if (withMetadata && message.Metadata is { } metadata)
            wire["metadata"] = JsonNode.Parse(metadata.GetRawText());
        AddThread(message, wire);
        // With blocks, Slack does not mark a message as edited.
        if (message.History.Count > 0 && message.Blocks.GetArrayLength() == 0)
            wire["edited"] = new JsonObject { ["user"] = message.User, ["ts"] = message.Ts };
        return wire;
    }

    private void AddThread(SlackMessage message, JsonObject wire)
    {
        var replies = _messages.Count(other => other.Channel == message.Channel && other.ThreadTs == message.Ts);
        if (message.ThreadTs is { } parent)
            wire["thread_ts"] = parent;
        if (replies == 0)
            return;
        wire["thread_ts"] = message.Ts;
        wire["reply_count"] = replies;
    }
}
