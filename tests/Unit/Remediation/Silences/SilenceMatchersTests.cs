using System.Text.RegularExpressions;
using AlertResponder.Connections.Alertmanager;
using AlertResponder.Contracts;
using AlertResponder.Redaction;
using AlertResponder.Remediation.Silences;
using AlertResponder.Tests.Unit.Incidents;

namespace AlertResponder.Tests.Unit.Remediation.Silences;

public sealed class SilenceMatchersTests
{
    private static readonly Alert[] CrashLoop =
    [
        Of("KubePodCrashLooping", ("namespace", "shop"), ("pod", "web-1"), ("severity", "warning")),
        Of("KubePodCrashLooping", ("namespace", "shop"), ("pod", "web-2"), ("severity", "warning")),
        Of("KubeDeploymentReplicasMismatch", ("namespace", "shop"), ("deployment", "web"), ("severity", "warning")),
    ];

    [Fact]
    public void Of_OneAlert_IsItsLabels() =>
        Shown(CrashLoop[0]).ShouldBe(["alertname=\"KubePodCrashLooping\"", "namespace=\"shop\"", "pod=\"web-1\"", "severity=\"warning\""]);

    [Fact]
    public void Of_AlertsOfOneSubject_AreTheirLabelsTogether() => Shown(CrashLoop).ShouldBe(
    [
        "alertname=~\"KubeDeploymentReplicasMismatch|KubePodCrashLooping\"",
        "deployment=~\"|web\"",
        "namespace=\"shop\"",
        "pod=~\"|web-1|web-2\"",
        "severity=\"warning\"",
    ]);

    [Fact]
    public void Of_AlertsOfOneSubject_MatchAllOfThemAndNotTheirNeighbours()
    {
        var matchers = SilenceMatchers.Of(CrashLoop).ShouldNotBeNull();

        CrashLoop.ShouldAllBe(alert => Matches(matchers, alert));
        Matches(matchers, Of("KubePodCrashLooping", ("namespace", "shop"), ("pod", "cart-1"), ("severity", "warning"))).ShouldBeFalse();
        Matches(matchers, Of("KubePodCrashLooping", ("namespace", "data"), ("pod", "web-1"), ("severity", "warning"))).ShouldBeFalse();
        Matches(matchers, Of("KubePodCrashLooping", ("namespace", "shop"), ("pod", "web-1"), ("severity", "critical"))).ShouldBeFalse();
        Matches(matchers, Of("KubePodNotReady", ("namespace", "shop"), ("pod", "web-1"), ("severity", "warning"))).ShouldBeFalse();
        Matches(matchers, Of("KubePodCrashLooping", ("namespace", "shop"), ("pod", "web-11"), ("severity", "warning"))).ShouldBeFalse();
    }

    [Fact]
    public void Of_LabelsThatChangeWhileTheAlertStaysTheSame_AreLeftOut() =>
        Shown(Of(
            "KubePodCrashLooping",
            ("job", "kube-state-metrics"),
            ("instance", "10.0.0.7:8080"),
            ("endpoint", "http"),
            ("service", "kube-state-metrics"),
            ("pod", "kube-state-metrics-5d8c"),
            ("exported_pod", "web-1"),
            ("uid", "e41f7c92"),
            ("prometheus_replica", "prometheus-0"))).ShouldBe(["alertname=\"KubePodCrashLooping\"", "exported_pod=\"web-1\"", "job=\"kube-state-metrics\""]);

    [Fact]
    public void Of_MachinesExporter_KeepsTheMachine() =>
        Shown(Of("NodeFilesystemAlmostOutOfSpace", ("job", "node-exporter"), ("instance", "10.0.0.7:9100"), ("device", "/dev/sda1")))
            .ShouldContain("instance=\"10.0.0.7:9100\"");

    [Theory]
    [InlineData("a.b")]
    [InlineData("a|b")]
    [InlineData("^a$")]
    [InlineData("(a)[b]{2}")]
    [InlineData("a b\t\n#")]
    [InlineData("a\\d+")]
    [InlineData("ünï☃")]
    public void Of_ValuesWithMeaningInPatterns_MatchThemselvesAlone(string value)
    {
        Alert[] alerts = [Of("Odd", ("queue", value)), Of("Odd", ("queue", "orders"))];

        var matchers = SilenceMatchers.Of(alerts).ShouldNotBeNull();

        alerts.ShouldAllBe(alert => Matches(matchers, alert));
        Matches(matchers, Of("Odd", ("queue", "axb"))).ShouldBeFalse();
        Matches(matchers, Of("Odd", ("queue", "a"))).ShouldBeFalse();
    }

    [Fact]
    public void Of_RandomAlerts_MatchAllOfThem()
    {
        var random = new Random(20261125);
        for (var round = 0; round < 500; round++)
        {
            Alert[] alerts =
            [
                .. Enumerable.Range(0, random.Next(1, 8)).Select(_ => Of(
                    $"A{random.Next(3)}",
                    [.. Enumerable.Range(0, random.Next(5)).Select(_ => ($"l{random.Next(4)}", $"v.{random.Next(3)}|")).DistinctBy(label => label.Item1)])),
            ];

            var matchers = SilenceMatchers.Of(alerts).ShouldNotBeNull();

            alerts.ShouldAllBe(alert => Matches(matchers, alert));
        }
    }

    [Fact]
    public void Of_RedactedLabel_IsNone() => SilenceMatchers.Of([Of("A", ("token", $"x {Redactor.Mark}"))]).ShouldBeNull();

    [Fact]
    public void Of_NoAlerts_IsNone() => SilenceMatchers.Of([]).ShouldBeNull();

    [Fact]
    public void Of_NothingThatAllHave_IsNone() =>
        SilenceMatchers.Of([Unnamed(("a", "1")), Unnamed(("b", "2"))]).ShouldBeNull("Alertmanager refuses what would match anything");

    [Fact]
    public void Of_MoreTextThanAnybodyReads_IsNone() =>
        SilenceMatchers.Of([.. Enumerable.Range(0, 500).Select(number => Of("A", ("pod", $"{number}{new string('x', 100)}")))]).ShouldBeNull();

    private static string[] Shown(params Alert[] alerts) => [.. SilenceMatchers.Of(alerts).ShouldNotBeNull().Select(matcher => matcher.ToString())];

    // As Alertmanager does: a pattern is for the whole value, and a label that is not there is empty.
    private static bool Matches(IEnumerable<SilenceMatcher> matchers, Alert alert) => matchers.All(matcher =>
        alert.Labels.GetValueOrDefault(matcher.Name, "") is var value
        && (matcher.IsRegex ? Regex.IsMatch(value, $@"\A(?:{matcher.Value})\z", RegexOptions.None, TimeSpan.FromSeconds(1)) : value == matcher.Value));

    private static Alert Of(string name, params (string Name, string Value)[] labels) => Samples.Alert("01", name: name, labels: labels);

    private static Alert Unnamed(params (string Name, string Value)[] labels) =>
        Of("") with { Labels = labels.ToDictionary(label => label.Name, label => label.Value, StringComparer.Ordinal) };
}
