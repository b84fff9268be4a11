using System.Text.Json;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Redaction;

namespace AlertResponder.Gateway.Alertmanager;

/// <summary>
/// Reads an Alertmanager webhook piece by piece as it arrives, and what others send in its shape: an object with an array <c>alerts</c>, or the
/// array alone, as Prometheus posts it to Alertmanager. Its version says nothing that the shape does not. Unknown fields are ignored; an alert that
/// is none is set aside without its siblings, and none is larger than <see cref="AlertBounds"/> says. Where a name stands twice, the later one counts.
/// </summary>
internal sealed class WebhookParser
{
    private const int MostNotes = 20;

    // Nobody nests that deeply, and an alert that did would take those behind it down.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 512 };
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    private readonly SeverityWords words;
    private readonly DateTimeOffset receivedAt;
    private readonly AlertReader alertReader;
    private readonly List<(int Index, RawAlert Alert)> alerts = [];
    private readonly List<string> setAside = [];
    private readonly List<string> notes = [];
    private readonly Dictionary<string, string> envelope = new(StringComparer.Ordinal);
    private Dictionary<string, string> routeLabels = [];

    private JsonReaderState state = new(Options);
    private Place place = Place.Before;
    private bool isBare;
    private bool hasAlerts;
    private int index;
    private long truncated;
    private WebhookFault? fault;

    /// <param name="words">What labels say about the severity.</param>
    /// <param name="receivedAt">When the webhook arrived.</param>
    public WebhookParser(SeverityWords words, DateTimeOffset receivedAt)
    {
        this.words = words;
        this.receivedAt = receivedAt;
        alertReader = new AlertReader(words, Note);
    }

    private enum Place
    {
        Before,
        Envelope,
        Alerts,
        After,
    }

    /// <summary>A body that is in memory whole.</summary>
    public static ParsedWebhook Parse(ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        var parser = new WebhookParser(SeverityWords.Shipped, receivedAt);
        parser.Feed(body.Span, isFinal: true);
        return parser.Result();
    }

    /// <summary>Reads on.</summary>
    /// <param name="data">What is there, from where the last call ended.</param>
    /// <param name="isFinal">Whether nothing follows.</param>
    /// <returns>How much of it was read. The rest is an element that is not there whole.</returns>
    public int Feed(ReadOnlySpan<byte> data, bool isFinal)
    {
        var start = 0;
        if (place == Place.Before && data.StartsWith(ByteOrderMark))
        {
            start = ByteOrderMark.Length;
        }

        if (fault is not null)
        {
            return data.Length;
        }

        var reader = new Utf8JsonReader(data[start..], isFinal, state);
        try
        {
            while (true)
            {
                var before = reader;
                if (!TryStep(ref reader, data[start..]))
                {
                    if (place == Place.After)
                    {
                        state = reader.CurrentState;
                        return data.Length;
                    }

                    state = before.CurrentState;
                    return start + (int)before.BytesConsumed;
                }

                if (fault is not null)
                {
                    return data.Length;
                }
            }
        }
        catch (JsonException e)
        {
            // Where, not what: the exception's message repeats the body, and is for logs and callers.
            fault = new WebhookFault(RefusalReason.NotAWebhook, $"The body is not JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}).");
            return data.Length;
        }
    }

    /// <summary>The sender had more to say than is read.</summary>
    public void End(WebhookFault why) => fault ??= why;

    /// <summary>What it all says.</summary>
    public ParsedWebhook Result()
    {
        if (!hasAlerts)
        {
            fault ??= new WebhookFault(RefusalReason.NotAWebhook, "The body has no array \"alerts\": this is not an Alertmanager webhook.");
        }

        var ofAll = envelope.GetValueOrDefault("status") is { } status && status.Trim().Equals("resolved", StringComparison.OrdinalIgnoreCase)
            ? AlertStatus.Resolved
            : (AlertStatus?)null;
        var groupKey = Text("groupKey") ?? "";
        var receiver = Text("receiver") ?? "";
        var externalUrl = envelope.GetValueOrDefault("externalURL") is { } address && alertReader.Redact(address) is { Length: <= AlertTexts.MaxUrl } url ? url : null;
        var left = (int)Math.Min(truncated, int.MaxValue);
        var byRoute = words.Of(routeLabels);
        List<AlertReceived> received = new(alerts.Count);
        foreach (var (at, alert) in alerts)
        {
            if (alert.StartsAt is null)
            {
                Note($"alerts[{at}]: no start; the time of receipt is taken");
            }

            received.Add(new AlertReceived(Complete(alert, ofAll, byRoute), groupKey, receiver, externalUrl, receivedAt, left, StartIsGuessed: alert.StartsAt is null));
        }

        return new ParsedWebhook(received, setAside, notes, left, Text("notification_reason") ?? Text("notificationReason"), fault);
    }

    private Alert Complete(RawAlert alert, AlertStatus? ofAll, Severity? byRoute)
    {
        // Without a status of its own: a group is resolved when all of it is, and Prometheus tells an end in the future of what fires.
        var status = alert.Status ?? ofAll ?? (alert.EndsAt <= receivedAt ? AlertStatus.Resolved : AlertStatus.Firing);
        return new Alert(
            alert.Fingerprint,
            status,
            alert.Labels,
            alert.Annotations,
            alert.StartsAt ?? receivedAt.InMicroseconds(),
            status == AlertStatus.Firing ? null : alert.EndsAt,
            alert.GeneratorUrl,
            alert.Severity ?? byRoute);
    }

    private string? Text(string name) =>
        envelope.TryGetValue(name, out var text) ? BoundedText.Cut(alertReader.Redact(text), AlertBounds.MaxEnvelopeText) : null;

    private void Note(string text)
    {
        if (notes.Count < MostNotes)
        {
            notes.Add(text.StartsWith("alerts[", StringComparison.Ordinal) ? text : $"alerts[{index}]: {text}");
        }
    }

    /// <returns>False when more is needed, or nothing is left.</returns>
    private bool TryStep(ref Utf8JsonReader reader, ReadOnlySpan<byte> data) => place switch
    {
        Place.Before => TryBegin(ref reader),
        Place.Envelope => TryReadProperty(ref reader, data),
        Place.Alerts => TryReadAlert(ref reader, data),

        // Nothing may follow; the reader throws where something does.
        _ => reader.Read(),
    };

    private bool TryBegin(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
        {
            return false;
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                place = Place.Envelope;
                break;
            case JsonTokenType.StartArray:
                (place, isBare, hasAlerts) = (Place.Alerts, true, true);
                break;
            default:
                fault = new WebhookFault(RefusalReason.NotAWebhook, "The body is not a JSON object.");
                break;
        }

        return true;
    }

    private bool TryReadProperty(ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        if (!reader.Read())
        {
            return false;
        }

        if (reader.TokenType == JsonTokenType.EndObject)
        {
            place = Place.After;
            return true;
        }

        var name = JsonText.Of(ref reader);
        if (!reader.Read())
        {
            return false;
        }

        if (name == "alerts" && reader.TokenType == JsonTokenType.StartArray)
        {
            (place, hasAlerts) = (Place.Alerts, true);
            return true;
        }

        var start = (int)reader.TokenStartIndex;
        var token = reader;
        if (!reader.TrySkip())
        {
            return false;
        }

        Keep(name, ref token, data[start..(int)reader.BytesConsumed]);
        return true;
    }

    // What is about the webhook as a whole is worth less than its alerts: what is no text there is absent.
    private void Keep(string name, ref Utf8JsonReader token, ReadOnlySpan<byte> json)
    {
        switch (name)
        {
            case "status" or "groupKey" or "receiver" or "externalURL" or "notification_reason" or "notificationReason":
                envelope.Remove(name);
                if (token.TokenType == JsonTokenType.String)
                {
                    envelope[name] = JsonText.Of(ref token);
                }

                break;
            case "truncatedAlerts":
                truncated = token.TokenType == JsonTokenType.Number && token.TryGetInt64(out var count) ? Math.Max(0, count) : 0;
                break;
            case "routeLabels" or "route_labels":
                routeLabels = LabelsIn(json);
                break;
        }
    }

    private static Dictionary<string, string> LabelsIn(ReadOnlySpan<byte> json)
    {
        Dictionary<string, string> labels = new(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(json, Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return labels;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonText.Of(ref reader);
            reader.Read();
            if (reader.TokenType == JsonTokenType.String)
            {
                labels[name] = JsonText.Of(ref reader);
            }

            reader.Skip();
        }

        return labels;
    }

    private bool TryReadAlert(ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        if (!reader.Read())
        {
            return false;
        }

        if (reader.TokenType == JsonTokenType.EndArray)
        {
            place = isBare ? Place.After : Place.Envelope;
            return true;
        }

        var start = (int)reader.TokenStartIndex;
        if (!reader.TrySkip())
        {
            return false;
        }

        if (index == AlertBounds.MaxAlerts)
        {
            fault = new WebhookFault(RefusalReason.TooLarge, $"The webhook has more than {AlertBounds.MaxAlerts} alerts: set max_alerts in Alertmanager's webhook_config, or a group_by of smaller groups.");
            return true;
        }

        try
        {
            alerts.Add((index, alertReader.Read(data[start..(int)reader.BytesConsumed], Options)));
        }
        catch (FormatException e)
        {
            setAside.Add($"alerts[{index}]: {e.Message}");
        }

        index++;
        return true;
    }
}
