using System.Text;
using AlertResponder.Contracts;
using AlertResponder.Enrichment.Gathering;
using AlertResponder.Gateway.Alertmanager;
using AlertResponder.Incidents;
using AlertResponder.Simulators;
using AlertResponder.Tests.Unit.Gateway;
using AlertResponder.Tests.Unit.Incidents;

namespace AlertResponder.Tests.Unit.Enrichment;

public sealed class EvidenceTests
{
    private const string Pod = "price-scraper-28487520-2n78x";
    private const string Secret = "hunter2hunter2";

    private static readonly AlertReceived CrashLoop = Samples.Alert("01", labels: [("namespace", "cardboard"), ("pod", Pod), ("container", "scraper")]).Received();

    [Fact]
    public async Task Gather_PriceScraper_SeesWhatAnSreWouldLookUp()
    {
        await using var room = await EnrichmentRoom.StartAsync(Stories.PriceScraper);

        var context = await room.ContextAsync(CrashLoop);

        context.Subject.ShouldBe(new Subject("CronJob", "cardboard", "price-scraper"));
        context.Unread.ShouldBeEmpty();
        context.Evidence.Select(item => item.Id).ShouldBe(Enumerable.Range(1, context.Evidence.Count).Select(number => $"e{number}"));
        var container = One(context, EvidenceKind.Container);
        container.Source.ShouldBe(new ObjectReference("Pod", "cardboard", Pod, "scraper", "e41f7c92-9b3d-4c68-8f57-3a0d52b6e718"));
        container.Facts[FactNames.State].ShouldBe("waiting");
        container.Facts[FactNames.Reason].ShouldBe("CrashLoopBackOff");
        container.Facts[FactNames.LastReason].ShouldBe("OOMKilled");
        container.Facts[FactNames.LastExitCode].ShouldBe("137");
        container.Facts[FactNames.MemoryLimit].ShouldBe("256Mi");
        container.Facts[FactNames.RestartCount].ShouldBe("5");
        container.Facts[FactNames.LastFinishedAt].ShouldEndWith("Z");
        One(context, EvidenceKind.Pod).Facts[FactNames.Node].ShouldBe("k3s-agent-1");
        One(context, EvidenceKind.PreviousLog).Text.ShouldContain("heap=");
        One(context, EvidenceKind.Node).Facts[FactNames.Architecture].ShouldBe("amd64");
        context.Evidence.Where(item => item.Kind == EvidenceKind.Owner).Select(item => item.Source.Kind).ShouldBe(["CronJob", "Job"]);
        var backOff = context.Evidence.Single(item => item.Facts.GetValueOrDefault(FactNames.Reason) == "BackOff");
        (backOff.Facts[FactNames.Count], backOff.Facts[FactNames.Type]).ShouldBe(("27", "Warning"));
        backOff.Time.ShouldNotBeNull();
        room.Cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Gather_PodIsGone_LooksAtItsSuccessor()
    {
        await using var room = await EnrichmentRoom.StartAsync(Stories.PriceScraper);

        // The pod of the real payload is not in the story.
        var context = await room.ContextAsync(WebhookParser.Parse(Payloads.Read("firing-single"), Samples.Start).Alerts.Single());

        var pods = context.Evidence.Where(item => item.Kind == EvidenceKind.Pod).ToLookup(item => item.Facts.ContainsKey(FactNames.Exists));
        pods[false].ShouldHaveSingleItem().Source.Name.ShouldBe(Pod);
        pods[true].ShouldHaveSingleItem().Facts[FactNames.Exists].ShouldBe("false");
        room.Cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Gather_DeploymentOf25Pods_LooksAtTheSickestThree()
    {
        await using var room = await EnrichmentRoom.StartAsync(Clusters.Checkout);

        var context = await room.ContextAsync(Samples.Alert("01", name: "KubeDeploymentReplicasMismatch", labels:
            [("namespace", "shop"), ("deployment", "checkout"), ("pod", "kube-state-metrics-7d9f8b6c5-45rkb"), ("job", "kube-state-metrics")]).Received());

        var pods = context.Evidence.Where(item => item.Kind == EvidenceKind.Pod).ToArray();
        pods.Take(3).Select(item => item.Source.Name).ShouldBe([Clusters.CheckoutPodName(24), Clusters.CheckoutPodName(23), Clusters.CheckoutPodName(22)]);

        // Of the others no more than how they are, behind all else.
        pods.Length.ShouldBe(11);
        context.Evidence.TakeLast(16).ShouldAllBe(item => item.Kind == EvidenceKind.Pod || item.Kind == EvidenceKind.Container);
        var owner = context.Evidence.Single(item => item.Source.Kind == "Deployment");
        (owner.Facts[FactNames.Desired], owner.Facts[FactNames.ReadyReplicas], owner.Source.Uid).ShouldBe(("25", "0", "d-1"));
        context.Unread.ShouldBeEmpty();
        room.Cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Gather_Node_SeesConditionsTaintsAndEvents()
    {
        await using var room = await EnrichmentRoom.StartAsync(Clusters.LostNode);

        var context = await room.ContextAsync(WebhookParser.Parse(Payloads.Read("firing-node"), Samples.Start).Alerts.Single());

        context.Subject.ShouldBe(new Subject("Node", null, "k3s-agent-2"));
        context.Unread.ShouldBeEmpty();
        var node = One(context, EvidenceKind.Node);
        node.Facts[FactNames.Ready].ShouldBe("false");
        node.Facts[FactNames.Architecture].ShouldBe("arm64");
        node.Facts[FactNames.Taints].ShouldBe("node.kubernetes.io/unreachable:NoExecute");
        One(context, EvidenceKind.Event).Facts[FactNames.Reason].ShouldBe("NodeNotReady");
        room.Cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Gather_StaticPod_HasItsContainer()
    {
        await using var room = await EnrichmentRoom.StartAsync(Clusters.StaticPod);

        var context = await room.ContextAsync(Samples.Alert("01", labels: [("namespace", "kube-system"), ("pod", "kube-apiserver-server-1")]).Received());

        One(context, EvidenceKind.Container).Facts[FactNames.LastExitCode].ShouldBe("1");
        room.Cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Gather_LogsAreForbidden_NamesThemAndSeesTheRest()
    {
        await using var room = await EnrichmentRoom.StartAsync(Stories.PriceScraper);
        room.Cluster.Forbid("pods/log");

        var context = await room.ContextAsync(CrashLoop);

        context.Unread.ShouldBe([new UnreadSource($"previous log of Pod cardboard/{Pod} (scraper)", "forbidden")]);
        context.Evidence.ShouldContain(item => item.Kind == EvidenceKind.Node);
        room.Cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Gather_SecretsAnywhere_AreRedacted()
    {
        await using var room = await EnrichmentRoom.StartAsync(Stories.PriceScraper);
        room.Cluster.SetLog("cardboard", Pod, "scraper", previous: true, text:
            $"starting\npassword={Secret}\n{new string('x', 900)} password=\"{Secret}{new string('y', 300)}\"\n-----BEGIN PRIVATE KEY-----\n{Secret}\n-----END PRIVATE KEY-----\ndone");
        room.Cluster.Apply($$"""
            apiVersion: v1
            kind: Event
            metadata: {name: failed.1, namespace: cardboard}
            involvedObject: {kind: Pod, namespace: cardboard, name: {{Pod}}}
            reason: Failed
            message: 'Error: token={{Secret}} {{new string('x', 2000)}} password="{{Secret}}{{new string('y', 300)}}"'
            type: Warning
            """);

        var context = await room.ContextAsync(CrashLoop);

        StoredJson.Write(context.Evidence).ShouldNotContain("hunter2");
        One(context, EvidenceKind.PreviousLog).Text.ShouldContain("done");
        context.Evidence.ShouldContain(item => item.Facts.GetValueOrDefault(FactNames.Reason) == "Failed");
        (await room.Store.IncidentAsync(context.IncidentId)).ContextJson.ShouldNotBeNull().ShouldNotContain("hunter2");
    }

    [Theory]
    [InlineData(100, 100_000)]
    [InlineData(200_000, 50)]
    [InlineData(10_000_000, 1)]
    public async Task Gather_LogOfTenMegabytes_KeepsItsEndAndTheBound(int lineLength, int lines)
    {
        await using var room = await EnrichmentRoom.StartAsync(Stories.PriceScraper);
        room.Cluster.SetLog("cardboard", Pod, "scraper", previous: true, text: string.Concat(Enumerable.Repeat(new string('x', lineLength) + "\n", lines)) + "");

        var context = await room.ContextAsync(CrashLoop);

        One(context, EvidenceKind.PreviousLog).Text.Length.ShouldBeInRange(100, 6 * 1024);
        Size(context).ShouldBeLessThanOrEqualTo(64 * 1024);
        context.Unread.ShouldBeEmpty();
    }

    [Fact]
    public async Task Gather_LongLog_EndsWithItsLastLine()
    {
        await using var room = await EnrichmentRoom.StartAsync(Stories.PriceScraper);
        room.Cluster.SetLog("cardboard", Pod, "scraper", previous: true, text: string.Join('\n', Enumerable.Range(1, 5000).Select(number => $"line {number}")));

        var lines = One(await room.ContextAsync(CrashLoop), EvidenceKind.PreviousLog).Text.Split('\n');

        lines.Length.ShouldBe(50);
        lines[^1].ShouldBe("line 5000");
    }

    [Fact]
    public async Task Gather_MoreThanAMessageHolds_LeavesOutAndSaysSo()
    {
        await using var room = await EnrichmentRoom.StartAsync(Stories.PriceScraper);
        var alert = CrashLoop.Alert with { Annotations = new Dictionary<string, string> { ["description"] = new string('☃', 25_000) } };

        var context = await room.ContextAsync(CrashLoop with { Alert = alert });

        Size(context).ShouldBeLessThanOrEqualTo(64 * 1024);
        context.Unread.ShouldBe([new UnreadSource("1 further pieces of evidence", "a message holds 64 KiB")]);
        context.Evidence.Select(item => item.Id).ShouldBe(Enumerable.Range(1, context.Evidence.Count).Select(number => $"e{number}"));
    }

    [Fact]
    public async Task Gather_SubjectIsTheAlertItself_AsksNothing()
    {
        await using var room = await EnrichmentRoom.StartAsync();

        var context = await room.ContextAsync(WebhookParser.Parse(Payloads.Read("firing-hostile-text"), Samples.Start).Alerts.Single());

        context.Evidence.ShouldHaveSingleItem().Kind.ShouldBe(EvidenceKind.Alert);
        room.Cluster.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Gather_Anything_NeverReadsSecrets()
    {
        await using var room = await EnrichmentRoom.StartAsync(Stories.PriceScraper);

        await room.ContextAsync(CrashLoop);

        room.Cluster.Requests.ShouldNotBeEmpty();
        room.Cluster.Requests.ShouldAllBe(request => request.Method == "GET" && !request.Target.Contains("secrets", StringComparison.Ordinal));
    }

    private static Evidence One(ContextEnriched context, EvidenceKind kind) => context.Evidence.Where(item => item.Kind == kind).ShouldHaveSingleItem();

    private static int Size(ContextEnriched context) => context.Evidence.Sum(item => Encoding.UTF8.GetByteCount(item.Text));
}
