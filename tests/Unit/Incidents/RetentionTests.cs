using AlertResponder.Contracts;
using AlertResponder.Enrichment.Correlation;
using AlertResponder.Incidents;
using AlertResponder.Tests.Unit.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AlertResponder.Tests.Unit.Incidents;

public sealed class RetentionTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = Samples.Start.AddDays(90);

    private readonly FakeTimeProvider time = new(Now);
    private TemporaryStore store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => store = await TemporaryStore.CreateAsync();

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task Delete_OldResolvedIncidents_GoWithAllThatBelongsToThem()
    {
        var old = Enumerable.Range(0, (2 * Retention.BatchSize) + 1).Select(number => (Id: $"{number:x4}", Incident: Samples.Incident(resolvedAt: Samples.Start.AddSeconds(-1)))).ToArray();
        await store.ChangeAsync(context =>
        {
            context.Incidents.AddRange(old.Select(one => one.Incident));
            context.Alerts.AddRange(old.Select(one => Samples.Row(Samples.Alert(one.Id).Received(), one.Incident.Id)));
            context.Remediations.AddRange(old.Select(one => new RemediationEntry { Id = Guid.NewGuid(), IncidentId = one.Incident.Id, CompletedAt = Samples.Start, Json = "{}" }));
            return Task.CompletedTask;
        });

        await RunOnceAsync();

        (await store.IncidentsAsync()).ShouldBeEmpty();
        (await store.ReadAsync(context => context.Alerts.CountAsync(Cancellation))).ShouldBe(0);
        (await store.ReadAsync(context => context.Remediations.CountAsync(Cancellation))).ShouldBe(0);
    }

    [Fact]
    public async Task Delete_OpenAndYoungIncidents_AreKept()
    {
        var (open, young) = (Samples.Incident(), Samples.Incident(resolvedAt: Samples.Start));
        await store.ChangeAsync(context =>
        {
            context.Incidents.AddRange(open, young);
            context.Alerts.AddRange(Samples.Row(Samples.Alert("01").Received(), open.Id), Samples.Row(Samples.Alert("02").Received(), young.Id));
            return Task.CompletedTask;
        });

        await RunOnceAsync();

        (await store.IncidentsAsync()).Select(incident => incident.Id).ShouldBe([open.Id, young.Id], ignoreOrder: true);
        (await store.ReadAsync(context => context.Alerts.CountAsync(Cancellation))).ShouldBe(2);
    }

    [Fact]
    public async Task Delete_SingleAlerts_GoByTheTimeOfTheirArrival()
    {
        await store.ChangeAsync(context =>
        {
            context.Alerts.AddRange(Enumerable.Range(0, Retention.BatchSize + 1).Select(number =>
                Samples.Row(Samples.Alert($"{number:x4}").Received().Resolved() with { ReceivedAt = Samples.Start.AddSeconds(-1) }, null)));
            context.Alerts.Add(Samples.Row(Samples.Alert("young").Received().Resolved(), null));
            return Task.CompletedTask;
        });

        await RunOnceAsync();

        (await store.ReadAsync(context => context.Alerts.Select(alert => alert.Fingerprint).ToListAsync(Cancellation))).ShouldBe(["young"]);
    }

    [Fact]
    public async Task Delete_StoreIsDown_TriesAgainAnHourLater()
    {
        await store.ChangeAsync(context =>
        {
            context.Incidents.Add(Samples.Incident(resolvedAt: Samples.Start.AddDays(-1)));
            return Task.CompletedTask;
        });
        await store.ChangeAsync(context => context.Database.ExecuteSqlAsync($"ALTER TABLE incident_alerts RENAME TO gone", Cancellation));
        using var retention = New();
        await retention.StartAsync(Cancellation);
        await Eventually.TrueAsync(async () => (await store.IncidentsAsync()).Length == 0, "the incidents' batch is deleted");
        await store.ChangeAsync(context => context.Database.ExecuteSqlAsync($"ALTER TABLE gone RENAME TO incident_alerts", Cancellation));
        await store.ChangeAsync(context =>
        {
            context.Incidents.Add(Samples.Incident(resolvedAt: Samples.Start.AddDays(-1)));
            return Task.CompletedTask;
        });

        time.Advance(Retention.Interval);

        await Eventually.TrueAsync(async () => (await store.IncidentsAsync()).Length == 0, "it is tried again");
        await retention.StopAsync(Cancellation);
    }

    [Theory]
    [InlineData(AlertStatus.Resolved, nameof(CorrelationOutcome.Remembered))]
    [InlineData(AlertStatus.Firing, nameof(CorrelationOutcome.Opened))]
    public async Task Correlate_AlertOfADeletedIncident_IsAnAlertLikeAnyOther(AlertStatus status, string expected)
    {
        var incident = Samples.Incident(resolvedAt: Samples.Start.AddSeconds(-1));
        var received = Samples.Alert("01", status).Received();
        await store.ChangeAsync(context =>
        {
            context.Incidents.Add(incident);
            context.Alerts.Add(Samples.Row(received, incident.Id, revision: 1));
            return Task.CompletedTask;
        });
        await RunOnceAsync();

        await using var scope = store.Open();
        var correlated = await new Correlator(scope.Context, time).CorrelateAsync(received, () => Task.FromResult(new ResolvedSubject(incident.Subject())), Cancellation);

        correlated.Outcome.ToString().ShouldBe(expected);
    }

    private Retention New() => new(store.Scopes, Options.Create(new IncidentsOptions()), time, NullLogger<Retention>.Instance);

    // It has done its work when what it deletes last is gone.
    private async Task RunOnceAsync()
    {
        await store.ChangeAsync(context =>
        {
            context.Alerts.Add(Samples.Row(Samples.Alert("last").Received() with { ReceivedAt = Samples.Start.AddMicroseconds(-1) }, null));
            return Task.CompletedTask;
        });
        using var retention = New();
        await retention.StartAsync(Cancellation);
        await Eventually.TrueAsync(async () => !await store.ReadAsync(context => context.Alerts.AnyAsync(alert => alert.Fingerprint == "last", Cancellation)), "the last is deleted");
        await retention.StopAsync(Cancellation);
    }
}
