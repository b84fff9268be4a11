using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Traffic;
using Microsoft.AspNetCore.Http;

namespace AlertResponder.Simulators.Slack;

/// <summary>What people do and how the app answers them: clicks, by HTTP callback or Socket Mode, response URLs, views, private messages.</summary>
public sealed partial class SlackSimulator
{
    /// <summary>The signing secret unless another is given.</summary>
    public const string DefaultSigningSecret = "0123456789abcdef0123456789abcdef";

    private const int MaxResponses = 5;
    private static readonly TimeSpan ResponsePeriod = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan TriggerPeriod = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, JsonObject> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> _userGroups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Trigger> _triggers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ResponseHook> _hooks = new(StringComparer.Ordinal);
    private readonly List<EphemeralMessage> _ephemeralMessages = [];
    private readonly List<OpenedView> _openedViews = [];
    private readonly List<ClickResponse> _responses = [];
    private readonly SocketModeServer _sockets;
    private readonly string? _appToken;
    private readonly string _signingSecret;

    // As the app itself addresses the simulator, which may run on another machine.
    private string? _host;

    /// <summary>Messages for one person each, by <c>chat.postEphemeral</c> or a response URL, in the order of their arrival.</summary>
    public IReadOnlyList<EphemeralMessage> EphemeralMessages => Copy(_ephemeralMessages);

    /// <summary>Views, in the order in which they were opened.</summary>
    public IReadOnlyList<OpenedView> OpenedViews => Copy(_openedViews);

    /// <summary>Answers to response URLs that were taken, in the order of their arrival.</summary>
    public IReadOnlyList<ClickResponse> Responses => Copy(_responses);

    /// <summary>What was sent over Socket Mode, acknowledged or not.</summary>
    public IReadOnlyList<SlackEnvelope> Envelopes => _sockets.Envelopes;

    /// <summary>How many Socket Mode connections are open.</summary>
    public int SocketConnections => _sockets.Connections;

    /// <summary>How long an envelope may stay without acknowledgement before it is sent again: 3 seconds at first.</summary>
    public TimeSpan AcknowledgementPatience
    {
        get => _sockets.Patience;
        set => _sockets.Patience = value;
    }

    /// <summary>Adds a person, or changes what is known of one. Who clicks is added without.</summary>
    /// <param name="id">U...</param>
    /// <param name="name">The handle.</param>
    /// <param name="email">None without.</param>
    /// <param name="deleted">Whether the account is deactivated.</param>
    public void AddUser(string id, string name, string? email = null, bool deleted = false)
    {
        var profile = new JsonObject { ["real_name"] = name, ["display_name"] = name };
        if (email is not null)
            profile["email"] = email;
        lock (_lock)
        {
            _users[id] = new JsonObject
            {
                ["id"] = id,
                ["team_id"] = TeamId,
                ["name"] = name,
                ["real_name"] = name,
                ["deleted"] = deleted,
                ["is_bot"] = id == BotUser,
                ["profile"] = profile,
            };
        }
    }

    /// <summary>Adds a user group.</summary>
    /// <param name="id">S...</param>
    /// <param name="users">The ids of its members.</param>
    public void AddUserGroup(string id, params IReadOnlyList<string> users)
    {
        lock (_lock)
            _userGroups[id] = users;
    }

    /// <summary>Somebody clicks, but nobody hears of it yet.</summary>
    /// <param name="message">The message, as it stands now even if it has been updated since.</param>
    /// <param name="actionId">The button's <c>action_id</c>.</param>
    /// <param name="user">Who clicks.</param>
    /// <exception cref="KeyNotFoundException">There is no such message, or no such button on it.</exception>
    public SlackClick Press(SlackMessage message, string actionId, string user)
    {
        ArgumentNullException.ThrowIfNull(message);
        lock (_lock)
        {
            var current = Find(message.Channel, message.Ts) ?? throw new KeyNotFoundException($"There is no message {message.Ts} in {message.Channel}.");
            var (block, element) = FindElement(current.Blocks, actionId)
                ?? throw new KeyNotFoundException($"There is no element '{actionId}' on the message {message.Ts}: {current.Blocks.GetRawText()}");
            if (!_users.ContainsKey(user))
                AddUser(user, user.ToLowerInvariant());

            var now = Time.GetUtcNow();
            var trigger = $"{now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)}.{TeamId}.{Guid.NewGuid():N}";
            _triggers[trigger] = new Trigger(user, now);
            var hook = $"/actions/{TeamId}/{Guid.NewGuid():N}";
            _hooks[hook] = new ResponseHook(user, current.Channel, current.Ts, now);
            var responseUrl = new Uri($"http://{_host ?? Address.Authority}{hook}");
            return new SlackClick(Payload(current, block, element, user, trigger, responseUrl), trigger, responseUrl);
        }
    }

    /// <summary>Makes the HTTP callback of a click.</summary>
    /// <param name="click">The click.</param>
    /// <param name="at">When it is signed; now without. More than five minutes ago it is too late.</param>
    /// <param name="secret">The right signing secret without. With another it is a forgery.</param>
    public SlackCallback Sign(SlackClick click, DateTimeOffset? at = null, string? secret = null)
    {
        ArgumentNullException.ThrowIfNull(click);
        var body = $"payload={WebUtility.UrlEncode(click.Payload.GetRawText())}";
        var timestamp = (at ?? Time.GetUtcNow()).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret ?? _signingSecret), Encoding.UTF8.GetBytes($"v0:{timestamp}:{body}"));
        return new SlackCallback(body, timestamp, $"v0={Convert.ToHexStringLower(hash)}");
    }

    /// <summary>Sends a click over Socket Mode, up to three times, until it is acknowledged; waits for a connection if there is none.</summary>
    /// <param name="click">The click.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<SlackEnvelope> SendAsync(SlackClick click, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(click);
        return _sockets.SendAsync("interactive", click.Payload, cancellationToken);
    }

    /// <summary>Sends an event over Socket Mode, like a click.</summary>
    /// <param name="payload">The whole <c>event_callback</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<SlackEnvelope> SendEventAsync(JsonElement payload, CancellationToken cancellationToken = default) =>
        _sockets.SendAsync("events_api", payload, cancellationToken);

    /// <summary>Somebody clicks, and the app hears of it at its request URL.</summary>
    /// <inheritdoc cref="Press" path="/param | /exception" />
    /// <param name="requestUrl">The app's request URL.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<CallbackAnswer> ClickAsync(SlackMessage message, string actionId, string user, Uri requestUrl, CancellationToken cancellationToken = default) =>
        Sign(Press(message, actionId, user)).SendAsync(requestUrl, cancellationToken);

    /// <summary>Somebody clicks, and the app hears of it over Socket Mode.</summary>
    /// <inheritdoc cref="Press" path="/param | /exception" />
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<SlackEnvelope> ClickAsync(SlackMessage message, string actionId, string user, CancellationToken cancellationToken = default) =>
        SendAsync(Press(message, actionId, user), cancellationToken);

    /// <summary>Waits until at least so many Socket Mode connections are open.</summary>
    public Task WaitForSocketsAsync(int count, CancellationToken cancellationToken = default) => _sockets.WaitAsync(count, cancellationToken);

    /// <summary>Tells every Socket Mode connection that it ends.</summary>
    public Task DisconnectSocketsAsync(SocketDisconnect reason, CancellationToken cancellationToken = default) =>
        _sockets.DisconnectAsync(reason, cancellationToken);

    /// <summary>Cuts every Socket Mode connection.</summary>
    public void CutSockets() => _sockets.Cut();

    private protected override async Task TalkAsync(WebSocketManager sockets, RecordedRequest request, CancellationToken cancellationToken)
    {
        if (request.Path != "/link/" || !_sockets.TryUse(request.Query.GetValueOrDefault("ticket", "")))
            return;
        // Slack pings, and clients give a connection up without.
        using var socket = await sockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            KeepAliveInterval = TimeSpan.FromSeconds(5),
            KeepAliveTimeout = TimeSpan.FromSeconds(20),
        });
        await _sockets.ServeAsync(socket, reason => Report(request, reason), cancellationToken);
    }

    private Answer OpenConnection() => SlackAnswers.Ok(new JsonObject
    {
        ["url"] = $"ws://{_host}/link/?ticket={_sockets.NewTicket()}&app_id={AppId}",
    });

    private Answer PostEphemeral(SlackArguments arguments)
    {
        if (FindChannel(Required(arguments, "channel"), byName: true) is not { } channel)
            return SlackAnswers.Error("channel_not_found");
        if (MayNotWrite(channel) is { } refusal)
            return refusal;
        var user = Required(arguments, "user");
        if (!_users.ContainsKey(user))
            return SlackAnswers.Error("user_not_in_channel");
        var content = ReadContent(arguments, MaxPostedText, null);
        if (content.Text.Length == 0 && content.Blocks.GetArrayLength() == 0)
            return SlackAnswers.Mistake("no_text");
        if (arguments["thread_ts"] is { } parent && Find(channel, parent) is null)
            return SlackAnswers.Error("thread_not_found");
        var message = new EphemeralMessage(channel, user, NextTs(), content, arguments["thread_ts"]);
        _ephemeralMessages.Add(message);
        return SlackAnswers.Ok(new JsonObject { ["message_ts"] = message.Ts });
    }

    private Answer UserInfo(SlackArguments arguments) => _users.TryGetValue(Required(arguments, "user"), out var user)
        ? SlackAnswers.Ok(new JsonObject { ["user"] = user.DeepClone() })
        : SlackAnswers.Error("user_not_found");

    private Answer UserGroupUsers(SlackArguments arguments) => _userGroups.TryGetValue(Required(arguments, "usergroup"), out var users)
        ? SlackAnswers.Ok(new JsonObject { ["users"] = new JsonArray([.. users.Select(user => JsonValue.Create(user))]) })
        : SlackAnswers.Error("no_such_subteam");

    private Answer OpenView(SlackArguments arguments)
    {
        var view = arguments["view"] is null
            ? throw new SlackArgumentException("invalid_arguments") { Details = ["missing required field: view"] }
            : ReadJson(arguments, "view", "invalid_arguments");
        if (BlockRules.ViewViolations(view) is { Count: > 0 } violations)
            return SlackAnswers.Mistake("invalid_arguments", violations);
        if (!_triggers.TryGetValue(Required(arguments, "trigger_id"), out var trigger))
            return SlackAnswers.Mistake("invalid_trigger_id");
        if (trigger.Exchanged)
            return SlackAnswers.Mistake("exchanged_trigger_id");
        if (Time.GetUtcNow() - trigger.IssuedAt > TriggerPeriod)
            return SlackAnswers.Error("expired_trigger_id");
        trigger.Exchanged = true;

        var id = string.Create(CultureInfo.InvariantCulture, $"V0{_openedViews.Count + 1:00000000}");
        _openedViews.Add(new OpenedView(id, trigger.User, view));
        var wire = JsonNode.Parse(view.GetRawText())!.AsObject();
        wire["id"] = id;
        wire["team_id"] = TeamId;
        wire["app_id"] = AppId;
        wire["bot_id"] = BotId;
        wire["root_view_id"] = id;
        wire["hash"] = $"{Time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}.{id}";
        wire["state"] = new JsonObject { ["values"] = new JsonObject() };
        return SlackAnswers.Ok(new JsonObject { ["view"] = wire });
    }

    /// <summary>Takes an answer at a response URL. Unlike a method of the Web API it says with the status what it thinks of the call.</summary>
    private Answer Respond(RecordedRequest request)
    {
        if (!_hooks.TryGetValue(request.Path, out var hook))
            return Answer.Text(404, "no_such_url") with { Unexpected = "this response URL was never given" };
        if (Time.GetUtcNow() - hook.IssuedAt > ResponsePeriod)
            return Answer.Text(404, "expired_url");
        if (hook.Uses == MaxResponses)
            return Answer.Text(404, "used_url");

        try
        {
            Take(request, hook);
            return Answer.Text(200, "ok");
        }
        catch (SlackArgumentException exception)
        {
            return Answer.Text(400, exception.Message) with { Unexpected = $"{exception.Message}: {string.Join("; ", exception.Details)}" };
        }
    }

    private void Take(RecordedRequest request, ResponseHook hook)
    {
        if (request.Header("Content-Type")?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true)
            throw new SlackArgumentException("invalid_payload");
        var arguments = SlackArguments.Read(request);
        var content = arguments.Flag("delete_original") ? null : ReadContent(arguments, MaxPostedText, null);
        if (content is { Text: "" } && content.Blocks.GetArrayLength() == 0)
            throw new SlackArgumentException("no_text");

        hook.Uses++;
        using var body = JsonDocument.Parse(request.Body);
        _responses.Add(new ClickResponse(hook.User, hook.Channel, hook.MessageTs, body.RootElement.Clone()));
        Apply(hook, content, arguments);
    }

    private void Apply(ResponseHook hook, SlackContent? content, SlackArguments arguments)
    {
        var clicked = Find(hook.Channel, hook.MessageTs);
        if (content is null)
            _messages.RemoveAll(message => message == clicked);
        else if (arguments.Flag("replace_original") && clicked is not null)
            _messages[_messages.IndexOf(clicked)] = clicked with { Content = content, History = [.. clicked.History, clicked.Content] };
        else if (arguments["response_type"] == "in_channel")
            Add(hook.Channel, BotUser, content, arguments["thread_ts"]);
        else
            _ephemeralMessages.Add(new EphemeralMessage(hook.Channel, hook.User, NextTs(), content, arguments["thread_ts"]));
    }

    private static (JsonElement Block, JsonElement Element)? FindElement(JsonElement blocks, string actionId)
    {
        foreach (var block in blocks.EnumerateArray())
        {
            var elements = block.TryGetProperty("elements", out var row) ? row.EnumerateArray().ToList() : [];
            if (block.TryGetProperty("accessory", out var accessory))
                elements.Add(accessory);
            foreach (var element in elements)
            {
                if (element.TryGetProperty("action_id", out var id) && id.GetString() == actionId)
                    return (block, element);
            }
        }

        return null;
    }

    private JsonElement Payload(SlackMessage message, JsonElement block, JsonElement element, string user, string trigger, Uri responseUrl)
    {
        var action = new JsonObject { ["action_id"] = element.GetProperty("action_id").GetString() };
        action["block_id"] = block.TryGetProperty("block_id", out var blockId) ? blockId.GetString() : "b1";
        foreach (var name in (ReadOnlySpan<string>)["text", "value", "style"])
        {
            if (element.TryGetProperty(name, out var value))
                action[name] = JsonNode.Parse(value.GetRawText());
        }

        action["type"] = element.GetProperty("type").GetString();
        action["action_ts"] = TsNow();
        var container = new JsonObject { ["type"] = "message", ["message_ts"] = message.Ts, ["channel_id"] = message.Channel, ["is_ephemeral"] = false };
        if (message.ThreadTs is { } thread)
            container["thread_ts"] = thread;
        var handle = _users[user]["name"]!.GetValue<string>();
        return JsonSerializer.SerializeToElement(
            new JsonObject
            {
                ["type"] = "block_actions",
                ["user"] = new JsonObject { ["id"] = user, ["username"] = handle, ["name"] = handle, ["team_id"] = TeamId },
                ["api_app_id"] = AppId,
                ["token"] = "deprecated",
                ["container"] = container,
                ["trigger_id"] = trigger,
                ["team"] = new JsonObject { ["id"] = TeamId, ["domain"] = "cardboard" },
                ["enterprise"] = null,
                ["is_enterprise_install"] = false,
                ["channel"] = new JsonObject { ["id"] = message.Channel, ["name"] = _channels[message.Channel] },
                ["message"] = Wire(message, withMetadata: true),
                ["state"] = new JsonObject { ["values"] = new JsonObject() },
                ["response_url"] = responseUrl.AbsoluteUri,
                ["actions"] = new JsonArray(action),
            },
            JsonText.Options);
    }

    private string TsNow()
    {
        var now = Time.GetUtcNow();
        return string.Create(CultureInfo.InvariantCulture, $"{now.ToUnixTimeSeconds()}.{now.Millisecond * 1000:000000}");
    }

    private List<T> Copy<T>(List<T> list)
    {
        lock (_lock)
            return [.. list];
    }

    private sealed class Trigger(string user, DateTimeOffset issuedAt)
    {
        public string User => user;

        public DateTimeOffset IssuedAt => issuedAt;

        public bool Exchanged { get; set; }
    }

    private sealed class ResponseHook(string user, string channel, string messageTs, DateTimeOffset issuedAt)
    {
        public string User => user;

        public string Channel => channel;

        public string MessageTs => messageTs;

        public DateTimeOffset IssuedAt => issuedAt;

        public int Uses { get; set; }
    }
}
