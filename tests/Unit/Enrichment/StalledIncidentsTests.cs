using System.Diagnostics;
using AlertResponder.Contracts;
using AlertResponder.Enrichment;
using AlertResponder.Incidents;
using AlertResponder.Tests.Unit.Gateway;
using AlertResponder.Tests.Unit.Incidents;
using AlertResponder.Tests.Unit.Time;
using AlertResponder.Tests.Unit.Tracing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace AlertResponder.Tests.Unit.Enrichment;

public sealed class StalledIncidentsTests : IAsyncLifetime
{
    private readonly WatchedTimeProvider time = new(Samples.Start);
    private readonly Lifetime lifetime = new();
    private TemporaryStore store = null!;
    private RecordingBus bus = null!;
    private StalledIncidents watchdog = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => (store, bus) = (await TemporaryStore.CreateAsync(), await RecordingBus.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await watchdog.StopAsync(CancellationToken.None);
        watchdog.Dispose();
        lifetime.Dispose();
        await bus.DisposeAsync();
        await store.DisposeAsync();
    }

    [Fact]
    public async Task Drive_NotEnriched_SendsTheAlertThatMadeTheRevision()
    {
        var incident = await AddAsync("a", revision: 2, version: 2);
        var (first, second) = (Samples.Alert("01").Received(), Samples.Alert("02").Received());
        await store.ChangeAsync(context =>
        {
            context.Alerts.AddRange(Samples.Row(first, incident.Id, 1), Samples.Row(second, incident.Id, 2));
            return Task.CompletedTask;
        });

        await StartAsync();
        time.Advance(TimeSpan.FromMinutes(1));
        await bus.ReceivedAsync(1);

        var delivery = bus.Deliveries.Single();
        delivery.Message.ShouldBeOfType<AlertReceived>().Alert.Fingerprint.ShouldBe("02");
        delivery.Id.ShouldBe(MessageIds.For(second.Alert));
    }

    [Fact]
    public async Task Drive_RevisionThatWasMadeInATrace_GoesOnWithIt()
    {
        using var heard = new HeardSpans();
        var incident = await AddAsync("a");
        var trace = ActivityTraceId.CreateRandom();
        await store.ChangeAsync(async context =>
        {
            context.Alerts.Add(Samples.Row(Samples.Alert("01").Received(), incident.Id, 1));
            await context.Incidents.ExecuteUpdateAsync(set => set.SetProperty(i => i.Traceparent, $"00-{trace}-b7ad6b7169203331-01"), Cancellation);
        });

        await StartAsync();
        time.Advance(TimeSpan.FromMinutes(1));
        await bus.ReceivedAsync(1);

        await Eventually.TrueAsync(() => heard.Of(trace, "watchdog drive").Count > 0, "the span has ended");
        heard.Of(trace, "watchdog drive").ShouldHaveSingleItem().GetTagItem(Traces.IncidentId).ShouldBe(incident.Id.ToString());
    }

    // A guess whose alerts went to the true subject's incident before it was enriched.
    [Fact]
    public async Task Drive_IncidentWithoutAlerts_KeepsTheOthersFromNothing()
    {
        var empty = await AddAsync("empty", driveAt: Samples.Start.AddSeconds(-1));
        var continued = await AddAsync("continued", drawn: 1, driveAt: Samples.Start.AddSeconds(-1), resolvedAt: Samples.Start);
        var good = await AddAsync("good", version: 1, enriched: 1, drawn: 1);
        await store.ReadAsync(context => context.Incidents.Where(i => i.Id == continued.Id).ExecuteUpdateAsync(set => set.SetProperty(i => i.ContinuedIn, good.Id), Cancellation));

        await StartAsync();
        time.Advance(TimeSpan.FromMinutes(1));

        // What was due before may be due twice in the minute.
        await Eventually.TrueAsync(() => bus.Deliveries.Select(Incident).Distinct().Count() == 2, "two incidents are driven");
        bus.Deliveries.Select(Incident).Distinct().ShouldBe([continued.Id, good.Id], ignoreOrder: true);
        await Eventually.TrueAsync(async () => (await store.IncidentAsync(empty.Id)).Drives > 0, "the empty one was looked at");
    }

    [Fact]
    public async Task Drive_NotEnrichedAndTheAlertOfTheRevisionIsGone_SendsAnother()
    {
        var incident = await AddAsync("a", revision: 2, version: 2);
        await store.ChangeAsync(context =>
        {
            context.Alerts.AddRange(Samples.Row(Samples.Alert("01").Received(), incident.Id), Samples.Row(Samples.Alert("02").Received(), incident.Id, 1));
            return Task.CompletedTask;
        });

        await StartAsync();
        time.Advance(TimeSpan.FromMinutes(1));
        await bus.ReceivedAsync(1);

        bus.Deliveries.Single().Message.ShouldBeOfType<AlertReceived>().Alert.Fingerprint.ShouldBe("02");
    }

    [Fact]
    public async Task Drive_NotEnrichedAndResolvedMeanwhile_SendsTheAlertAsItIsNow()
    {
        var incident = await AddAsync("a", resolvedAt: Samples.Start);
        var row = Samples.Row(Samples.Alert("01").Received(), incident.Id, 1);
        (row.Status, row.EndsAt) = (AlertStatus.Resolved, Samples.Start);
        await store.ChangeAsync(context =>
        {
            context.Alerts.Add(row);
            return Task.CompletedTask;
        });

        await StartAsync();
        time.Advance(TimeSpan.FromMinutes(1));
        await bus.ReceivedAsync(1);

        bus.Deliveries.Single().Message.ShouldBeOfType<AlertReceived>().Alert.Status.ShouldBe(AlertStatus.Resolved);
    }

    [Fact]
    public async Task Drive_NotAnalysed_SendsTheContext()
    {
        var incident = await AddAsync("a", enriched: 1);

        await StartAsync();
        time.Advance(TimeSpan.FromMinutes(1));
        await bus.ReceivedAsync(1);

        bus.Deliveries.Single().Message.ShouldBeEquivalentTo(Samples.Context(incident.Id));
        bus.Deliveries.Single().Id.ShouldBe(MessageIds.For(incident.Id, nameof(ContextEnriched), 1));
    }

    [Fact]
    public async Task Drive_StageCannotBeAsked_AsksForTheFirstMessageAllTheSame()
    {
        var incident = await AddAsync("a", version: 1, enriched: 1, drawn: 0);
        await store.ChangeAsync(async context =>
        {
            context.Alerts.Add(Samples.Row(Samples.Alert("01").Received(), incident.Id, 1));
            await context.Incidents.ExecuteUpdateAsync(set => set.SetProperty(i => i.ContextJson, "null"), Cancellation);
        });
        await store.ReadAsync(context => context.Alerts.ExecuteUpdateAsync(set => set.SetProperty(a => a.ReceivedJson, "null"), Cancellation));

        await StartAsync();
        time.Advance(TimeSpan.FromMinutes(1));
        await bus.ReceivedAsync(1);

        bus.Deliveries.Single().Message.ShouldBe(new IncidentChanged(incident.Id, 1, IncidentChange.Joined));
    }

    [Fact]
    public async Task Drive_NotAnalysedAndTheContextCannotBeRead_SendsTheAlertAgain()
    {
        var incident = await AddAsync("a", enriched: 1);
        await store.ChangeAsync(async context =>
        {
            context.Alerts.Add(Samples.Row(Samples.Alert("01").Received(), incident.Id, 1));
            await context.Incidents.ExecuteUpdateAsync(set => set.SetProperty(i => i.ContextJson, "null"), Cancellation);
        });

        await StartAsync();
        time.Advance(TimeSpan.FromMinutes(1));
        await bus.ReceivedAsync(1);

        bus.Deliveries.Single().Message.ShouldBeOfType<AlertReceived>().Alert.Fingerprint.ShouldBe("01");
    }

    // The single process takes up everything at its start, also what has just been opened.
    [Fact]
    public async Task Start_BusKeepsNothingAndNothingIsShownYet_AsksForTheFirstMessageAfter45s()
    {
        var incident = await AddAsync("a", version: 1, enriched: 1, drawn: 0, driveAt: Samples.Start.AddSeconds(45));

        await StartAsync(keepsMessages: false);
        await bus.ReceivedAsync(1);
        bus.Deliveries.Single().Message.ShouldBeOfType<ContextEnriched>();
        time.Advance(TimeSpan.FromSeconds(45));
        await Eventually.TrueAsync(() => bus.Deliveries.Any(delivery => delivery.Message is IncidentChanged), "the message is asked for");

        Incident(bus.Deliveries.Single(delivery => delivery.Message is IncidentChanged)).ShouldBe(incident.Id);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Drive_NeverAnalysedAndNothingIsShown_AsksForADrawingBesides(int enriched)
    {
        var incident = await AddAsync("a", version: 1, enriched: enriched, drawn: 0);
        await store.ChangeAsync(context =>
        {
            context.Alerts.Add(Samples.Row(Samples.Alert("01").Received(), incident.Id, 1));
            return Task.CompletedTask;
        });

        await StartAsync();
        time.Advance(TimeSpan.FromMinutes(1));
        await bus.ReceivedAsync(2);

        bus.Deliveries.Select(delivery => delivery.Message.GetType()).ShouldBe(
            [enriched == 0 ? typeof(AlertReceived) : typeof(ContextEnriched), typeof(IncidentChanged)], ignoreOrder: true);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Drive_LaterRevisionIsDrawnButNotAnalysed_SendsTheContext(int revision)
    {
        var incident = await AddAsync("a", revision, version: 4, enriched: revision, analyzed: revision - 1, drawn: 4);

        await StartAsync();
        time.Advance(TimeSpan.FromMinutes(1));
        await bus.ReceivedAsync(1);

        bus.Deliveries.Single().Id.ShouldBe(MessageIds.For(incident.Id, nameof(ContextEnriched), revision));
    }

    // What changes while an analysis fails and fails is shown all the same.
    [Fact]
    public async Task Drive_LaterRevisionIsNotAnalysedAndTheMessageIsBehind_AsksForADrawingBesides()
    {
        await AddAsync("a", revision: 2, version: 5, enriched: 2, analyzed: 1, drawn: 4);

        await StartAsync();
        time.Advance(TimeSpan.FromMinutes(1));
        await bus.ReceivedAsync(2);

        bus.Deliveries.Select(delivery => delivery.Message.GetType()).ShouldBe([typeof(ContextEnriched), typeof(IncidentChanged)], ignoreOrder: true);
    }

    [Fact]
    public async Task Start_BusKeepsNothingAndALaterRevisionIsNotAnalysed_TakesItUpAtOnce()
    {
        var incident = await AddAsync("a", revision: 2, version: 4, enriched: 2, analyzed: 1, drawn: 4, driveAt: Samples.Start.AddHours(1));

        await StartAsync(keepsMessages: false);
        await bus.ReceivedAsync(1);

        bus.Deliveries.Single().Id.ShouldBe(MessageIds.For(incident.Id, nameof(ContextEnriched), 2));
    }

    [Fact]
    public async Task Drive_NotDrawn_AsksForADrawing()
    {
        var incident = await AddAsync("a", version: 3, enriched: 1, analyzed: 1, drawn: 2);

        await StartAsync();
        time.Advance(TimeSpan.FromMinutes(1));
        await bus.ReceivedAsync(1);

        bus.Deliveries.Single().Message.ShouldBe(new IncidentChanged(incident.Id, 1, IncidentChange.Joined));
    }

    [Fact]
    public async Task Drive_NotDueOrDrawn_IsLeftAlone()
    {
        await AddAsync("drawn", version: 3, enriched: 1, analyzed: 1, drawn: 3, driveAt: Samples.Start.AddSeconds(-1));
        var later = await AddAsync("later", enriched: 1, driveAt: Samples.Start.AddSeconds(90));
        var marker = await AddAsync("marker", enriched: 1, driveAt: Samples.Start.AddSeconds(85));
        await StartAsync();

        time.Advance(TimeSpan.FromSeconds(88));
        await bus.ReceivedAsync(1);
        await DrivesAsync(marker.Id, 1);
        bus.Deliveries.Select(Incident).ShouldBe([marker.Id]);

        time.Advance(TimeSpan.FromSeconds(5));
        await bus.ReceivedAsync(2);
        bus.Deliveries.Select(Incident).ShouldBe([marker.Id, later.Id]);
    }

    [Fact]
    public async Task Drive_StillNoProgress_WaitsTwiceAsLongEachTime()
    {
        var incident = await AddAsync("a", enriched: 1);
        await StartAsync();

        foreach (var (drives, minutes) in new[] { (1, 1), (2, 2), (3, 4) })
        {
            time.Advance((await store.IncidentAsync(incident.Id)).DriveAt - time.GetUtcNow() + TimeSpan.FromSeconds(5));
            await DrivesAsync(incident.Id, drives);
            ((await store.IncidentAsync(incident.Id)).DriveAt - time.GetUtcNow()).ShouldBeInRange(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(minutes));
        }
    }

    [Fact]
    public async Task Drive_TwoReplicasAtOnce_EachIncidentIsDrivenOnce()
    {
        List<Incident> incidents = [];
        for (var number = 0; number < 20; number++)
        {
            incidents.Add(await AddAsync($"{number}", enriched: 1));
        }

        await StartAsync();
        using var replica = new StalledIncidents(store.Scopes, bus.Bus, lifetime, new BusDurability(true), time, NullLogger<StalledIncidents>.Instance);
        await replica.StartAsync(Cancellation);
        await time.NextWaitAsync(Cancellation);
        time.Advance(TimeSpan.FromMinutes(1));
        await bus.ReceivedAsync(incidents.Count);
        await replica.StopAsync(Cancellation);
        await watchdog.StopAsync(Cancellation);

        bus.Deliveries.Select(Incident).ShouldBe(incidents.Select(incident => incident.Id), ignoreOrder: true);
        (await store.IncidentsAsync()).ShouldAllBe(incident => incident.Drives == 1);
    }

    [Fact]
    public async Task Start_BusKeepsNothing_TakesUpEverythingAtOnceAndFreesClaims()
    {
        var stalled = await AddAsync("a", enriched: 1, driveAt: Samples.Start.AddHours(1));
        await store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(set => set.SetProperty(i => i.DrawClaimedUntil, Samples.Start.AddSeconds(30)), Cancellation));

        await StartAsync(keepsMessages: false);
        await bus.ReceivedAsync(1);

        Incident(bus.Deliveries.Single()).ShouldBe(stalled.Id);
        (await store.IncidentAsync(stalled.Id)).DrawClaimedUntil.ShouldBe(Samples.Start);
    }

    [Fact]
    public async Task Start_OneIncidentCannotBeRead_FreesClaimsOnceAndDrivesTheOthers()
    {
        var broken = await AddAsync("broken", enriched: 1, driveAt: Samples.Start.AddHours(-1));
        var good = await AddAsync("good", enriched: 1);
        await store.ReadAsync(context => context.Incidents.Where(i => i.Id == broken.Id).ExecuteUpdateAsync(set => set.SetProperty(i => i.ContextJson, "null"), Cancellation));
        await StartAsync(keepsMessages: false);
        await DrivesAsync(broken.Id, 1);
        var claim = Samples.Start.AddSeconds(40);
        await store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(set => set.SetProperty(i => i.DrawClaimedUntil, claim), Cancellation));

        time.Advance(TimeSpan.FromSeconds(5));
        await bus.ReceivedAsync(1);

        Incident(bus.Deliveries.Single()).ShouldBe(good.Id);
        (await store.IncidentAsync(good.Id)).DrawClaimedUntil.ShouldBe(claim);
    }

    [Fact]
    public async Task Drive_ModelIsOwed_SendsTheContextAndWaitsForItsAnalysis()
    {
        var incident = await AddAsync("a", version: 2, enriched: 1, analyzed: 1, drawn: 2);
        await store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(set => set.SetProperty(i => i.ModelRetryAt, Samples.Start.AddMinutes(5)), Cancellation));
        await StartAsync();

        time.Advance(TimeSpan.FromMinutes(5));
        await bus.ReceivedAsync(1);

        bus.Deliveries.Single().Message.ShouldBeOfType<ContextEnriched>();
        (await store.IncidentAsync(incident.Id)).ModelRetryAt.ShouldBe(Samples.Start.AddMinutes(7));
    }

    [Fact]
    public async Task Drive_ModelIsOwedToAResolvedIncident_IsForgotten()
    {
        var resolved = await AddAsync("a", version: 2, enriched: 1, analyzed: 1, drawn: 2, resolvedAt: Samples.Start);
        var marker = await AddAsync("marker", enriched: 1, driveAt: Samples.Start.AddMinutes(5));
        await store.ReadAsync(context => context.Incidents.Where(i => i.Id == resolved.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.ModelRetryAt, Samples.Start.AddMinutes(5)), Cancellation));
        await StartAsync();

        time.Advance(TimeSpan.FromMinutes(5));
        await Eventually.TrueAsync(async () => (await store.IncidentAsync(resolved.Id)).ModelRetryAt is null, "forgotten");

        await bus.ReceivedAsync(1);
        bus.Deliveries.Select(Incident).ShouldBe([marker.Id]);
    }

    private static Guid Incident(RecordingBus.Delivery delivery) => delivery.Message switch
    {
        ContextEnriched context => context.IncidentId,
        IncidentChanged changed => changed.IncidentId,
        _ => Guid.Empty,
    };

    private async Task StartAsync(bool keepsMessages = true)
    {
        watchdog = new StalledIncidents(store.Scopes, bus.Bus, lifetime, new BusDurability(keepsMessages), time, NullLogger<StalledIncidents>.Instance);
        await watchdog.StartAsync(Cancellation);
        lifetime.Start();
        await time.NextWaitAsync(Cancellation);
    }

    private Task DrivesAsync(Guid id, int drives) =>
        Eventually.TrueAsync(async () => (await store.IncidentAsync(id)).Drives == drives, $"driven {drives} times");

    private async Task<Incident> AddAsync(
        string name, int revision = 1, int version = 2, int enriched = 0, int analyzed = 0, int? drawn = null, DateTimeOffset? driveAt = null, DateTimeOffset? resolvedAt = null)
    {
        var incident = Samples.Incident(new Subject("Deployment", "x", name), revision, version, resolvedAt);
        (incident.EnrichedRevision, incident.AnalyzedRevision, incident.DrawnVersion) = (enriched, analyzed, drawn ?? version);
        incident.DriveAt = driveAt ?? incident.DriveAt;
        incident.ContextJson = enriched == 0 ? null : StoredJson.Write(Samples.Context(incident.Id, enriched));
        incident.AnalysisJson = analyzed == 0 ? null : StoredJson.Write(Samples.Analysis(incident.Id, analyzed));
        await store.ChangeAsync(context =>
        {
            context.Incidents.Add(incident);
            return Task.CompletedTask;
        });
        return incident;
    }
}
