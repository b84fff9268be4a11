using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Traffic;

namespace AlertResponder.Simulators.Alertmanager;

/// <summary>Alertmanager's API v2, as far as silences need it, behaving as 0.25 does. It matches no alerts: which fire is what a test says.</summary>
public sealed class AlertmanagerSimulator : Simulator
{
    private readonly Lock _lock = new();
    private readonly List<JsonObject> _silences = [];
    private readonly Dictionary<string, JsonObject> _firing = new(StringComparer.Ordinal);
    private readonly string _prefix;

    private AlertmanagerSimulator(string prefix, TimeProvider? time, IPEndPoint? listenOn)
        : base(time, listenOn)
    {
        _prefix = prefix;
        StartedAt = Time.GetUtcNow() - TimeSpan.FromDays(1);
    }

    /// <summary>Its own address as it states it, with the prefix.</summary>
    public string ExternalUrl => $"{Address.AbsoluteUri.TrimEnd('/')}{_prefix}";

    /// <summary>Since when it has been running.</summary>
    public DateTimeOffset StartedAt { get; set; }

    /// <summary>What a request must carry as its <c>Authorization</c>; null for nothing, and then it must carry nothing.</summary>
    public string? Authorization { get; set; }

    /// <summary>All silences, in the order in which they were made, with their present state.</summary>
    public IReadOnlyList<JsonObject> Silences
    {
        get
        {
            lock (_lock)
                return [.. _silences.Select(WithStatus)];
        }
    }

    /// <summary>Starts one.</summary>
    /// <param name="prefix">The path that it is served under, such as <c>/alertmanager</c>.</param>
    /// <param name="time">The clock by which silences end.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<AlertmanagerSimulator> StartAsync(string prefix = "", TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        var alertmanager = new AlertmanagerSimulator(prefix, time, null);
        await alertmanager.ListenAsync(cancellationToken);
        return alertmanager;
    }

    /// <summary>Alerts fire, silenced or not.</summary>
    public void Fire(params string[] fingerprints)
    {
        lock (_lock)
        {
            foreach (var fingerprint in fingerprints)
                _firing[fingerprint] = new JsonObject { ["fingerprint"] = fingerprint };
        }
    }

    /// <summary>An alert fires, and Prometheus has just sent it.</summary>
    /// <param name="fingerprint">Its name in webhooks.</param>
    /// <param name="startsAt">When it began.</param>
    /// <param name="labels">What identifies it.</param>
    /// <param name="receivers">To whom its route leads.</param>
    /// <param name="state"><c>active</c> or <c>suppressed</c>.</param>
    public void Fire(string fingerprint, DateTimeOffset startsAt, IReadOnlyDictionary<string, string> labels, IReadOnlyList<string> receivers, string state = "active")
    {
        lock (_lock)
        {
            _firing[fingerprint] = new JsonObject
            {
                ["fingerprint"] = fingerprint,
                ["startsAt"] = Text(startsAt),
                ["updatedAt"] = Text(Time.GetUtcNow()),
                ["labels"] = new JsonObject(labels.Select(label => KeyValuePair.Create<string, JsonNode?>(label.Key, label.Value))),
                ["annotations"] = new JsonObject(),
                ["receivers"] = new JsonArray([.. receivers.Select(receiver => new JsonObject { ["name"] = receiver })]),
                ["status"] = new JsonObject { ["state"] = state, ["silencedBy"] = new JsonArray(), ["inhibitedBy"] = new JsonArray() },
            };
        }
    }

    /// <summary>Alerts fire no more.</summary>
    public void Resolve(params string[] fingerprints)
    {
        lock (_lock)
        {
            foreach (var fingerprint in fingerprints)
                _firing.Remove(fingerprint);
        }
    }

    private protected override ValueTask<Answer> AnswerAsync(RecordedRequest request, CancellationToken cancellationToken)
    {
        lock (_lock)
            return ValueTask.FromResult(Route(request));
    }

    private Answer Route(RecordedRequest request)
    {
        if (request.Header("Authorization") != Authorization)
            return Answer.Text(401, "Unauthorized") with { Unexpected = "the credentials are not the ones asked for" };
        var path = request.Path.StartsWith(_prefix, StringComparison.Ordinal) ? request.Path[_prefix.Length..] : "";
        return (request.Method, path.Trim('/').Split('/')) switch
        {
            ("GET", ["api", "v2", "status"]) => Answer.Json(200, new JsonObject { ["uptime"] = Text(StartedAt), ["versionInfo"] = new JsonObject { ["version"] = "0.25.0" } }),
            ("GET", ["api", "v2", "alerts"]) => Answer.Json(200, new JsonArray([.. _firing.Values.Select(alert => alert.DeepClone())])),
            ("GET", ["api", "v2", "silences"]) => Answer.Json(200, new JsonArray([.. _silences.Select(WithStatus)])),
            ("POST", ["api", "v2", "silences"]) => Put(request),
            ("DELETE", ["api", "v2", "silence", var id]) => End(id),
            _ => Answer.Text(404, "404 page not found") with { Unexpected = "there is no such route" },
        };
    }

    private Answer Put(RecordedRequest request)
    {
        if (Parse(request.Body) is not { } silence || Refusal(silence) is { } refusal)
            return Answer.Json(400, JsonValue.Create("bad request")) with { Unexpected = "no silence that Alertmanager takes" };

        var now = Time.GetUtcNow();
        var id = silence["id"]?.ToString();
        var existing = _silences.Find(known => known["id"]?.ToString() == id);
        if (id is not null && existing is null)
            return Answer.Json(404, JsonValue.Create($"silence {id} not found")) with { Unexpected = "there is no such silence" };

        if (existing is not null && !IsOver(existing) && JsonNode.DeepEquals(existing["matchers"], silence["matchers"]))
        {
            existing["endsAt"] = silence["endsAt"]!.DeepClone();
            return Made(id!);
        }

        if (existing is not null && !IsOver(existing))
            existing["endsAt"] = Text(now);
        silence["id"] = Guid.NewGuid().ToString();
        if (At(silence, "startsAt") < now)
            silence["startsAt"] = Text(now);
        _silences.Add(silence);
        return Made(silence["id"]!.ToString());
    }

    private Answer End(string id)
    {
        if (_silences.Find(known => known["id"]?.ToString() == id) is not { } silence)
            return Answer.Json(500, JsonValue.Create("silence not found")) with { Unexpected = "there is no such silence" };
        if (!IsOver(silence))
            silence["endsAt"] = Text(Time.GetUtcNow());
        return new Answer(200, null, default);
    }

    private string? Refusal(JsonObject silence)
    {
        var matchers = (silence["matchers"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        return matchers.Count == 0 || matchers.Exists(matcher => matcher["name"] is not JsonValue || matcher["value"] is not JsonValue || matcher["isRegex"] is not JsonValue) ? "matchers"
            : silence["comment"] is not JsonValue || silence["createdBy"] is not JsonValue ? "comment or createdBy"
            : At(silence, "endsAt") <= At(silence, "startsAt") || At(silence, "endsAt") <= Time.GetUtcNow() ? "times"
            : null;
    }

    private JsonObject WithStatus(JsonObject silence)
    {
        var shown = (JsonObject)silence.DeepClone();
        shown["status"] = new JsonObject { ["state"] = IsOver(silence) ? "expired" : "active" };
        return shown;
    }

    private bool IsOver(JsonObject silence) => At(silence, "endsAt") <= Time.GetUtcNow();

    private static DateTimeOffset At(JsonObject silence, string name) => silence[name] is JsonValue value && value.TryGetValue<DateTimeOffset>(out var time) ? time
        : DateTimeOffset.TryParse(silence[name]?.ToString(), System.Globalization.CultureInfo.InvariantCulture, out var parsed) ? parsed : default;

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static Answer Made(string id) => Answer.Json(200, new JsonObject { ["silenceID"] = id });

    private static JsonObject? Parse(string body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
