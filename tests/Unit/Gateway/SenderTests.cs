using System.Globalization;
using AlertResponder.Contracts;
using AlertResponder.Gateway.Alertmanager;

namespace AlertResponder.Tests.Unit.Gateway;

/// <summary>What senders other than the recorded Alertmanager 0.25 post, and older and newer ones of it: docs/alertmanager-senders.md lists them.</summary>
public sealed class SenderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Scraped = new DateTimeOffset(2026, 11, 22, 7, 43, 46, TimeSpan.Zero).AddMicroseconds(362_001);

    public static TheoryData<string> AllPayloads => [.. Payloads.Names];

    [Fact]
    public void Parse_EverySender_LosesNothing()
    {
        foreach (var name in Payloads.Senders)
        {
            var webhook = Parse(name);

            webhook.Fault.ShouldBeNull(name);
            webhook.SetAside.ShouldBeEmpty(name);
            webhook.Alerts.ShouldNotBeEmpty(name);
        }
    }

    [Theory]
    [InlineData("grafana-12", "Memory high", "5da6cdd691f70431", null)]
    [InlineData("alertmanager-0.15", "HighCpuUsage", null, Severity.Critical)]
    [InlineData("alertmanager-0.34", "KubePodCrashLooping", null, Severity.Critical)]
    [InlineData("annotations-not-text", "DiskFull", "7c88da539d3ebb8a", Severity.Critical)]
    [InlineData("loki", "ErrorsInLog", null, Severity.Critical)]
    [InlineData("mimir", "KubePodCrashLooping", "636219f2fccf1c5f", Severity.Warning)]
    [InlineData("vmalert", "KubePodCrashLooping", null, Severity.Warning)]
    [InlineData("vmalert-direct", "HostDown", null, Severity.Critical)]
    public void Parse_OneAlertOfASender_IsThatAlert(string sender, string name, string? fingerprint, Severity? severity)
    {
        var alert = Parse(sender).Alerts.ShouldHaveSingleItem().Alert;

        (alert.Name(), alert.Status, alert.Severity, alert.EndsAt).ShouldBe((name, AlertStatus.Firing, severity, null));
        alert.Fingerprint.ShouldBe(fingerprint ?? LabelFingerprint.Of(alert.Labels));
    }

    // The recorded ones say what the labels' hash is.
    [Theory]
    [MemberData(nameof(AllPayloads))]
    public void Fingerprint_OfTheLabels_IsWhatAlertmanagerMakesOfThem(string name)
    {
        foreach (var alert in Payloads.Json(name)["alerts"]!.AsArray())
        {
            var labels = alert!["labels"]!.AsObject().ToDictionary(label => label.Key, label => label.Value!.GetValue<string>(), StringComparer.Ordinal);

            LabelFingerprint.Of(labels).ShouldBe(alert["fingerprint"]!.GetValue<string>());
        }
    }

    [Fact]
    public void Fingerprint_OfEveryRecordedAlert_IsTheSameWhetherToldOrNot()
    {
        var told = WebhookParser.Parse(Payloads.Read("firing-group-truncated"), Now).Alerts;
        var body = Payloads.Json("firing-group-truncated");
        foreach (var alert in body["alerts"]!.AsArray())
        {
            alert!.AsObject().Remove("fingerprint");
        }

        WebhookParser.Parse(Payloads.Bytes(body.ToJsonString()), Now).Alerts.Select(received => received.Alert.Fingerprint).ShouldBe(told.Select(received => received.Alert.Fingerprint));
    }

    [Fact]
    public void Parse_AnnotationThatIsANumberOrNull_IsItsTextOrNone()
    {
        var webhook = Parse("annotations-not-text");

        var annotations = webhook.Alerts.Single().Alert.Annotations;
        annotations["value"].ShouldBe("86.83");
        annotations.ShouldNotContainKey("runbook_url");
        webhook.Notes.ShouldBe(["alerts[0]: annotation runbook_url is null"]);
    }

    [Fact]
    public void Parse_NoStartOrStatus_IsTheReceiptAndTheEnvelopes()
    {
        var alerts = Parse("no-start-or-status").Alerts;

        alerts.Select(received => (received.Alert.Name(), received.Alert.StartsAt, received.StartIsGuessed)).ShouldBe(
        [
            ("ZeroStart", Now, true), ("NoStart", Now, true), ("NoStatus", new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero), false),
        ]);
        alerts.ShouldAllBe(received => received.Alert.Status == AlertStatus.Firing);
    }

    [Fact]
    public void Parse_PrometheusItself_TellsWhatIsOverByItsEnd()
    {
        var alerts = Parse("prometheus-direct").Alerts;

        alerts.Select(received => (received.Alert.Labels["pod"], received.Alert.Status)).ShouldBe([("web-0", AlertStatus.Firing), ("web-1", AlertStatus.Resolved)]);
        alerts[1].Alert.EndsAt.ShouldBe(DateTimeOffset.Parse("2026-11-22T07:59:46.362Z", CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Parse_HalfOfACharacterAndABlankInTheTime_CostNothing()
    {
        var received = Parse("lone-surrogate-and-blank-in-time").Alerts.ShouldHaveSingleItem();

        (received.Alert.StartsAt, received.StartIsGuessed).ShouldBe((Scraped, false));
        received.Alert.Annotations["summary"].ShouldBe("\uFFFD half of a pair");
        received.Alert.Labels["reason"].ShouldBe("\uFFFD half of a pair");
    }

    [Fact]
    public void Parse_TemplatesThatFailed_AreNotShown()
    {
        var webhook = Parse("loki");

        var annotations = webhook.Alerts.Single().Alert.Annotations;
        annotations["summary"].ShouldBe("(unknown) errors in checkout");
        annotations.ShouldNotContainKey("description");
        webhook.Notes.ShouldBe(["alerts[0]: annotation description holds a template's error"]);
    }

    [Fact]
    public void Parse_NotificationReasonAndRouteLabels_AreRead()
    {
        var webhook = Parse("alertmanager-0.34");

        webhook.NotificationReason.ShouldBe("new alerts in group");
        webhook.Alerts.Single().Alert.Severity.ShouldBe(Severity.Critical, "the route says page, the alert nothing");
    }

    [Fact]
    public void Parse_SeverityWords_AreThoseOfTheTable()
    {
        var severities = Parse("severity-words").Alerts.ToDictionary(received => received.Alert.Labels["severity"], received => received.Alert.Severity, StringComparer.Ordinal);

        severities.Where(word => word.Value == Severity.Critical).Select(word => word.Key).ShouldBe(
            ["page", "P1", "error", "high", "emergency", "fatal", "disaster", "CRITICAL", "critical "]);
        severities["notice"].ShouldBe(Severity.Info);
        severities["ok"].ShouldBe(Severity.Info);
    }

    private static ParsedWebhook Parse(string sender) => WebhookParser.Parse(Payloads.Sender(sender), Now);
}
