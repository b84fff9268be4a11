using System.Diagnostics;
using AlertResponder.Contracts;
using AlertResponder.Enrichment;
using AlertResponder.Enrichment.Correlation;
using AlertResponder.Enrichment.Gathering;
using AlertResponder.Incidents;
using AlertResponder.Simulators.Traffic;
using AlertResponder.Tests.Unit.Gateway;
using AlertResponder.Tests.Unit.Incidents;
using AlertResponder.Tests.Unit.Time;
using AlertResponder.Tests.Unit.Tracing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace AlertResponder.Tests.Unit.Enrichment;

/// <summary>Of several alerts one resolves: what is told must be about those that still fire.</summary>
public sealed class ReviewTests : IAsyncLifetime
{
    private static readonly AlertReceived One = Host("01", "db-1.example:9104");
    private static readonly AlertReceived Two = Host("02", "db-2.example:9104");

    private readonly WatchedTimeProvider time = new(Samples.Start);
    private EnrichmentRoom room = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => room = await EnrichmentRoom.StartAsync(time: time, withCluster: false);

    public ValueTask DisposeAsync() => room.DisposeAsync();

    [Fact]
    public async Task Review_DiagnosisNamesTheOneThatResolved_MakesANewRevisionAboutTheOther()
    {
        var incidentId = await DiagnosedAsync("InstanceDown: Instance db-1.example:9104 down");
        await room.EnrichAsync(One.Resolved());
        (await room.Store.IncidentAsync(incidentId)).ReviewAt.ShouldBe(time.GetUtcNow() + CorrelationRule.ReviewAfter);

        var context = (await room.ReviewAsync(incidentId)).ShouldNotBeNull();

        context.Revision.ShouldBe(2);
        context.Alerts.Select(alert => (alert.Fingerprint, alert.Status)).ShouldBe([("01", AlertStatus.Resolved), ("02", AlertStatus.Firing)]);
        context.Evidence.Where(item => item.Kind == EvidenceKind.Alert).ShouldHaveSingleItem().Text.ShouldBe("InstanceDown firing: Instance db-2.example:9104 down");
        var incident = await room.Store.IncidentAsync(incidentId);
        (incident.Revision, incident.EnrichedRevision, incident.ReviewAt).ShouldBe((2, 2, null));
        (await room.ReviewAsync(incidentId)).ShouldBeNull("the new revision is analysed first");
    }

    [Fact]
    public async Task Drive_RevisionThatWasMadeInATrace_GoesOnWithIt()
    {
        using var heard = new HeardSpans();
        using var lifetime = new Lifetime();
        await using var bus = await RecordingBus.StartAsync();
        var incidentId = await DiagnosedAsync("InstanceDown: Instance db-1.example:9104 down");
        await room.EnrichAsync(One.Resolved());
        var trace = ActivityTraceId.CreateRandom();
        await room.Store.ChangeAsync(context => context.Incidents.ExecuteUpdateAsync(
            set => set.SetProperty(i => i.Traceparent, $"00-{trace}-b7ad6b7169203331-01").SetProperty(i => i.ReviewAt, time.GetUtcNow()), Cancellation));

        using var watchdog = new StalledIncidents(room.Scopes, bus.Bus, lifetime, new BusDurability(true), time, NullLogger<StalledIncidents>.Instance);
        await watchdog.StartAsync(Cancellation);
        lifetime.Start();
        await Eventually.TrueAsync(() => heard.Of(trace, "watchdog review").Count > 0, "the span has ended");
        await bus.ReceivedAsync(1);
        await watchdog.StopAsync(Cancellation);

        heard.Of(trace, "watchdog review").ShouldHaveSingleItem().GetTagItem(Traces.IncidentId).ShouldBe(incidentId.ToString());
        bus.Deliveries.Select(delivery => delivery.Message).OfType<ContextEnriched>().ShouldHaveSingleItem().Revision.ShouldBe(2);
    }

    [Fact]
    public async Task Review_DiagnosisNamesTheOther_LeavesItAsItIs()
    {
        var incidentId = await DiagnosedAsync("InstanceDown: Instance db-2.example:9104 down");
        await room.EnrichAsync(One.Resolved());

        (await room.ReviewAsync(incidentId)).ShouldBeNull();

        var incident = await room.Store.IncidentAsync(incidentId);
        (incident.Revision, incident.ReviewAt).ShouldBe((1, null));
    }

    [Theory]
    [InlineData("null", null)]
    [InlineData(null, "null")]
    public async Task Review_RecordCannotBeRead_MakesANewRevision(string? contextJson, string? analysisJson)
    {
        var incidentId = await DiagnosedAsync("InstanceDown: Instance db-2.example:9104 down");
        await room.EnrichAsync(One.Resolved());
        await room.Store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(
            set => set.SetProperty(i => i.ContextJson, i => contextJson ?? i.ContextJson).SetProperty(i => i.AnalysisJson, i => analysisJson ?? i.AnalysisJson), Cancellation));

        (await room.ReviewAsync(incidentId)).ShouldNotBeNull().Revision.ShouldBe(2);

        var incident = await room.Store.IncidentAsync(incidentId);
        (incident.Revision, incident.EnrichedRevision, incident.ReviewAt).ShouldBe((2, 2, null));
    }

    [Fact]
    public async Task Drive_ModelIsOwedAndTheContextCannotBeRead_ReadsTheClusterAgain()
    {
        using var lifetime = new Lifetime();
        await using var bus = await RecordingBus.StartAsync();
        await DiagnosedAsync("InstanceDown: Instance db-1.example:9104 down");
        await room.Store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(
            set => set.SetProperty(i => i.ContextJson, "null").SetProperty(i => i.ModelRetryAt, time.GetUtcNow()).SetProperty(i => i.EvidenceRetryAt, (DateTimeOffset?)null), Cancellation));

        using var watchdog = new StalledIncidents(room.Scopes, bus.Bus, lifetime, new BusDurability(true), time, NullLogger<StalledIncidents>.Instance);
        await watchdog.StartAsync(Cancellation);
        lifetime.Start();
        await bus.ReceivedAsync(1);
        await watchdog.StopAsync(Cancellation);

        bus.Deliveries.Select(delivery => delivery.Message).OfType<ContextEnriched>().ShouldHaveSingleItem().Revision.ShouldBe(2);
    }

    [Fact]
    public async Task Review_NotAnalysedYet_LooksAgainAfterwards()
    {
        var incidentId = (await room.ContextAsync(One)).IncidentId;
        await room.EnrichAsync(Two);
        await room.EnrichAsync(One.Resolved());
        time.Advance(TimeSpan.FromMinutes(1));

        (await room.ReviewAsync(incidentId)).ShouldBeNull();
        (await room.Store.IncidentAsync(incidentId)).ReviewAt.ShouldBe(time.GetUtcNow() + CorrelationRule.ReviewAfter);
        await AnalyseAsync(incidentId, "InstanceDown: Instance db-1.example:9104 down");

        (await room.ReviewAsync(incidentId)).ShouldNotBeNull().Revision.ShouldBe(2);
    }

    [Fact]
    public async Task Enrich_LastOneResolves_AsksForNoLook()
    {
        var incidentId = await DiagnosedAsync("InstanceDown: Instance db-1.example:9104 down");
        await room.EnrichAsync(Two.Resolved());
        await room.EnrichAsync(One.Resolved());

        (await room.Store.IncidentAsync(incidentId)).ResolvedAt.ShouldNotBeNull();
        (await room.ReviewAsync(incidentId)).ShouldBeNull("a green message says what it was");
    }

    [Fact]
    public void Keep_MoreThanAMessageHolds_KeepsTheNewestThatFire()
    {
        var big = new Dictionary<string, string>(StringComparer.Ordinal) { ["description"] = new string('x', 20 * 1024) };
        Alert[] alerts =
        [
            .. Enumerable.Range(1, 5).Select(number => Samples.Alert($"{number}", number is 2 or 5 ? AlertStatus.Resolved : AlertStatus.Firing, startsAt: Samples.Start.AddMinutes(number)) with { Annotations = big }),
        ];

        AlertBounds.Keep(alerts).Select(alert => alert.Fingerprint).ShouldBe(["1", "3", "4"]);
        AlertBounds.Keep([.. alerts.Take(2)]).Count.ShouldBe(2);
        AlertBounds.Keep([alerts[0] with { Annotations = new Dictionary<string, string>(StringComparer.Ordinal) { ["x"] = new('x', 100_000) } }]).ShouldHaveSingleItem("one at least");
    }

    private async Task<Guid> DiagnosedAsync(string cause)
    {
        var incidentId = (await room.ContextAsync(One)).IncidentId;
        await room.EnrichAsync(Two);
        await AnalyseAsync(incidentId, cause);
        return incidentId;
    }

    private Task AnalyseAsync(Guid incidentId, string cause)
    {
        var analysis = Samples.Analysis(incidentId);
        var json = StoredJson.Write(analysis with { Diagnosis = analysis.Diagnosis with { Cause = cause, Findings = [] } });
        return room.Store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(set => set.SetProperty(i => i.AnalysisJson, json).SetProperty(i => i.AnalyzedRevision, 1), Cancellation));
    }

    private static AlertReceived Host(string fingerprint, string instance)
    {
        var alert = Samples.Alert(fingerprint, name: "InstanceDown", labels: [("instance", instance), ("job", "mysql"), ("severity", "critical")]);
        return (alert with { Annotations = new Dictionary<string, string>(StringComparer.Ordinal) { ["summary"] = $"Instance {instance} down" } }).Received();
    }
}
