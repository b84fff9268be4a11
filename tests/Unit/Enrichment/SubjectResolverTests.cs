using AlertResponder.Contracts;
using AlertResponder.Enrichment.Subjects;
using AlertResponder.Simulators;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Tests.Unit.Incidents;

namespace AlertResponder.Tests.Unit.Enrichment;

public sealed class SubjectResolverTests
{
    [Theory]
    [InlineData("price-scraper-28487520-2n78x", "CronJob cardboard/price-scraper")]
    [InlineData("price-scraper-28487520-abc12", "CronJob cardboard/price-scraper")]
    [InlineData("price-scraper-28400000-gone1", "CronJob cardboard/price-scraper")]
    [InlineData("ghost-28400000-gone1", "CronJob cardboard/ghost")]
    [InlineData("ghost", "Pod cardboard/ghost")]
    public async Task Resolve_PodOfTheStory_IsItsCronJobEvenWhenGone(string pod, string expected)
    {
        await using var room = await EnrichmentRoom.StartAsync(Stories.PriceScraper);

        (await ResolveAsync(room, ("namespace", "cardboard"), ("pod", pod))).ShouldBe(expected);

        room.Cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Resolve_JobName_IsItsCronJob()
    {
        await using var room = await EnrichmentRoom.StartAsync(Stories.PriceScraper);

        (await ResolveAsync(room, ("namespace", "cardboard"), ("job_name", "price-scraper-28487520"))).ShouldBe("CronJob cardboard/price-scraper");
        (await ResolveAsync(room, ("namespace", "cardboard"), ("job_name", "price-scraper-28400000"))).ShouldBe("CronJob cardboard/price-scraper");
        room.Cluster.AssertNoUnexpectedCalls();
    }

    [Theory]
    [InlineData("p0003")]
    [InlineData("gone1")]
    public async Task Resolve_PodOfADeployment_IsTheDeployment(string suffix)
    {
        await using var room = await EnrichmentRoom.StartAsync(Clusters.Checkout);

        (await ResolveAsync(room, ("namespace", "shop"), ("pod", $"checkout-6d5f7c9b8-{suffix}"))).ShouldBe("Deployment shop/checkout");
        room.Cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Resolve_StaticPod_IsThePod()
    {
        await using var room = await EnrichmentRoom.StartAsync(Clusters.StaticPod);

        (await ResolveAsync(room, ("namespace", "kube-system"), ("pod", "kube-apiserver-server-1"))).ShouldBe("Pod kube-system/kube-apiserver-server-1");
        room.Cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Resolve_GonePodOfADaemonSet_IsTheDaemonSet()
    {
        await using var room = await EnrichmentRoom.StartAsync(
            "{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: node-exporter, namespace: monitoring}, spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}}}}");

        (await ResolveAsync(room, ("namespace", "monitoring"), ("pod", "node-exporter-x2x4z"))).ShouldBe("DaemonSet monitoring/node-exporter");
        room.Cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Resolve_OwnersInACircle_Ends()
    {
        await using var room = await EnrichmentRoom.StartAsync("""
            {apiVersion: batch/v1, kind: Job, metadata: {name: a, namespace: x, ownerReferences: [{apiVersion: batch/v1, kind: Job, name: b, uid: b, controller: true}]}}
            ---
            {apiVersion: batch/v1, kind: Job, metadata: {name: b, namespace: x, ownerReferences: [{apiVersion: batch/v1, kind: Job, name: a, uid: a, controller: true}]}}
            """);

        (await ResolveAsync(room, ("namespace", "x"), ("job_name", "a"))).ShouldStartWith("Job x/");
        room.Cluster.Requests.Count.ShouldBeLessThan(10);
    }

    [Fact]
    public async Task Resolve_ForbiddenToReadPods_GuessesAndNamesIt()
    {
        await using var room = await EnrichmentRoom.StartAsync(Stories.PriceScraper);
        room.Cluster.Forbid("pods", "cardboard");
        var reads = room.Reads();

        var subject = await SubjectResolver.ResolveAsync(Samples.Alert("01", labels: [("namespace", "cardboard"), ("pod", "price-scraper-28487520-2n78x")]), reads);

        subject.ToString().ShouldBe("CronJob cardboard/price-scraper");
        reads.Unread.ShouldBe([new UnreadSource("Pod cardboard/price-scraper-28487520-2n78x", "forbidden")]);
        room.Cluster.AssertNoUnexpectedCalls();
    }

    [Theory]
    [InlineData("default", "../secrets/x")]
    [InlineData("default", "x?watch=true")]
    [InlineData("default", "x/log")]
    [InlineData("default", "..")]
    [InlineData("default/secrets", "x")]
    [InlineData("../../..", "x")]
    public async Task Resolve_HostileNames_NeverReachTheApi(string @namespace, string pod)
    {
        await using var room = await EnrichmentRoom.StartAsync();

        await room.EnrichAsync(Samples.Alert("01", labels: [("namespace", @namespace), ("pod", pod), ("node", "../api")]).Received());

        room.Cluster.Requests.ShouldBeEmpty();
        (await room.Store.IncidentsAsync()).ShouldHaveSingleItem().SubjectKind.ShouldBe(Subject.AlertKind);
    }

    private static async Task<string> ResolveAsync(EnrichmentRoom room, params (string, string)[] labels)
    {
        var reads = room.Reads();
        var subject = await SubjectResolver.ResolveAsync(Samples.Alert("01", labels: labels), reads);
        reads.Unread.ShouldBeEmpty();
        return subject.ToString();
    }
}
