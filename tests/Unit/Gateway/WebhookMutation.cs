using System.Text;
using System.Text.Json.Nodes;

namespace AlertResponder.Tests.Unit.Gateway;

/// <summary>A webhook of a real Alertmanager or of another sender with something done to it; the same seed always makes the same.</summary>
/// <param name="Body">What is posted.</param>
/// <param name="Alerts">How many alerts it has; null when nobody can say.</param>
/// <param name="HitAlert">The one that may be set aside; null when none may, or nobody can say.</param>
internal sealed record WebhookMutation(byte[] Body, int? Alerts, int? HitAlert)
{
    private const string Placeholder = "@mutation@";

    private static readonly byte[][] Originals = [.. Payloads.Names.Select(Payloads.Read), .. Payloads.Senders.Select(Payloads.Sender)];

    // Of those that have half a character nothing can be written anew.
    private static readonly JsonNode[] Envelopes = [.. Originals.Where(body => !Encoding.UTF8.GetString(body).Contains("\\ud800", StringComparison.Ordinal)).Select(body => JsonNode.Parse(body)!)];
    private static readonly string[] OriginalAlerts = [.. Envelopes.SelectMany(body => AlertsOf(body)).Select(alert => alert!.ToJsonString())];
    private static readonly string[] Envelope = ["receiver", "status", "groupKey", "externalURL", "truncatedAlerts", "groupLabels", "commonLabels", "commonAnnotations"];

    // JSON values as they stand in the text; within one alert they leave the others' form alone.
    private static readonly byte[][] Values =
    [
        .. new[]
        {
            "null", "true", "0", "-1", "1e999", "-1E-999", "9223372036854775808", "0.1e-400", new string('9', 4_000), "[]", "{}", "[1,{}]", "[[[[[[[[]]]]]]]]",
            """{"a":{"b":{"c":{"d":[{}]}}}}""", "\"\"", "\" \"", "\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59.9999999-14:00\"", "\"0000-00-00T00:00:00Z\"",
            "\"2026-02-30T25:61:61Z\"", "\"2026-11-22T07:43:46+99:99\"", "\"1969-12-31T23:59:59Z\"", "\"now\"", "\"firing\"", "\"resolved\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0000\"",
            "\"\\u202e\\u200b\\ufeff\"", "\"😀é\\u0301\"", "\"<!channel> <@U1> `*_~\"", "\"../../etc/passwd\"", "\"password=hunter2hunter2\"", "\"'; DROP TABLE inbox; --\"", "\"{{ .Labels }}\"",
            $"\"{new string('x', 20_000)}\"", $"\"{string.Concat(Enumerable.Repeat("😀", 5_000))}\"", $"\"{string.Concat(Enumerable.Repeat("\\n", 5_000))}\"",
            $"{{{string.Join(',', Enumerable.Range(0, 1_000).Select(number => $"\"l{number}\":\"x\""))}}}",
        }.Select(Encoding.UTF8.GetBytes),
        [(byte)'"', 0xff, 0xfe, (byte)'"'],
        [(byte)'"', 0xed, 0xa0, 0x80, (byte)'"'],
    ];

    private static readonly string[] Names = ["\"status\"", "\"labels\"", "\"alertname\"", "\"startsAt\"", "\"\\ud800\"", "\"\\u0000\"", "\"\"", $"\"{new string('n', 5_000)}\"", "\"__proto__\"", "\"$type\""];

    public static WebhookMutation Make(int seed)
    {
        var random = new Random(seed);
        return random.Next(4) switch
        {
            0 => OfBytes(random),
            1 => OfEnvelope(random),
            _ => OfOneAlert(random),
        };
    }

    private static WebhookMutation OfBytes(Random random)
    {
        List<byte> body = [.. Originals[random.Next(Originals.Length)]];
        for (var changes = random.Next(1, 9); changes > 0 && body.Count > 0; changes--)
        {
            var at = random.Next(body.Count);
            switch (random.Next(5))
            {
                case 0:
                    body[at] = (byte)random.Next(256);
                    break;
                case 1:
                    body[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    body.RemoveRange(at, Math.Min(random.Next(1, 200), body.Count - at));
                    break;
                case 3:
                    body.InsertRange(at, Values[random.Next(Values.Length)]);
                    break;
                default:
                    body.RemoveRange(at, random.Next(10) == 0 ? body.Count - at : 0);
                    body.InsertRange(at, Enumerable.Repeat((byte)"[{\"\\"[random.Next(4)], random.Next(1, 40)));
                    break;
            }
        }

        return new WebhookMutation([.. body], Alerts: null, HitAlert: null);
    }

    private static WebhookMutation OfEnvelope(Random random)
    {
        var body = BodyOf(random, out var alerts);
        if (body is not JsonObject)
        {
            return new WebhookMutation(Encoding.UTF8.GetBytes(body.ToJsonString()), alerts, HitAlert: null);
        }

        body[Envelope[random.Next(Envelope.Length)]] = Placeholder;
        return new WebhookMutation(Replace(body.ToJsonString(), $"\"{Placeholder}\"", Values[random.Next(Values.Length)]), alerts, HitAlert: null);
    }

    private static WebhookMutation OfOneAlert(Random random)
    {
        var body = BodyOf(random, out var alerts);
        var hit = random.Next(alerts);
        var parent = random.Next(3) switch
        {
            0 => AlertsOf(body)[hit]!.AsObject(),
            1 => AlertsOf(body)[hit]!["labels"]!.AsObject(),
            _ => AlertsOf(body)[hit]!["annotations"]!.AsObject(),
        };
        var name = parent.Select(property => property.Key).ElementAt(random.Next(parent.Count));
        var old = parent[name]?.ToJsonString() ?? "null";
        switch (random.Next(5))
        {
            case 0:
                parent.Remove(name);
                return Of(body.ToJsonString());
            case 1:
                // The name once more, with another value.
                parent[Placeholder] = Placeholder;
                return Of(body.ToJsonString().Replace($"\"{Placeholder}\":", $"\"{name}\":", StringComparison.Ordinal));
            case 2:
                parent.Remove(name);
                parent[Placeholder] = JsonNode.Parse(old);
                return Of(body.ToJsonString().Replace($"\"{Placeholder}\":", Names[random.Next(Names.Length)] + ":", StringComparison.Ordinal));
            case 3:
                AlertsOf(body)[hit] = Placeholder;
                return Of(body.ToJsonString());
            default:
                parent[name] = Placeholder;
                return Of(body.ToJsonString());
        }

        WebhookMutation Of(string json) => new(Replace(json, $"\"{Placeholder}\"", Values[random.Next(Values.Length)]), alerts, hit);
    }

    private static JsonArray AlertsOf(JsonNode body) => body as JsonArray ?? body["alerts"]!.AsArray();

    private static JsonNode BodyOf(Random random, out int alerts)
    {
        var body = Envelopes[random.Next(Envelopes.Length)].DeepClone();
        alerts = random.Next(1, 5);
        var list = AlertsOf(body);
        list.Clear();
        foreach (var _ in Enumerable.Range(0, alerts))
        {
            list.Add(JsonNode.Parse(OriginalAlerts[random.Next(OriginalAlerts.Length)]));
        }

        return body;
    }

    private static byte[] Replace(string json, string what, byte[] by)
    {
        var at = json.IndexOf(what, StringComparison.Ordinal);
        return at < 0 ? Encoding.UTF8.GetBytes(json) : [.. Encoding.UTF8.GetBytes(json[..at]), .. by, .. Encoding.UTF8.GetBytes(json[(at + what.Length)..])];
    }
}
