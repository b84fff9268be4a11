using AlertResponder.Contracts;
using AlertResponder.Enrichment.Cluster;
using AlertResponder.Enrichment.Gathering;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Traffic;
using AlertResponder.Tests.Unit.Incidents;
using AlertResponder.Tests.Unit.Time;

namespace AlertResponder.Tests.Unit.Enrichment;

/// <summary>Many alerts at once ask the cluster little more than one.</summary>
public sealed class StormTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Enrich_25PodsOfADeployment_ReadsEachOfThemAndOnceWhatTheyShare()
    {
        await using var room = await EnrichmentRoom.StartAsync(new Story(Clusters.Checkout, new Dictionary<string, string>()), new FrozenTime());
        var alerts = Enumerable.Range(0, 25).Select(number =>
            Samples.Alert($"{number:x2}", labels: [("namespace", "shop"), ("pod", Clusters.CheckoutPodName(number))]).Received());

        await Task.WhenAll(alerts.Select(alert => Task.Run(() => room.EnrichAsync(alert), Cancellation)));

        room.Cluster.Requests.GroupBy(request => request.Target).ShouldAllBe(same => same.Count() == 1);
        room.Cluster.Requests.Count(request => request.Path.Contains("/pods/", StringComparison.Ordinal)).ShouldBe(25);
        room.Cluster.Requests.Count.ShouldBeLessThan(25 + 20);
        room.Cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Enrich_100WorkloadsOfANode_ReadsTheNodeOnce()
    {
        await using var room = await EnrichmentRoom.StartAsync(new Story(
            string.Join("\n---\n", [Clusters.LostNode, .. Enumerable.Range(0, 100).Select(PodOnLostNode)]), new Dictionary<string, string>()), new FrozenTime());
        var alerts = Enumerable.Range(0, 100).Select(number => Samples.Alert($"{number:x2}", labels: [("namespace", "edge"), ("pod", $"lonely-{number}x")]).Received());

        await Task.WhenAll(alerts.Select(alert => Task.Run(() => room.EnrichAsync(alert), Cancellation)));

        (await room.Store.IncidentsAsync()).Length.ShouldBe(100);
        room.Cluster.Requests.Count(request => request.Path == "/api/v1/nodes/k3s-agent-2").ShouldBe(1);
        room.Cluster.Requests.Count(request => request.Path.EndsWith("/networkpolicies", StringComparison.Ordinal)).ShouldBe(1);
        room.Cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Gather_Incident_HasFewReadsUnderWayAtOnce()
    {
        await using var room = await EnrichmentRoom.StartAsync(Shop.Story);
        using var outage = room.Cluster.Faults.Always(Fault.Hang);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var reads = room.Reads(deadline);

        var gathering = Task.WhenAll(Enumerable.Range(0, 20).Select(number => reads.NodeAsync($"n{number}")));
        await Eventually.TrueAsync(() => room.Cluster.Requests.Count == 6, "six reads");
        await deadline.CancelAsync();
        await gathering;

        room.Cluster.Requests.Count.ShouldBe(6);
        reads.Unread.ShouldHaveSingleItem().Reason.ShouldBe("timed out, and 19 more like it");
    }

    [Fact]
    public async Task Read_MoreThanAnIncidentIsGiven_IsLeftOutAndNamed()
    {
        await using var room = await EnrichmentRoom.StartAsync(Shop.Story);
        using var reads = room.Reads();

        for (var number = 0; number < ClusterReads.MostReads + 5; number++)
        {
            await reads.NodeAsync($"n{number}");
        }

        room.Cluster.Requests.Count.ShouldBe(ClusterReads.MostReads);
        var unread = reads.Unread.ShouldHaveSingleItem();
        (unread.What, unread.Reason).ShouldBe(($"Node n{ClusterReads.MostReads}", $"left out: {ClusterReads.MostReads} reads are enough, and 4 more like it"));
        reads.ReadAgainAt.ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_WhatWaitingCannotMend_IsNotReadAgain(bool isName)
    {
        await using var room = await EnrichmentRoom.StartAsync(Shop.Story);
        using var reads = room.Reads();

        await reads.ReadAsync<k8s.Models.V1Node>("Node x", (_, _) => throw (isName ? new ArgumentException("x", nameof(isName)) : new InvalidDataException("x")));

        reads.Unread.ShouldHaveSingleItem().Reason.ShouldBe(isName ? "no object has such a name" : "the Kubernetes API's answer is too long");
        reads.ReadAgainAt.ShouldBeNull();
    }

    [Theory]
    [InlineData(503)]
    [InlineData(404)]
    public async Task Gather_MetricsAreDown_IsNoFailureOfTheApiServer(int status)
    {
        await using var room = await EnrichmentRoom.StartAsync(Shop.Story);
        using var outage = room.Cluster.Faults.Always(Fault.Status(status), request => request.Path.StartsWith("/apis/metrics.k8s.io/", StringComparison.Ordinal));

        for (var time = 0; time < 6; time++)
        {
            (await room.GatherAsync(new Subject("Node", null, "k3s-agent-1"))).ShouldNotContain(item => item.Kind == EvidenceKind.Usage);
        }

        using var reads = room.Reads();
        (await reads.NodeAsync("k3s-agent-1")).ShouldNotBeNull();
    }

    [Fact]
    public async Task Gather_OnceMoreAfterAFailure_IsNotFromMemory()
    {
        await using var room = await EnrichmentRoom.StartAsync(Clusters.LostNode);
        using (var first = room.Reads())
        {
            await first.NodeAsync("k3s-agent-2");
        }

        using var again = room.Reads(fresh: true);
        await again.NodeAsync("k3s-agent-2");

        room.Cluster.Requests.Count.ShouldBe(2);
    }

    private static string PodOnLostNode(int number) =>
        $"{{apiVersion: v1, kind: Pod, metadata: {{name: lonely-{number}x, namespace: edge}}, spec: {{nodeName: k3s-agent-2, containers: [{{name: app}}]}}, status: {{phase: Running}}}}";

    /// <summary>Nothing grows old, however slow the machine.</summary>
    private sealed class FrozenTime : TimeProvider
    {
        private readonly long now = System.GetTimestamp();

        public override long GetTimestamp() => now;
    }
}
