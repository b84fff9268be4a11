using System.Text;
using System.Text.Json.Nodes;
using AlertResponder.Contracts;
using AlertResponder.Gateway.Alertmanager;
using AlertResponder.Incidents;
using AlertResponder.Redaction;

namespace AlertResponder.Tests.Unit.Gateway;

public sealed class WebhookParserTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> AllPayloads => [.. Payloads.Names];

    [Theory]
    [MemberData(nameof(AllPayloads))]
    public void Parse_EveryRealPayload_LosesNothing(string name)
    {
        var body = Payloads.Json(name);

        var webhook = Parse(Payloads.Read(name));

        webhook.SetAside.ShouldBeEmpty();
        webhook.TruncatedAlerts.ShouldBe(body["truncatedAlerts"]!.GetValue<int>());
        var sent = body["alerts"]!.AsArray();
        webhook.Alerts.Count.ShouldBe(sent.Count);
        foreach (var (received, alert) in webhook.Alerts.Zip(sent))
        {
            received.Receiver.ShouldBe("hook");
            received.TruncatedAlerts.ShouldBe(webhook.TruncatedAlerts);
            received.ReceivedAt.ShouldBe(Now);
            received.ExternalUrl.ShouldBe("http://alertmanager.example:9093");
            received.GroupKey.ShouldBe(body["groupKey"]!.GetValue<string>());
            received.Alert.Fingerprint.ShouldBe(alert!["fingerprint"]!.GetValue<string>());
            received.Alert.Status.ToString().ToLowerInvariant().ShouldBe(alert["status"]!.GetValue<string>());
            received.Alert.Labels.ShouldBe(alert["labels"]!.AsObject().ToDictionary(label => label.Key, label => label.Value!.GetValue<string>()), ignoreOrder: true);
            received.Alert.Annotations.ShouldBe(alert["annotations"]!.AsObject().ToDictionary(label => label.Key, label => label.Value!.GetValue<string>()), ignoreOrder: true);
            received.Alert.StartsAt.ShouldBe(DateTimeOffset.Parse(alert["startsAt"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture));
            (received.Alert.EndsAt is null).ShouldBe(received.Alert.Status == AlertStatus.Firing);
        }
    }

    [Fact]
    public void Parse_ThereAreRealPayloads() => Payloads.Names.Count.ShouldBeGreaterThanOrEqualTo(6);

    [Fact]
    public void Parse_FiringAndItsResolution_AreOneAlert()
    {
        var (firing, resolved) = (Parse(Payloads.Read("firing-single")).Alerts.Single().Alert, Parse(Payloads.Read("resolved-single")).Alerts.Single().Alert);

        (resolved.Fingerprint, resolved.StartsAt).ShouldBe((firing.Fingerprint, firing.StartsAt));
        resolved.EndsAt.ShouldBe(new DateTimeOffset(2026, 11, 22, 7, 44, 1, TimeSpan.Zero).AddMicroseconds(240_502));
        MessageIds.For(resolved).ShouldNotBe(MessageIds.For(firing));
    }

    [Theory]
    [InlineData("")]
    [InlineData("alerts")]
    [InlineData("null")]
    [InlineData("42")]
    [InlineData("{}")]
    [InlineData("""{"alerts":null}""")]
    [InlineData("""{"alerts":{}}""")]
    [InlineData("""{"alerts":[""")]
    [InlineData("""{"alerts":[]} {}""")]
    public void Parse_NotAWebhook_SaysSo(string body) => Parse(Payloads.Bytes(body)).Fault!.Reason.ShouldBe(RefusalReason.NotAWebhook);

    [Theory]
    [InlineData("""{"alerts":[],"version":"3"}""")]
    [InlineData("""{"alerts":[],"version":4}""")]
    [InlineData("""{"alerts":[],"version":"\ud800"}""")]
    [InlineData("[]")]
    public void Parse_OfAnyVersion_IsAWebhookByItsShape(string body) => Parse(Payloads.Bytes(body)).Fault.ShouldBeNull();

    [Fact]
    public void Parse_DeepNesting_IsRefusedWithoutOverflow() =>
        Parse(Payloads.Bytes("{\"alerts\":" + new string('[', 100_000) + new string(']', 100_000) + "}")).Fault.ShouldNotBeNull();

    [Fact]
    public void Parse_BodyThatBreaksOff_GivesTheAlertsBefore()
    {
        var good = Payloads.Json()["alerts"]![0]!.ToJsonString();

        var webhook = Parse(Payloads.Bytes($$"""{"alerts":[{{good}},{{good}},{{good[..50]}}"""));

        webhook.Alerts.Count.ShouldBe(2);
        webhook.Fault!.Text.ShouldStartWith("The body is not JSON (line 1, byte ");
    }

    [Fact]
    public void Parse_MoreAlertsThanABodyMayHold_GivesTheFirst()
    {
        var webhook = Parse(Payloads.Bytes($$"""{"alerts":[{{string.Join(',', Enumerable.Repeat("42", AlertBounds.MaxAlerts + 1))}}]}"""));

        webhook.SetAside.Count.ShouldBe(AlertBounds.MaxAlerts);
        webhook.Fault!.Reason.ShouldBe(RefusalReason.TooLarge);
    }

    // However the network cuts it.
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Feed_InPieces_IsTheSameWebhook(int size)
    {
        foreach (var body in Payloads.Names.Select(Payloads.Read).Concat(Payloads.Senders.Select(name => Payloads.Sender(name))))
        {
            var parser = new WebhookParser(SeverityWords.Shipped, Now);
            List<byte> waiting = [];
            foreach (var piece in body.Chunk(size))
            {
                waiting.AddRange(piece);
                waiting.RemoveRange(0, parser.Feed(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(waiting), isFinal: false));
            }

            parser.Feed(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(waiting), isFinal: true);

            AlertResponder.Incidents.StoredJson.Write(parser.Result()).ShouldBe(AlertResponder.Incidents.StoredJson.Write(Parse(body)));
        }
    }

    [Fact]
    public void Parse_ByteOrderMark_IsNoPartOfIt() => Parse([0xEF, 0xBB, 0xBF, .. Payloads.Read("firing-single")]).Alerts.ShouldHaveSingleItem();

    [Fact]
    public void Parse_NoAlerts_IsAnEmptyWebhook() => Parse(Payloads.Bytes("""{"version":"4","alerts":[]}""")).Alerts.ShouldBeEmpty();

    [Theory]
    [InlineData("42", "not an object")]
    [InlineData("null", "not an object")]
    [InlineData("{}", "labels")]
    [InlineData("""{"labels":{}}""", "labels")]
    [InlineData("""{"labels":[]}""", "labels")]
    [InlineData("""{"labels":{"alertname":null}}""", "labels")]
    [InlineData("""{"labels":null}""", "labels")]
    [InlineData("""{"labels":"alertname"}""", "labels")]
    public void Parse_OneBadAlertAmongGood_SetsAsideThatOneOnly(string bad, string reason)
    {
        var good = Payloads.Json()["alerts"]![0]!.ToJsonString();

        var webhook = Parse(Payloads.Bytes($$"""{"version":"4","alerts":[{{good}},{{bad}},{{good}}]}"""));

        webhook.Alerts.Select(received => received.Alert.Fingerprint).ShouldBe(["636219f2fccf1c5f", "636219f2fccf1c5f"]);
        webhook.SetAside.ShouldHaveSingleItem().ShouldStartWith("alerts[1]: ");
        webhook.SetAside.Single().ShouldContain(reason);
    }

    [Theory]
    [InlineData("groupKey")]
    [InlineData("receiver")]
    [InlineData("externalURL")]
    [InlineData("\\ud800")]
    public void Parse_EnvelopeThatIsNotUnicode_CostsNoAlert(string name)
    {
        var good = Payloads.Json()["alerts"]![0]!.ToJsonString();

        var webhook = Parse(Payloads.Bytes($$"""{"{{name}}":"\ud800","alerts":[{{good}}],"version":"4"}"""));

        webhook.Alerts.ShouldHaveSingleItem();
    }

    // Of a critical alert nothing is worth more than that it is one: what cannot be used of it is left out, or derived.
    [Theory]
    [InlineData("""{"labels":{"alertname":1}}""", "alertname", "1")]
    [InlineData("""{"labels":{"alertname":true}}""", "alertname", "true")]
    [InlineData("""{"labels":{"alertname":"A","x":null}}""", "alertname", "A")]
    [InlineData("""{"labels":{"alertname":{"a":[1]}}}""", "alertname", "{\"a\":[1]}")]
    [InlineData("""{"labels":{"alertname":"\ud800"}}""", "alertname", "\uFFFD")]
    [InlineData("""{"labels":{"alertname":"A","\udc00":"x"}}""", "\uFFFD", "x")]
    [InlineData("""{"labels":{"alertname":"A"},"annotations":[]}""", "alertname", "A")]
    [InlineData("""{"labels":{"alertname":"A"},"annotations":{"a":null,"b":[]}}""", "alertname", "A")]
    [InlineData("""{"labels":{"alertname":"A"},"fingerprint":"../1"}""", "alertname", "A")]
    [InlineData("""{"labels":{"alertname":"A"},"fingerprint":null,"status":"pending"}""", "alertname", "A")]
    [InlineData("""{"labels":{"alertname":"A"},"startsAt":"soon","endsAt":[]}""", "alertname", "A")]
    [InlineData("""{"labels":{"alertname":"A"},"startsAt":"2026-13-22T07:43:46Z"}""", "alertname", "A")]
    [InlineData("""{"labels":{"alertname":"A"},"generatorURL":"\udfff"}""", "alertname", "A")]
    public void Parse_AlertThatLacksSomething_IsAnAlert(string odd, string label, string value)
    {
        var good = Payloads.Json()["alerts"]![0]!.ToJsonString();

        var webhook = Parse(Payloads.Bytes($$"""{"version":"4","alerts":[{{good}},{{odd}},{{good}}]}"""));

        webhook.SetAside.ShouldBeEmpty();
        webhook.Alerts.Count.ShouldBe(3);
        var alert = webhook.Alerts[1];
        alert.Alert.Labels[label].ShouldBe(value);
        alert.Alert.Fingerprint.Length.ShouldBe(16);
        (alert.Alert.Status, alert.Alert.StartsAt, alert.StartIsGuessed).ShouldBe((AlertStatus.Firing, Now, true));
        webhook.Notes.ShouldContain(note => note.StartsWith("alerts[1]: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_BytesThatAreNotUtf8_AreReplaced()
    {
        var good = Payloads.Json()["alerts"]![0]!.ToJsonString();
        byte[] body = [.. Payloads.Bytes("{\"alerts\":["), .. Payloads.Bytes(good.Replace("price-scraper-28487520-abc12", "@", StringComparison.Ordinal)), (byte)',', .. Payloads.Bytes(good), .. "]}"u8];
        body[Array.IndexOf(body, (byte)'@')] = 0xff;

        var webhook = Parse(body);

        webhook.Alerts.Count.ShouldBe(2);
        webhook.Alerts[0].Alert.Labels["pod"].ShouldBe("\uFFFD");
    }

    [Theory]
    [InlineData("firing", null, null, AlertStatus.Firing)]
    [InlineData("resolved", null, null, AlertStatus.Resolved)]
    [InlineData("resolved", "firing", null, AlertStatus.Firing)]
    [InlineData("firing", " Resolved", null, AlertStatus.Resolved)]
    [InlineData("firing", null, "2026-11-22T07:59:00Z", AlertStatus.Resolved)]
    [InlineData("firing", null, "2026-11-22T08:01:00Z", AlertStatus.Firing)]
    [InlineData(null, "2", null, AlertStatus.Firing)]
    public void Parse_StatusOfItsOwn_OrTheEnvelopes(string? envelope, string? own, string? endsAt, AlertStatus expected)
    {
        var body = Payloads.Json();
        body["status"] = envelope;
        var alert = body["alerts"]![0]!.AsObject();
        (alert["status"], alert["endsAt"]) = (own, endsAt);

        Parse(Payloads.Bytes(body.ToJsonString())).Alerts.Single().Alert.Status.ShouldBe(expected);
    }

    [Fact]
    public void Parse_NulCharacters_AreReplaced()
    {
        var webhook = Parse(Payloads.WithAlert(alert =>
        {
            alert["labels"]!["pod"] = "a\0b";
            alert["labels"]!["c\0d"] = "e";
            alert["annotations"]!["summary"] = "\0";
        }));

        var parsed = webhook.Alerts.Single().Alert;
        parsed.Labels["pod"].ShouldBe("a\uFFFDb");
        parsed.Labels["c\uFFFDd"].ShouldBe("e");
        parsed.Annotations["summary"].ShouldBe("\uFFFD");
    }

    [Theory]
    [InlineData("2026-11-22T07:43:46.362001949Z", "2026-11-22T07:43:46.3620010+00:00")]
    [InlineData("2026-11-22T07:43:46.362001Z", "2026-11-22T07:43:46.3620010+00:00")]
    [InlineData("2026-11-22T07:43:46.3Z", "2026-11-22T07:43:46.3000000+00:00")]
    [InlineData("2026-11-22T09:43:46.362001949+02:00", "2026-11-22T07:43:46.3620010+00:00")]
    [InlineData("2026-11-22T07:43:46Z", "2026-11-22T07:43:46.0000000+00:00")]
    [InlineData("2026-11-22 07:43:46.5Z", "2026-11-22T07:43:46.5000000+00:00")]
    [InlineData("2026-11-22 09:43:46.5 +0200", "2026-11-22T07:43:46.5000000+00:00")]
    [InlineData("2026-11-22 07:43:46.362001949 +0000 UTC m=+0.000000001", "2026-11-22T07:43:46.3620010+00:00")]
    [InlineData("2026-11-22T07:43:46", "2026-11-22T07:43:46.0000000+00:00")]
    [InlineData("1795333426", "2026-11-22T07:43:46.0000000+00:00")]
    [InlineData("1795333426500", "2026-11-22T07:43:46.5000000+00:00")]
    public void Parse_StartsAt_IsWholeMicrosecondsInUtc(string text, string expected) =>
        Parse(Payloads.WithAlert(alert => alert["startsAt"] = text)).Alerts.Single().Alert.StartsAt.ToString("O").ShouldBe(expected);

    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("")]
    [InlineData(null)]
    public void Parse_ZeroEndsAt_IsNone(string? text) =>
        Parse(Payloads.WithAlert(alert => alert["endsAt"] = text)).Alerts.Single().Alert.EndsAt.ShouldBeNull();

    [Theory]
    [InlineData("15", 15)]
    [InlineData("9223372036854775807", int.MaxValue)]
    [InlineData("1e400", 0)]
    [InlineData("99999999999999999999999999999999", 0)]
    [InlineData("-3", 0)]
    [InlineData("\"15\"", 0)]
    [InlineData("null", 0)]
    public void Parse_TruncatedAlerts_OfAnySize(string number, int expected) =>
        Parse(Payloads.Bytes($$"""{"alerts":[],"truncatedAlerts":{{number}}}""")).TruncatedAlerts.ShouldBe(expected);

    [Theory]
    [InlineData("9999-12-31T23:59:59Z", "2200-01-01T00:00:00.0000000+00:00")]
    [InlineData("0002-01-01T00:00:00Z", "1970-01-01T00:00:00.0000000+00:00")]
    [InlineData("1970-01-01T00:00:07Z", "1970-01-01T00:00:07.0000000+00:00")]
    public void Parse_StartsAtOfAWrongClock_IsMovedToWhereOneCanReckonWithIt(string text, string expected) =>
        Parse(Payloads.WithAlert(alert => alert["startsAt"] = text)).Alerts.Single().Alert.StartsAt.ToString("O").ShouldBe(expected);

    [Theory]
    [InlineData("07:43")]
    [InlineData("2026-11-22")]
    [InlineData("Sunday")]
    [InlineData("22/11/2026 07:43:46")]
    [InlineData("9999-12-31T23:59:59.9999999-14:00")]
    public void Parse_StartsAtOfAnotherForm_IsTheReceipt(string text)
    {
        var webhook = Parse(Payloads.WithAlert(alert => alert["startsAt"] = text));

        (webhook.Alerts.Single().Alert.StartsAt, webhook.Alerts.Single().StartIsGuessed).ShouldBe((Now, true));
        webhook.Notes.ShouldBe(["alerts[0]: startsAt is not a time", "alerts[0]: no start; the time of receipt is taken"]);
    }

    [Fact]
    public void Parse_LongAnnotations_AreCutAfterTheyAreRedacted()
    {
        const string secret = "hunter2hunter2";
        var webhook = Parse(Payloads.WithAlert(alert =>
        {
            alert["annotations"]!["description"] = new string('x', AlertTexts.MaxAnnotation - 12) + $" password={secret} 😀";
            alert["annotations"]!["emoji"] = string.Concat(Enumerable.Repeat("😀", AlertTexts.MaxAnnotation));
            alert["annotations"]![new string('n', AlertTexts.MaxAnnotationName + 1)] = "x";
            alert["generatorURL"] = "http://prometheus.example/" + new string('x', AlertTexts.MaxUrl);
        }));

        var parsed = webhook.Alerts.Single().Alert;
        parsed.Annotations["description"].Length.ShouldBe(AlertTexts.MaxAnnotation);
        parsed.Annotations["description"].ShouldNotContain("hunt");
        parsed.Annotations["description"].ShouldEndWith("…");
        parsed.Annotations["emoji"].Length.ShouldBe(AlertTexts.MaxAnnotation - 1, "no half of a pair");
        parsed.Annotations["emoji"].EnumerateRunes().ShouldNotContain(Rune.ReplacementChar);
        parsed.Annotations.Keys.ShouldAllBe(name => name.Length <= AlertTexts.MaxAnnotationName);
        parsed.GeneratorUrl.ShouldBeNull();
    }

    [Fact]
    public void Parse_TenThousandAnnotations_AreTheFirst()
    {
        var webhook = Parse(Payloads.WithAlert(alert =>
            alert["annotations"] = new JsonObject(Enumerable.Range(0, 10_000).Select(number => KeyValuePair.Create($"a{number}", (JsonNode?)"x")))));

        webhook.Alerts.Single().Alert.Annotations.Keys.ShouldBe(Enumerable.Range(0, AlertTexts.MaxAnnotations).Select(number => $"a{number}"));
    }

    [Theory]
    [InlineData(AlertTexts.MaxLabels + 1, 1, "more than 256 labels")]
    [InlineData(10_000, 1, "more than 256 labels")]
    [InlineData(2, AlertTexts.MaxLabelText / 2, "more than 32768 characters")]
    public void Parse_AbsurdLabels_SetTheirAlertAside(int count, int length, string reason)
    {
        var good = Payloads.Json()["alerts"]![0]!.ToJsonString();
        var labels = string.Join(',', Enumerable.Range(0, count).Select(number => $"\"l{number}\":\"{new string('x', length)}\""));

        var webhook = Parse(Payloads.Bytes($$"""{"alerts":[{"labels":{{{labels}}},"fingerprint":"1","status":"firing","startsAt":"2026-11-22T07:43:46Z"},{{good}}]}"""));

        webhook.Alerts.ShouldHaveSingleItem();
        webhook.SetAside.ShouldHaveSingleItem().ShouldContain(reason);
    }

    [Fact]
    public void Parse_NameThatStandsTwice_HasItsLaterValue()
    {
        var good = Payloads.Json()["alerts"]![0]!.ToJsonString().TrimEnd('}');

        var webhook = Parse(Payloads.Bytes($$$"""{"alerts":null,"alerts":[{{{good}}},"fingerprint":"2","labels":{"alertname":"A","alertname":"B"}}]}"""));

        var alert = webhook.Alerts.Single().Alert;
        (alert.Fingerprint, alert.Name()).ShouldBe(("2", "B"));
    }

    [Fact]
    public void Parse_TenThousandAlerts_AreAllThere()
    {
        var alerts = Enumerable.Range(0, 10_000).Select(number =>
            $$"""{"status":"firing","labels":{"alertname":"A","pod":"p-{{number}}"},"annotations":{},"startsAt":"2026-11-22T07:43:46Z","fingerprint":"{{number:x16}}"}""");

        var webhook = Parse(Payloads.Bytes($$"""{"version":"4","alerts":[{{string.Join(',', alerts)}}]}"""));

        webhook.Alerts.Count.ShouldBe(10_000);
        webhook.Alerts[^1].Alert.Labels["pod"].ShouldBe("p-9999");
    }

    [Fact]
    public void Parse_Secrets_AreRedactedWhereverTheyStand()
    {
        const string secret = "hunter2hunter2";
        var body = Payloads.Json();
        body["groupKey"] = $"{{}}:{{password={secret}}}";
        body["externalURL"] = $"https://admin:{secret}@alertmanager.example/";
        var alert = body["alerts"]![0]!.AsObject();
        alert["labels"]!["dsn"] = $"password={secret}";
        alert["annotations"]!["description"] = $"token: {secret}";
        alert["annotations"]!["db_password"] = "correct horse battery " + secret;
        alert["generatorURL"] = $"https://admin:{secret}@prometheus.example/graph";

        var webhook = Parse(Payloads.Bytes(body.ToJsonString()));

        webhook.Alerts.ShouldHaveSingleItem();
        AlertResponder.Incidents.StoredJson.Write(webhook.Alerts.Single()).ShouldNotContain(secret);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("startsAt")]
    [InlineData("endsAt")]
    [InlineData("fingerprint")]
    public void Parse_BadValue_IsNotRepeatedInTheReason(string name)
    {
        var webhook = Parse(Payloads.WithAlert(alert => alert[name] = "password=hunter2hunter2 " + new string('x', 10_000)));

        webhook.Alerts.ShouldHaveSingleItem();
        StoredJson.Write(webhook).ShouldNotContain("hunter2");
        webhook.Notes.ShouldAllBe(note => note.Length < 200);
    }

    [Fact]
    public void Parse_ThousandMutations_ThrowNothingElse()
    {
        var random = new Random(20261122);
        byte[][] bodies = [.. Payloads.Names.Select(Payloads.Read)];
        var (parsed, refused) = (0, 0);
        for (var round = 0; round < 1000; round++)
        {
            var body = Mutate(bodies[random.Next(bodies.Length)], random);
            try
            {
                var webhook = Parse(body);
                (parsed, refused) = webhook.Fault is null ? (parsed + 1, refused) : (parsed, refused + 1);
                webhook.Alerts.ShouldAllBe(received => received.Alert.Labels.Count > 0);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Round {round}: {Encoding.UTF8.GetString(body)}", e);
            }
        }

        parsed.ShouldBeGreaterThan(50);
        refused.ShouldBeGreaterThan(50);
    }

    private static readonly string[] Fragments = ["\\ud800", "\\u0000", "\"", "{", "}", "[", "]", ",", ":", "null", "-1", "1e999", "\\", "\0", "\u00e9", "true", "\"alerts\":[]", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999-14:00"];

    private static byte[] Mutate(byte[] original, Random random)
    {
        List<byte> body = [.. original];
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(body.Count);
            switch (random.Next(5))
            {
                case 0:
                    body[at] = (byte)random.Next(256);
                    break;
                case 1:
                    body.RemoveRange(at, Math.Min(random.Next(1, 20), body.Count - at));
                    break;
                case 2:
                    body.InsertRange(at, Encoding.UTF8.GetBytes(Fragments[random.Next(Fragments.Length)]));
                    break;
                case 3:
                    // Within a text: the form stays, the content suffers.
                    var quote = body.IndexOf((byte)'"', at);
                    body.InsertRange(quote < 0 ? at : quote, Encoding.UTF8.GetBytes(Fragments[random.Next(2)]));
                    break;
                default:
                    Replace(body, at, random);
                    break;
            }

            if (body.Count == 0)
            {
                break;
            }
        }

        return [.. body];
    }

    // A whole value by another.
    private static void Replace(List<byte> body, int at, Random random)
    {
        var start = body.IndexOf((byte)':', at);
        if (start < 0)
        {
            return;
        }

        var end = body.IndexOf((byte)'\n', start);
        if (end > start)
        {
            body.RemoveRange(start + 1, end - start - 1);
            body.InsertRange(start + 1, Encoding.UTF8.GetBytes(random.Next(2) == 0 ? "[1,{}]," : "\"x\","));
        }
    }

    private static ParsedWebhook Parse(byte[] body) => WebhookParser.Parse(body, Now);
}
