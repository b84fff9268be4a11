using AlertResponder.Contracts;
using AlertResponder.Enrichment;
using AlertResponder.Gateway.Alertmanager;
using AlertResponder.Incidents;
using AlertResponder.Simulators;
using AlertResponder.Tests.Unit.Gateway;
using AlertResponder.Tests.Unit.Incidents;
using Microsoft.EntityFrameworkCore;

namespace AlertResponder.Tests.Unit.Enrichment;

public sealed class EnricherTests : IAsyncLifetime
{
    private static readonly AlertReceived CrashLoop =
        Samples.Alert("01", labels: [("namespace", "cardboard"), ("pod", "price-scraper-28487520-2n78x")]).Received();

    private EnrichmentRoom room = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => room = await EnrichmentRoom.StartAsync(Stories.PriceScraper);

    public ValueTask DisposeAsync() => room.DisposeAsync();

    [Fact]
    public async Task Enrich_SameAlertAgainAndItsRecordCannotBeRead_GathersOnceMoreAndReplacesIt()
    {
        var first = await room.ContextAsync(CrashLoop);
        await room.Store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(set => set.SetProperty(i => i.ContextJson, "null"), Cancellation));

        var again = await room.ContextAsync(CrashLoop);

        again.Evidence.Select(item => item.Id).ShouldBe(first.Evidence.Select(item => item.Id));
        var incident = await room.Store.IncidentAsync(first.IncidentId);
        (incident.EnrichedRevision, incident.ContextJson).ShouldBe((1, StoredJson.Write(again)));
    }

    [Fact]
    public async Task Enrich_SameAlertAgainBeforeItsAnalysis_EmitsTheSameFromTheRecord()
    {
        var first = (await room.EnrichAsync(CrashLoop)).ShouldHaveSingleItem();
        var asked = room.Cluster.Requests.Count;

        var again = (await room.EnrichAsync(CrashLoop)).ShouldHaveSingleItem();

        again.Id.ShouldBe(first.Id);
        StoredJson.Write((ContextEnriched)again.Message).ShouldBe(StoredJson.Write((ContextEnriched)first.Message));
        room.Cluster.Requests.Count.ShouldBe(asked);
    }

    [Theory]
    [InlineData("Watchdog", "none")]
    [InlineData("InfoInhibitor", "None")]
    [InlineData("Watchdog", "warning")]
    [InlineData("Anything", "NONE")]
    public async Task Enrich_IgnoredAlert_OpensNothingAndIsNotRemembered(string name, string severity)
    {
        var received = Samples.Alert("01", name: name, labels: [("severity", severity), ("namespace", "cardboard"), ("pod", "x")]).Received();

        (await room.EnrichAsync(received)).ShouldBeEmpty();
        (await room.EnrichAsync(received.Resolved())).ShouldBeEmpty();

        (await room.Store.IncidentsAsync()).ShouldBeEmpty();
        (await room.Store.ReadAsync(context => context.Alerts.CountAsync(Cancellation))).ShouldBe(0);
        room.Cluster.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Enrich_ResolutionOfAnAlertThatIsIgnoredSince_StillResolves()
    {
        var watchdog = Samples.Alert("01", name: "Watchdog").Received();
        var incident = Samples.Incident();
        await room.Store.ChangeAsync(context =>
        {
            context.Incidents.Add(incident);
            context.Alerts.Add(Samples.Row(watchdog, incident.Id));
            return Task.CompletedTask;
        });

        await room.EnrichAsync(watchdog.Resolved());

        (await room.Store.IncidentAsync(incident.Id)).ResolvedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Enrich_SameAlertAtOnce_EmitsTheSameEvidence()
    {
        var emissions = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => room.EnrichAsync(CrashLoop), Cancellation)));

        var incident = (await room.Store.IncidentsAsync()).ShouldHaveSingleItem();
        emissions.SelectMany(all => all).Select(emission => emission.Id).Distinct().ShouldHaveSingleItem();
        emissions.SelectMany(all => all).Select(emission => StoredJson.Write((ContextEnriched)emission.Message)).ShouldAllBe(json => json == incident.ContextJson);
    }

    [Fact]
    public async Task Enrich_SameAlertAfterItsAnalysisAndDrawing_EmitsNothing()
    {
        await room.EnrichAsync(CrashLoop);
        await room.Store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(
            set => set.SetProperty(i => i.AnalyzedRevision, 1).SetProperty(i => i.Version, 2).SetProperty(i => i.DrawnVersion, 2), Cancellation));

        (await room.EnrichAsync(CrashLoop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Enrich_ResolutionRedeliveredBeforeItWasDrawn_IsToldAgainUnderTheSameId()
    {
        await room.EnrichAsync(CrashLoop);
        await room.Store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(
            set => set.SetProperty(i => i.AnalyzedRevision, 1).SetProperty(i => i.Version, 2).SetProperty(i => i.DrawnVersion, 2), Cancellation));

        var first = (await room.EnrichAsync(CrashLoop.Resolved())).ShouldHaveSingleItem();
        var again = (await room.EnrichAsync(CrashLoop.Resolved())).ShouldHaveSingleItem();

        first.Message.ShouldBeOfType<IncidentChanged>().Change.ShouldBe(IncidentChange.Resolved);
        again.Message.ShouldBeOfType<IncidentChanged>();
        again.Id.ShouldBe(first.Id);
    }

    [Fact]
    public async Task Enrich_AnotherAlertOfTheSameName_TellsOfItAndGathersNothing()
    {
        await room.EnrichAsync(CrashLoop);

        var asked = room.Cluster.Requests.Count;
        var emission = (await room.EnrichAsync(Samples.Alert("02", labels: [("namespace", "cardboard"), ("pod", "price-scraper-28487520-abc12")]).Received())).ShouldHaveSingleItem();

        emission.Message.ShouldBe(new IncidentChanged((await room.Store.IncidentsAsync()).Single().Id, 1, IncidentChange.Joined));
        (room.Cluster.Requests.Count - asked).ShouldBeLessThan(4, "the subject alone");
    }

    [Fact]
    public async Task Enrich_NewNameOnTheSubject_GathersAgainForTheNewRevision()
    {
        var first = await room.ContextAsync(CrashLoop);

        var emissions = await room.EnrichAsync(Samples.Alert("02", name: "KubeJobFailed", labels: [("namespace", "cardboard"), ("job_name", "price-scraper-28487520")]).Received());

        emissions.Select(emission => emission.Message.GetType()).ShouldBe([typeof(IncidentChanged), typeof(ContextEnriched)]);
        var context = (ContextEnriched)emissions[1].Message;
        (context.IncidentId, context.Revision).ShouldBe((first.IncidentId, 2));
        context.Alerts.Select(alert => alert.Name()).ShouldBe(["KubePodCrashLooping", "KubeJobFailed"]);
        emissions[1].Id.ShouldNotBe(MessageIds.For(first.IncidentId, nameof(ContextEnriched), 1));
    }

    [Fact]
    public async Task Enrich_SupersededRevisionIsRedelivered_GathersNothingForIt()
    {
        await room.EnrichAsync(CrashLoop);
        await room.EnrichAsync(Samples.Alert("02", name: "KubeJobFailed", labels: [("namespace", "cardboard"), ("job_name", "price-scraper-28487520")]).Received());

        (await room.EnrichAsync(CrashLoop)).Select(emission => emission.Message).OfType<ContextEnriched>().ShouldBeEmpty();
    }

    [Fact]
    public async Task Enrich_ResolvedBeforeItFired_EmitsNothing() => (await room.EnrichAsync(CrashLoop.Resolved())).ShouldBeEmpty();

    [Fact]
    public async Task Enrich_Watchdog_OpensNothingAndLeavesTheInbox()
    {
        var watchdog = WebhookParser.Parse(Payloads.Read("firing-watchdog"), Samples.Start).Alerts.Single();
        await room.Store.ChangeAsync(context =>
        {
            context.Inbox.Add(new InboxEntry { MessageId = MessageIds.For(watchdog.Alert), Json = StoredJson.Write(watchdog) });
            return Task.CompletedTask;
        });

        (await room.EnrichAsync(watchdog)).ShouldBeEmpty();

        (await room.Store.IncidentsAsync()).ShouldBeEmpty();
        (await room.Store.ReadAsync(context => context.Inbox.CountAsync(Cancellation))).ShouldBe(0);
    }

    [Fact]
    public async Task Enrich_StormOf25Pods_IsOneIncidentGatheredOnce()
    {
        await using var storm = await EnrichmentRoom.StartAsync(Clusters.Checkout);
        var alerts = Enumerable.Range(0, 25).Select(number =>
            Samples.Alert($"{number:x2}", labels: [("namespace", "shop"), ("pod", Clusters.CheckoutPodName(number))]).Received());

        var emissions = await Task.WhenAll(alerts.Select(alert => Task.Run(() => storm.EnrichAsync(alert), Cancellation)));

        (await storm.Store.IncidentsAsync()).ShouldHaveSingleItem().Version.ShouldBe(25);
        emissions.SelectMany(all => all).Count(emission => emission.Message is ContextEnriched).ShouldBe(1);
        emissions.SelectMany(all => all).Count(emission => emission.Message is IncidentChanged).ShouldBe(24);
        emissions.SelectMany(all => all).Select(emission => emission.Id).ShouldBeUnique();
        storm.Cluster.Requests.Count(request => request.Path == "/apis/apps/v1/namespaces/shop/deployments/checkout").ShouldBe(1);
        storm.Cluster.AssertNoUnexpectedCalls();
    }
}
