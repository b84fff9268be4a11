using AlertResponder.Analysis;
using AlertResponder.Host.Lab.Evaluation;
using AlertResponder.Simulators.Snapshots;

namespace AlertResponder.Tests.Unit.Host;

/// <summary>What people may write in a scenario, and what they are told when it cannot be read.</summary>
public sealed class ScenarioReaderTests
{
    private const string Alert = """{"labels":{"alertname":"KubePodCrashLooping","pod":"web-1"},"startsAt":"2026-06-01T10:00:00Z"}""";

    private const string Pod =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web-5d8f7c6b9-x2x4z, namespace: shop, labels: {app: web}}
        spec: {nodeName: n1, containers: [{name: app, image: a}, {name: proxy, image: p}]}
        status:
          containerStatuses:
          - {name: app, ready: false, restartCount: 3, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 1, finishedAt: "2026-06-01T10:05:00Z"}}}
          - {name: proxy, ready: true, restartCount: 0, state: {running: {}}}
        """;

    [Theory]
    [InlineData("mustMention: [oom]")]
    [InlineData("must_mention: oom")]
    [InlineData("must-mention:\n- oom")]
    [InlineData("Must mention: [[killed, oom]]")]
    [InlineData("mentions: [killed|oom]")]
    [InlineData("must: {mention: [oom]}")]
    [InlineData("mention: {must: oom}")]
    [InlineData("mustMention: [{any: [killed, oom]}]")]
    [InlineData("mustMention: ['/o{2}M/']")]
    [InlineData("mustMention: [\"was   OOM\"]")]
    public void Expectations_MustMentionInAnySpelling_AreTheSame(string yaml)
    {
        var expected = Expectations.Parse("expected.yml", yaml);

        expected.MustMention.ShouldHaveSingleItem().IsIn("redis was OOMKilled").ShouldBeTrue();
        expected.MustMention[0].IsIn("redis is fine").ShouldBeFalse();
        expected.Warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("allowedActions: [increase-memory-limit]", "restart-workload", true)]
    [InlineData("allowed_actions: [increaseMemoryLimit]", ActionKinds.IncreaseMemoryLimit, false)]
    [InlineData("Allowed actions: Increase memory limit", ActionKinds.IncreaseMemoryLimit, false)]
    [InlineData("actions: {allowed: []}", ActionKinds.IncreaseMemoryLimit, true)]
    [InlineData("allowedActions: []", ActionKinds.ViewLogs, false)]
    [InlineData("allowedActions: none", ActionKinds.RestartWorkload, true)]
    [InlineData("forbiddenActions: [restart_workload]", ActionKinds.RestartWorkload, true)]
    [InlineData("forbiddenActions: [restart_workload]", ActionKinds.RerunJob, false)]
    [InlineData("forbidden: '*'", ActionKinds.RerunJob, true)]
    [InlineData("forbidden: any", ActionKinds.Describe, false)]
    [InlineData("mustMention: [x]", ActionKinds.RerunJob, false)]
    public void Forbids_AnAction_ByWhatIsAllowedAndForbidden(string yaml, string action, bool forbidden) =>
        Expectations.Parse("expected.yml", yaml).Forbids(action).ShouldBe(forbidden);

    [Fact]
    public void Expectations_UnknownKey_IsWarnedOfWithItsLine() =>
        Expectations.Parse("expected.yml", "description: for people\nmustMentoin: [x]").Warnings.ShouldHaveSingleItem().ShouldStartWith("expected.yml(2): the key mustMentoin");

    [Theory]
    [InlineData("mustMention:\n- a\n\tb", "expected.yml(2)")]
    [InlineData("mustMention:\n- /(/", "expected.yml(2)")]
    [InlineData("mustMention:\n- pod: x is gone", "expected.yml(2)")]
    [InlineData("- a", "expected.yml(1)")]
    public void Expectations_Unreadable_NamesFileAndLine(string yaml, string place) =>
        Should.Throw<FormatException>(() => Expectations.Parse("expected.yml", yaml)).Message.ShouldStartWith(place);

    [Theory]
    [InlineData("{\"version\":\"4\",\"alerts\":[" + Alert + "]}")]
    [InlineData("[" + Alert + "]")]
    [InlineData(Alert)]
    public void AlertFile_InAnyForm_IsAWebhookThatFires(string json)
    {
        var file = AlertFile.Parse("alert.json", json);

        var alert = file.Webhooks.ShouldHaveSingleItem()["alerts"]!.AsArray().ShouldHaveSingleItem()!;
        alert["status"]!.GetValue<string>().ShouldBe("firing");
        alert["fingerprint"]!.GetValue<string>().Length.ShouldBe(16);
        file.LastAt.ShouldBe(new DateTimeOffset(2026, 6, 1, 10, 2, 0, TimeSpan.Zero));
    }

    [Fact]
    public void AlertFile_Resolved_FiresFirst()
    {
        var file = AlertFile.Parse(
            "alert.json", """[{"status":"resolved","labels":{"alertname":"A"},"startsAt":"2026-06-01T10:00:00Z","endsAt":"2026-06-01T10:20:00Z"}]""");

        file.Webhooks.Select(webhook => webhook["alerts"]![0]!["status"]!.GetValue<string>()).ShouldBe(["firing", "resolved"]);
        file.LastAt.ShouldBe(new DateTimeOffset(2026, 6, 1, 10, 20, 0, TimeSpan.Zero));
    }

    [Theory]
    [InlineData("[", "alert.json(1)")]
    [InlineData("{\"alerts\": {}}", "alert.json(1)")]
    [InlineData("[]", "alert.json(1)")]
    public void AlertFile_Unreadable_NamesTheFile(string json, string place) =>
        Should.Throw<FormatException>(() => AlertFile.Parse("alert.json", json)).Message.ShouldStartWith(place);

    [Theory]
    [InlineData("shop_web-5d8f7c6b9-x2x4z_app.log", "app", false)]
    [InlineData("shop/web-5d8f7c6b9-x2x4z/app.previous.log", "app", true)]
    [InlineData("previous/web-5d8f7c6b9-x2x4z-proxy.txt", "proxy", true)]
    [InlineData("web-5d8f7c6b9-x2x4z_proxy_previous.log", "proxy", true)]
    [InlineData("web-5d8f7c6b9-x2x4z.log", "app", false)]
    [InlineData("web-5d8f7c6b9-x2x4z-previous.log", "app", true)]
    [InlineData("proxy.log", "proxy", false)]
    [InlineData("web.log", "app", false)]
    public void Logs_NamedInAnyWay_FindTheirContainer(string name, string container, bool previous)
    {
        var snapshot = ClusterSnapshot.Read([new SnapshotFile("cluster.yaml", Pod)], [new SnapshotFile(name, "text")], DateTimeOffset.UnixEpoch);

        var log = snapshot.Logs.ShouldHaveSingleItem();
        (log.Container, log.Previous, log.Text).ShouldBe((container, previous, "text"));
        snapshot.StrayLogs.ShouldBeEmpty();
    }

    [Fact]
    public void Logs_OfNoContainer_AreNamed() =>
        ClusterSnapshot.Read([new SnapshotFile("cluster.yaml", Pod)], [new SnapshotFile("db-0.log", "")], DateTimeOffset.UnixEpoch).StrayLogs.ShouldBe(["db-0.log"]);

    [Fact]
    public void Cluster_WithWhatPeopleLeaveOut_IsCompleted()
    {
        const string Rest =
            """
            apiVersion: v1
            kind: List
            items:
            - {apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {selector: {matchLabels: {app: web}}}}
            - {apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: web-5d8f7c6b9, namespace: shop, labels: {app: web}, ownerReferences: [{kind: Deployment, name: web, uid: d1}]}, spec: {selector: {matchLabels: {app: web}}}}
            - {apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}}}
            - {apiVersion: events.k8s.io/v1, kind: Event, metadata: {name: e, namespace: shop}, note: Back-off, regarding: {kind: Pod, name: web-5d8f7c6b9-x2x4z}}
            - {apiVersion: example.com/v1, kind: Widget, metadata: {name: w, namespace: shop}}
            """;
        var snapshot = ClusterSnapshot.Read([new SnapshotFile("a.yaml", Pod), new SnapshotFile("b.yaml", Rest)], [], new DateTimeOffset(2026, 6, 1, 10, 6, 0, TimeSpan.Zero));
        string? Read(string kind, Func<System.Text.Json.Nodes.JsonObject, string?> field) => field(snapshot.Objects.Single(item => item["kind"]!.ToString() == kind));

        Read("Deployment", item => item["metadata"]!["uid"]!.ToString()).ShouldBe("d1");
        Read("Deployment", item => item["status"]!["replicas"]!.ToString()).ShouldBe("1");
        Read("Pod", item => item["metadata"]!["ownerReferences"]![0]!["name"]!.ToString()).ShouldBe("web-5d8f7c6b9");
        Read("Pod", item => item["metadata"]!["creationTimestamp"]!.ToString()).ShouldBe("2026-06-01T10:05:00Z");
        Read("Pod", item => item["status"]!["phase"]!.ToString()).ShouldBe("Running");
        Read("Endpoints", item => item["subsets"]![0]!["notReadyAddresses"]![0]!["targetRef"]!["name"]!.ToString()).ShouldBe("web-5d8f7c6b9-x2x4z");
        Read("Event", item => item["message"]!.ToString()).ShouldBe("Back-off");
    }

    [Fact]
    public void Cluster_FieldsThatClientsInsistOn_AreThere()
    {
        var snapshot = ClusterSnapshot.Read(
            [
                new SnapshotFile(
                    "cluster.yaml",
                    """
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: a}
                    spec: {containers: [{name: app, image: i}]}
                    status:
                      conditions: [{type: Ready, status: False}]
                      containerStatuses: [{name: app, state: {running: {}}, lastState: {terminated: {reason: OOMKilled}}}]
                    """),
            ],
            [],
            DateTimeOffset.UnixEpoch);

        var status = snapshot.Objects.Single()["status"]!;
        status["conditions"]![0]!["status"]!.GetValue<string>().ShouldBe("False");
        var container = status["containerStatuses"]![0]!;
        (container["image"]!.GetValue<string>(), container["imageID"]!.GetValue<string>(), container["ready"]!.GetValue<bool>(), container["restartCount"]!.GetValue<int>()).ShouldBe(("i", "", true, 0));
        container["lastState"]!["terminated"]!["exitCode"]!.GetValue<int>().ShouldBe(137);
    }

    [Theory]
    [InlineData("cluster.yaml", "apiVersion: v1\nkind: Pod\n\tmetadata: x", "cluster.yaml(2)")]
    [InlineData("cluster.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\n\napiVersion: v1\nkind: Pod\nmetadata: {}", "cluster.yaml(6)")]
    [InlineData("cluster.json", "{\n\"kind\": ", "cluster.json(2)")]
    public void Cluster_Unreadable_NamesFileAndLine(string name, string text, string place) =>
        Should.Throw<FormatException>(() => ClusterSnapshot.Read([new SnapshotFile(name, text)], [], DateTimeOffset.UnixEpoch)).Message.ShouldStartWith(place);

    [Fact]
    public void Newest_OfTheCluster_IsTheLastThatHappened()
    {
        var pod = Pod + "\n---\n{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: c, namespace: shop}, status: {notAfter: \"2026-06-01T11:00:00Z\"}}";
        var from = new DateTimeOffset(2026, 6, 1, 10, 2, 0, TimeSpan.Zero);
        var snapshot = ClusterSnapshot.Read([new SnapshotFile("cluster.yaml", pod)], [], from);

        snapshot.Newest(from, from.AddDays(1)).ShouldBe(new DateTimeOffset(2026, 6, 1, 10, 5, 0, TimeSpan.Zero));
        snapshot.Newest(from.AddHours(1), from.AddDays(1)).ShouldBeNull();
    }
}
