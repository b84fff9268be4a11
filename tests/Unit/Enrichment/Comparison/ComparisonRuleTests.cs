using AlertResponder.Connections.Alertmanager;
using AlertResponder.Contracts;
using AlertResponder.Enrichment.Comparison;
using AlertResponder.Enrichment.Correlation;
using AlertResponder.Tests.Unit.Incidents;

namespace AlertResponder.Tests.Unit.Enrichment.Comparison;

public sealed class ComparisonRuleTests
{
    private static readonly DateTimeOffset Now = Samples.Start;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(2);
    private static readonly DateTimeOffset LongAgo = Now.AddHours(-1);

    // Shows that the Alertmanager is the one that ours come from.
    private static readonly KnownAlert Neighbour = Firing("99", listedAt: LongAgo);

    /// <summary>A firing alert that Alertmanager has not: minutes since it was found missing, since Alertmanager was started, since it was received.</summary>
    [Theory]
    [InlineData(null, 60.0, 30.0, "missing")]
    [InlineData(1.0, 60.0, 30.0, "")]
    [InlineData(2.0, 60.0, 30.0, "gone")]
    [InlineData(1.6, 60.0, 30.0, "gone")]
    [InlineData(null, 4.0, 30.0, "uncompared")]
    [InlineData(2.0, 4.0, 30.0, "uncompared")]
    [InlineData(2.0, 6.0, 30.0, "missing")]
    [InlineData(2.0, 7.0, 30.0, "gone")]
    [InlineData(null, 60.0, 0.0, "")]
    public void Decide_AlertmanagerHasItNoMore_ResolvesItAfterTwoComparisons(double? missing, double up, double received, string expected)
    {
        var alert = Firing("01", listedAt: LongAgo, missingSince: missing is { } minutes ? Now.AddMinutes(-minutes) : null, receivedAt: Now.AddMinutes(-received));

        var differences = Decide([alert], Listing(up));

        Told(differences).ShouldBe(expected);
        if (expected == "gone")
        {
            differences.Gone.ShouldHaveSingleItem().ShouldBe(alert);
            var resolved = ComparisonRule.Resolution(Samples.Alert("01", startsAt: LongAgo).Received(), Now);
            (resolved.Alert.Fingerprint, resolved.Alert.Status, resolved.Alert.EndsAt, resolved.ReceivedAt, resolved.Confirmed)
                .ShouldBe(("01", AlertStatus.Resolved, Now, Now, true));
        }
    }

    // Two clusters' Prometheus Operators give the same address to both Alertmanagers, and no alert a cluster label.
    [Theory]
    [InlineData(true, "missing")]
    [InlineData(false, "uncompared")]
    public void Decide_OthersOfItsOriginWereListed_IsComparedOnlyIfItWasListedItself(bool listedItself, string expected)
    {
        var alert = Firing("01", listedAt: listedItself ? LongAgo : null);

        Told(Decide([alert, Neighbour], Listing(60, "99"))).ShouldBe(expected);
        Told(ComparisonRule.Decide([alert], [alert.Origin], Listing(60), Now, Interval, _ => false, SeverityWords.Shipped)).ShouldBe(expected);
    }

    [Fact]
    public void Decide_MissingButNeverListed_IsNotGone() =>
        Told(Decide([Firing("01", missingSince: Now.AddMinutes(-2)), Neighbour], Listing(60, "99"))).ShouldBe("uncompared");

    [Fact]
    public void Decide_SilencedAlert_StillFires()
    {
        var differences = Decide([Firing("01", missingSince: LongAgo)], Listing(60, Listed("01", state: "suppressed")));

        Told(differences).ShouldBe("");
        differences.Found.ShouldBe(["01"]);
    }

    /// <summary>
    /// An alert that Alertmanager has and that is resolved here: minutes since the resolution was received; how much later Prometheus sent
    /// the alert again; to whom its route leads; its state.
    /// </summary>
    [Theory]
    [InlineData(3.0, 1.0, "hook", "active", "reopened")]
    [InlineData(0.9, 0.5, "hook", "active", "")]
    [InlineData(3.0, -0.5, "hook", "active", "")]
    [InlineData(3.0, 1.0, "other", "active", "")]
    [InlineData(3.0, 1.0, "hook", "suppressed", "")]
    [InlineData(3.0, 1.0, "hook", "unprocessed", "")]
    public void Decide_ActiveThereAndResolvedHere_Reopens(double resolved, double sentLater, string receiver, string state, string expected)
    {
        var resolvedAt = Now.AddMinutes(-resolved);
        var alert = Firing("01", listedAt: LongAgo) with { Status = AlertStatus.Resolved, EndsAt = resolvedAt, ReceivedAt = resolvedAt };

        var differences = Decide([alert, Neighbour], Listing(60, Listed("99"), Listed("01", updatedAt: resolvedAt.AddMinutes(sentLater), receiver: receiver, state: state)));

        Told(differences).ShouldBe(expected);
        if (expected == "reopened")
        {
            var reopened = differences.Reopened.ShouldHaveSingleItem();
            reopened.Like.ShouldBe(alert);
            var fires = ComparisonRule.Firing(reopened.Alert, Samples.Alert("01", startsAt: LongAgo).Received(), Now);
            (fires.Alert.Status, fires.Alert.StartsAt, fires.Receiver, fires.ReceivedAt, fires.Confirmed)
                .ShouldBe((AlertStatus.Firing, LongAgo, "hook", Now, true));
        }
    }

    [Theory]
    [InlineData(11.0, 60.0, "hook", "active", "KubePodCrashLooping", "unknown")]
    [InlineData(9.0, 60.0, "hook", "active", "KubePodCrashLooping", "")]
    [InlineData(11.0, 4.0, "hook", "active", "KubePodCrashLooping", "")]
    [InlineData(11.0, 60.0, "other", "active", "KubePodCrashLooping", "")]
    [InlineData(11.0, 60.0, "hook", "suppressed", "KubePodCrashLooping", "")]
    [InlineData(11.0, 60.0, "hook", "active", "Watchdog", "")]
    public void Decide_UnknownHere_IsTakenInWhereItsRouteLeadsToUs(double age, double up, string receiver, string state, string name, string expected)
    {
        var differences = Decide([Neighbour], Listing(up, Listed("99"), Listed("01", Now.AddMinutes(-age), receiver: receiver, state: state, name: name)));

        Told(differences).ShouldBe(expected);
    }

    [Fact]
    public void Decide_TimeIntervalsMayMute_TakesNothingIn()
    {
        var listing = Listing(60, Listed("99"), Listed("01"));

        Told(Decide([Neighbour], listing)).ShouldBe("unknown");
        Told(Decide([Neighbour], listing with { TellsWhoIsMuted = false })).ShouldBe("");
        Told(Decide([Neighbour], Listing(60, Listed("99"), Listed("01") with { Status = new ListedStatus("active", ["nights"]) }))).ShouldBe("");
    }

    [Fact]
    public void Decide_TakenIn_IsRedactedAsAWebhookIs()
    {
        var listed = Listed("01") with { Annotations = new Dictionary<string, string>(StringComparer.Ordinal) { ["db_password"] = "hunter2hunter2", ["summary"] = "down\0" } };

        var received = Decide([Neighbour], Listing(60, Listed("99"), listed)).Unknown.ShouldHaveSingleItem();

        received.Alert.Annotations["db_password"].ShouldNotContain("hunter2");
        received.Alert.Annotations["summary"].ShouldBe("down\uFFFD");
        received.Like.ShouldBe(Neighbour);
    }

    [Fact]
    public void Decide_TakenIn_IsReadAsAWebhookIs()
    {
        var listed = Listed("01") with
        {
            Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["alertname"] = "Down", ["severity"] = "rot" },
            Annotations = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["summary"] = "<error expanding template: no such field>", ["description"] = "At <no value>",
            },
        };
        var words = SeverityWords.Configured([KeyValuePair.Create("rot", "critical")])!;

        var received = Decide([Neighbour], Listing(60, Listed("99"), listed), words).Unknown.ShouldHaveSingleItem();

        received.Alert.Severity.ShouldBe(Severity.Critical);
        received.Alert.Annotations.ShouldBe(new Dictionary<string, string> { ["description"] = "At (unknown)" });
    }

    private static Differences Decide(IReadOnlyList<KnownAlert> known, AlertListing listing, SeverityWords? words = null) =>
        ComparisonRule.Decide(known, [], listing, Now, Interval, alert => CorrelationRule.IsIgnored(alert, ["Watchdog"]), words ?? SeverityWords.Shipped);

    private static string Told(Differences differences) => string.Join(' ', new[]
    {
        differences.Missing.Count > 0 ? "missing" : "", differences.Gone.Count > 0 ? "gone" : "", differences.Reopened.Count > 0 ? "reopened" : "",
        differences.Unknown.Count > 0 ? "unknown" : "", differences.Uncompared > 0 ? "uncompared" : "",
    }.Where(text => text.Length > 0));

    private static KnownAlert Firing(
        string fingerprint, DateTimeOffset? listedAt = null, DateTimeOffset? missingSince = null, DateTimeOffset? receivedAt = null, params (string Name, string Value)[] labels)
    {
        var received = Samples.Alert(fingerprint, startsAt: LongAgo, labels: labels).Received() with { ReceivedAt = receivedAt ?? LongAgo };
        return new KnownAlert(
            fingerprint, LongAgo, AlertStatus.Firing, null, received.ReceivedAt, listedAt, missingSince, received.Receiver,
            new AlertOrigin(received.ExternalUrl, received.Alert.Labels.GetValueOrDefault("cluster")));
    }

    private static AlertListing Listing(double minutesUp, params ListedAlert[] alerts) => new(alerts, Now.AddMinutes(-minutesUp), TellsWhoIsMuted: true);

    private static AlertListing Listing(double minutesUp, string fingerprint) => Listing(minutesUp, Listed(fingerprint));

    private static ListedAlert Listed(
        string fingerprint, DateTimeOffset? startsAt = null, DateTimeOffset? updatedAt = null, string receiver = "hook", string state = "active", string name = "KubePodCrashLooping") => new(
        fingerprint,
        startsAt ?? LongAgo,
        updatedAt ?? Now.AddSeconds(-30),
        new Dictionary<string, string>(StringComparer.Ordinal) { ["alertname"] = name },
        null,
        null,
        [new ListedReceiver("first"), new ListedReceiver(receiver)],
        new ListedStatus(state));
}
