using AlertResponder.Contracts;
using AlertResponder.Enrichment;
using AlertResponder.Simulators;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Traffic;
using AlertResponder.Tests.Unit.Gateway;
using AlertResponder.Tests.Unit.Incidents;
using AlertResponder.Tests.Unit.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace AlertResponder.Tests.Unit.Enrichment;

/// <summary>A cluster that cannot be read costs evidence, never the alert, and never more than its time.</summary>
public sealed class OutageTests
{
    private static readonly AlertReceived CrashLoop =
        Samples.Alert("01", labels: [("namespace", "cardboard"), ("pod", "price-scraper-28487520-2n78x")]).Received();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Outages => ["500", "503", "429", "hanging", "cut", "malformed"];

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task Enrich_ApiServerFails_GuessesAndNamesWhatIsUnread(string outage)
    {
        await using var room = await EnrichmentRoom.StartAsync(Stories.PriceScraper, new FastTime());
        using var fault = room.Cluster.Faults.Always(outage switch
        {
            "500" => ClusterFaults.InternalError(),
            "503" => ClusterFaults.Unavailable(),
            "429" => ClusterFaults.TooManyRequests(TimeSpan.FromSeconds(1)),
            "hanging" => Fault.Hang,
            "cut" => Fault.Cut,
            _ => Fault.Malformed,
        });

        var context = await room.ContextAsync(CrashLoop);

        context.Subject.ShouldBe(new Subject("CronJob", "cardboard", "price-scraper"));
        context.Evidence.ShouldHaveSingleItem().Kind.ShouldBe(EvidenceKind.Alert);
        context.Unread.ShouldNotBeEmpty();
        context.Unread.ShouldAllBe(source => source.What.Length > 0 && source.Reason.Length > 0);
        (await room.Store.IncidentAsync(context.IncidentId)).EnrichedRevision.ShouldBe(1);
    }

    [Fact]
    public async Task Enrich_ApiServerHangs_EndsWithItsDeadline()
    {
        var time = new WatchedTimeProvider(Samples.Start);
        await using var room = await EnrichmentRoom.StartAsync(Stories.PriceScraper, time);
        using var fault = room.Cluster.Faults.Always(Fault.Hang);

        var context = room.ContextAsync(CrashLoop);
        while (!context.IsCompleted)
        {
            var wait = time.NextWaitAsync(Cancellation);
            if (await Task.WhenAny(context, wait) == wait)
            {
                time.Advance(await wait);
            }
        }

        (await context).EnrichedAt.ShouldBeLessThanOrEqualTo(Samples.Start + Enricher.Deadline);
        (await context).Unread.ShouldContain(source => source.Reason == "timed out");
    }

    [Fact]
    public async Task Watchdog_ReadingAgainHangs_DrivesWhatStallsMeanwhile()
    {
        var time = new WatchedTimeProvider(Samples.Start);
        await using var room = await EnrichmentRoom.StartAsync(Stories.PriceScraper, time);
        await using var bus = await RecordingBus.StartAsync();
        using var lifetime = new Lifetime();
        using var fault = room.Cluster.Faults.Always(Fault.Hang);
        var (unread, stalled) = (Samples.Incident(), Samples.Incident(new Subject("Deployment", "x", "stalled"), version: 2));
        (unread.EnrichedRevision, unread.AnalyzedRevision, unread.DrawnVersion, unread.EvidenceRetryAt) = (1, 1, 1, Samples.Start);
        (stalled.EnrichedRevision, stalled.AnalyzedRevision, stalled.DrawnVersion, stalled.DriveAt) = (1, 1, 1, Samples.Start.AddSeconds(4));
        await room.Store.ChangeAsync(context =>
        {
            context.Incidents.AddRange(unread, stalled);
            return Task.CompletedTask;
        });
        using var watchdog = new StalledIncidents(room.Scopes, bus.Bus, lifetime, new BusDurability(true), time, NullLogger<StalledIncidents>.Instance);
        await watchdog.StartAsync(Cancellation);
        lifetime.Start();
        await Eventually.TrueAsync(() => room.Cluster.Requests.Count > 0, "the cluster is being read");

        time.Advance(TimeSpan.FromSeconds(5));
        await bus.ReceivedAsync(1);

        bus.Deliveries.Single().Message.ShouldBe(new IncidentChanged(stalled.Id, 1, IncidentChange.Joined));
        await watchdog.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Enrich_ApiServerThrottles_IsAskedThreeTimesThenLeftAlone()
    {
        await using var room = await EnrichmentRoom.StartAsync(Stories.PriceScraper, new FastTime());
        using var fault = room.Cluster.Faults.Always(ClusterFaults.TooManyRequests(TimeSpan.FromSeconds(1)));

        var context = await room.ContextAsync(CrashLoop);
        await room.EnrichAsync(Samples.Alert("02", name: "Other", labels: [("namespace", "cardboard"), ("pod", "price-scraper-28487520-2n78x")]).Received());

        room.Cluster.Requests.Count.ShouldBe(3);
        context.Unread.ShouldContain(source => source.What == "the cluster" && source.Reason.StartsWith("the Kubernetes API is paused until", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Enrich_NobodyListens_GuessesAndNamesIt()
    {
        await using var room = await EnrichmentRoom.StartAsync(time: new FastTime());
        await room.Cluster.DisposeAsync();

        var context = await room.ContextAsync(CrashLoop);

        context.Subject.ShouldBe(new Subject("CronJob", "cardboard", "price-scraper"));
        context.Unread.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Enrich_NoClusterConfigured_SaysSoOnce()
    {
        await using var room = await EnrichmentRoom.StartAsync(withCluster: false);

        var context = await room.ContextAsync(CrashLoop);

        context.Subject.ShouldBe(new Subject("CronJob", "cardboard", "price-scraper"));
        context.Unread.ShouldBe([new UnreadSource("the cluster", "no cluster is configured")]);
    }

    [Fact]
    public async Task Enrich_OneReadFails_CostsThatReadAlone()
    {
        await using var room = await EnrichmentRoom.StartAsync(Stories.PriceScraper);
        using var fault = room.Cluster.Faults.Always(Fault.Status(400), request => request.Path.EndsWith("/events", StringComparison.Ordinal));

        var context = await room.ContextAsync(CrashLoop);

        context.Unread.ShouldNotBeEmpty();
        context.Unread.ShouldAllBe(source => source.What.StartsWith("events of ", StringComparison.Ordinal));
        context.Evidence.ShouldContain(item => item.Kind == EvidenceKind.PreviousLog);
        context.Evidence.ShouldContain(item => item.Kind == EvidenceKind.Node);
    }
}
