using AlertResponder.Contracts;
using AlertResponder.Enrichment.Subjects;
using AlertResponder.Simulators;
using AlertResponder.Tests.Unit.Incidents;

namespace AlertResponder.Tests.Unit.Enrichment;

/// <summary>One cluster is connected, and alerts of several come: what is read of one says nothing of another.</summary>
public sealed class OtherClusterTests
{
    private const string Pod = "price-scraper-28487520-2n78x";

    private static readonly AlertReceived Unlabelled = Of(null);

    [Fact]
    public async Task Enrich_AlertOfAnotherCluster_ReadsNothingAndSaysWhichIsConnected()
    {
        await using var room = await EnrichmentRoom.StartAsync(Stories.PriceScraper, name: "eu-2");

        var context = await room.ContextAsync(Of("eu-1"));

        room.Cluster.Requests.ShouldBeEmpty();
        context.ConnectedCluster.ShouldBe("eu-2");
        context.Evidence.ShouldHaveSingleItem().Kind.ShouldBe(EvidenceKind.Alert);
        context.Subject.ShouldBe(new Subject("CronJob", "cardboard", "price-scraper", "eu-1"));
        var incident = (await room.Store.IncidentsAsync()).ShouldHaveSingleItem();
        incident.EvidenceRetryAt.ShouldBeNull("nothing becomes readable by waiting");
        incident.SubjectIsGuess.ShouldBeNull();
    }

    [Theory]
    [InlineData("eu-2")]
    [InlineData(null)]
    public async Task Enrich_AlertOfTheConnectedCluster_IsReadAbout(string? cluster)
    {
        await using var room = await EnrichmentRoom.StartAsync(Stories.PriceScraper, name: "eu-2");

        var context = await room.ContextAsync(Of(cluster));

        context.ConnectedCluster.ShouldBeNull();
        context.Evidence.ShouldContain(item => item.Kind == EvidenceKind.Container);
        context.IsClusterAssumed.ShouldBeFalse();
    }

    [Fact]
    public async Task Enrich_NobodySaidWhichIsConnected_ReadsAndSaysThatItMayBeAnother()
    {
        await using var room = await EnrichmentRoom.StartAsync(Stories.PriceScraper);

        var labelled = await room.ContextAsync(Of("eu-1"));
        var unlabelled = await room.ContextAsync(Unlabelled);

        labelled.Evidence.ShouldContain(item => item.Kind == EvidenceKind.Container);
        labelled.IsClusterAssumed.ShouldBeTrue();
        unlabelled.IsClusterAssumed.ShouldBeFalse();
        labelled.Unread.ShouldBeEmpty("nothing of it could not be read");
    }

    [Fact]
    public async Task Enrich_SameObjectInTwoClusters_OpensTwoIncidents()
    {
        await using var room = await EnrichmentRoom.StartAsync(Stories.PriceScraper, name: "eu-2");

        foreach (var cluster in new[] { "eu-1", "eu-2", null })
            await room.EnrichAsync(Of(cluster));

        (await room.Store.IncidentsAsync()).Select(incident => incident.SubjectCluster).ShouldBe(["eu-1", "eu-2", null], ignoreOrder: true);
    }

    [Fact]
    public async Task ReadAgain_IncidentOfAnotherCluster_ReadsNothing()
    {
        await using var room = await EnrichmentRoom.StartAsync(Stories.PriceScraper, name: "eu-2");
        var context = await room.ContextAsync(Of("eu-1"));

        var again = (await room.ReadAgainAsync(context.IncidentId)).Select(emission => emission.Message).OfType<ContextEnriched>().ShouldHaveSingleItem();

        again.ConnectedCluster.ShouldBe("eu-2");
        room.Cluster.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Resolve_PodWhoseOwnerIsKnownOfTheConnectedCluster_IsToldFromItsName()
    {
        await using var room = await EnrichmentRoom.StartAsync(Stories.PriceScraper, name: "eu-2");
        room.Reads().Owners.Keep(new Subject("Pod", "cardboard", Pod), new Subject("DaemonSet", "cardboard", "of-the-other-cluster"));

        (await SubjectResolver.ResolveAsync(Of("eu-1").Alert, room.Reads(of: "eu-1"))).Name.ShouldBe("price-scraper");
        (await SubjectResolver.ResolveAsync(Of("eu-2").Alert, room.Reads(of: "eu-2"))).Name.ShouldBe("of-the-other-cluster");
    }

    private static AlertReceived Of(string? cluster)
    {
        (string, string)[] labels = [("namespace", "cardboard"), ("pod", Pod)];
        return Samples.Alert(cluster ?? "00", labels: cluster is null ? labels : [.. labels, ("cluster", cluster)]).Received();
    }
}
