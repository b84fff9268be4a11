using AlertResponder.Contracts;
using AlertResponder.Enrichment.Gathering;
using AlertResponder.Simulators.Traffic;
using AlertResponder.Tests.Unit.Incidents;

namespace AlertResponder.Tests.Unit.Enrichment;

/// <summary>What a part of the evidence makes of an answer that no API server should give costs that part alone.</summary>
public sealed class GatheringIsolationTests : IAsyncLifetime
{
    // Objects without metadata, spec or status, alone and in a list.
    private const string Nonsense = """{"items":[{"metadata":null},null],"metadata":{"continue":null}}""";

    private EnrichmentRoom room = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Resources =>
    [
        "pods", "events", "nodes", "services", "endpoints", "networkpolicies", "poddisruptionbudgets", "horizontalpodautoscalers", "replicasets",
        "deployments", "resourcequotas", "persistentvolumeclaims", "persistentvolumes", "storageclasses",
    ];

    public async ValueTask InitializeAsync() => room = await EnrichmentRoom.StartAsync(Shop.Story);

    public ValueTask DisposeAsync() => room.DisposeAsync();

    [Theory]
    [MemberData(nameof(Resources))]
    public async Task Gather_AnswersOfOneResourceMakeNoSense_TheRestIsGathered(string resource)
    {
        using var outage = room.Cluster.Faults.Always(Fault.Status(200, Nonsense), request => IsOf(request, resource));

        var (evidence, _) = await GatherAsync(new Subject("Deployment", "shop", "web"));

        // The pod of the alert is read by name: even without a list of pods there is something.
        evidence.Select(item => item.Kind).Distinct().Count().ShouldBeGreaterThan(resource is "deployments" or "pods" ? 1 : 5, resource);
        evidence.ShouldContain(item => item.Kind == EvidenceKind.Alert);
    }

    [Fact]
    public async Task Gather_ListsOfPodsMakeNoSense_SaysWhatIsMissing()
    {
        using var outage = room.Cluster.Faults.Always(Fault.Status(200, Nonsense), request => IsOf(request, "pods"));

        var (_, unread) = await GatherAsync(new Subject("Deployment", "shop", "web"));

        unread.Select(source => source.What).ShouldBe(["the other pods", "evidence of a Pod"], ignoreOrder: true);
        unread.ShouldAllBe(source => source.Reason.StartsWith("what was read could not be understood (", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Deployment")]
    [InlineData("CronJob")]
    [InlineData("Node")]
    [InlineData("PersistentVolumeClaim")]
    [InlineData("HorizontalPodAutoscaler")]
    [InlineData("Certificate")]
    [InlineData("Volume")]
    [InlineData("Pod")]
    public async Task Enrich_NoAnswerMakesSense_TheAlertIsEvidence(string kind)
    {
        using var outage = room.Cluster.Faults.Always(Fault.Status(200, Nonsense));

        var (evidence, unread) = await GatherAsync(Shop.Subjects.Single(subject => subject.Kind == kind));

        evidence.ShouldContain(item => item.Kind == EvidenceKind.Alert);
        unread.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Enrich_NoAnswerMakesSense_OpensAnIncidentAndPublishesWhatItHas()
    {
        using var outage = room.Cluster.Faults.Always(Fault.Status(200, Nonsense));

        var context = await room.ContextAsync(Samples.Alert("01", labels: [("namespace", "shop"), ("pod", Shop.Pod)]).Received());

        context.Evidence.ShouldContain(item => item.Kind == EvidenceKind.Alert);
        (await room.Store.IncidentAsync(context.IncidentId)).EnrichedRevision.ShouldBe(1);
    }

    private static bool IsOf(RecordedRequest request, string resource) => request.Path.Split('/').Contains(resource, StringComparer.Ordinal);

    private async Task<(IReadOnlyList<Evidence> Evidence, IReadOnlyList<UnreadSource> Unread)> GatherAsync(Subject subject)
    {
        using var reads = room.Reads();
        var alert = Samples.Alert("01", labels: [("namespace", "shop"), ("pod", Shop.Pod)]);
        var list = await new EvidenceGatherer(subject, [alert], reads).GatherAsync().WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        return (list.Items, reads.Unread);
    }
}
