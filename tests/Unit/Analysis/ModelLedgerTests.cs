using AlertResponder.Analysis;
using AlertResponder.Analysis.Model;
using AlertResponder.Incidents;
using AlertResponder.Tests.Unit.Incidents;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AlertResponder.Tests.Unit.Analysis;

public sealed class ModelLedgerTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(Samples.Start);
    private readonly Incident[] incidents = [.. Enumerable.Range(0, 8).Select(number => Samples.Incident(new("Deployment", "shop", $"d{number}")))];
    private TemporaryStore store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = await TemporaryStore.CreateAsync();
        await store.ChangeAsync(context =>
        {
            context.Incidents.AddRange(incidents);
            return Task.CompletedTask;
        });
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task TryBegin_ManyAtOnce_CannotPassTheLimitTogether()
    {
        var turns = await Task.WhenAll(incidents.Select(incident => Task.Run(() => BeginAsync(incident.Id), Cancellation)));

        turns.Count(turn => turn.Reservation is not null).ShouldBe(3, "0.30 each of 1.00");
        turns.Where(turn => turn.Reservation is null).ShouldAllBe(turn => turn.IsBudgetSpent && turn.RetryAt == new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero));
        (await SpentAsync()).ShouldBe(900_000_000);
    }

    [Fact]
    public async Task TryBegin_SameRevisionInTwoProcesses_GivesOneTurn()
    {
        var first = await BeginAsync(incidents[0].Id);
        var second = await BeginAsync(incidents[0].Id);

        first.Reservation.ShouldNotBeNull();
        (second.Reservation, second.IsBudgetSpent, second.RetryAt).ShouldBe((null, false, Samples.Start.AddSeconds(45)));
        (await BeginAsync(incidents[0].Id, revision: 2)).Reservation.ShouldNotBeNull();
    }

    [Fact]
    public async Task TryBegin_WorkerDiedWhileItAsked_IsFreeAfterItsClaimAndItsMoneyIsSpent()
    {
        await BeginAsync(incidents[0].Id);
        time.Advance(ModelLedger.ClaimLasts);

        (await BeginAsync(incidents[0].Id)).Reservation.ShouldNotBeNull();

        (await SpentAsync()).ShouldBe(600_000_000);
        (await store.ReadAsync(context => context.ModelSpends.SingleAsync(Cancellation))).SpentNanoUsd.ShouldBe(600_000_000);
    }

    [Fact]
    public async Task Settle_PutsTheBillInThePlaceOfTheReservation()
    {
        var reservation = (await BeginAsync(incidents[0].Id)).Reservation!;

        await InScopeAsync(ledger => ledger.SettleAsync(reservation, 0.00009387m, 1_834, 212));
        await InScopeAsync(ledger => ledger.SettleAsync(reservation, 0.00009387m, 1_834, 212));

        var day = await store.ReadAsync(context => context.ModelDays.SingleAsync(Cancellation));
        (day.SpentNanoUsd, day.InputTokens, day.OutputTokens).ShouldBe((93_870, 1_834, 212), "once, however often");
        var spend = await store.ReadAsync(context => context.ModelSpends.SingleAsync(Cancellation));
        (spend.SpentNanoUsd, spend.ClaimedUntil).ShouldBe((93_870, null));
    }

    [Fact]
    public async Task Settle_AfterAnotherTookTheClaim_GivesNothingBack()
    {
        var late = (await BeginAsync(incidents[0].Id)).Reservation!;
        time.Advance(ModelLedger.ClaimLasts);
        await BeginAsync(incidents[0].Id);

        await InScopeAsync(ledger => ledger.SettleAsync(late, 0.10m, 10, 10));

        (await SpentAsync()).ShouldBe(600_000_000);
        (await store.ReadAsync(context => context.ModelSpends.SingleAsync(Cancellation))).ClaimedUntil.ShouldNotBeNull("the other still asks");
    }

    [Fact]
    public async Task Settle_AfterMidnight_SettlesTheDayOfTheReservation()
    {
        time.Advance(new DateTimeOffset(2026, 11, 22, 23, 59, 50, TimeSpan.Zero) - Samples.Start);
        var reservation = (await BeginAsync(incidents[0].Id)).Reservation!;
        time.Advance(TimeSpan.FromSeconds(20));
        await BeginAsync(incidents[1].Id);

        await InScopeAsync(ledger => ledger.SettleAsync(reservation, 0.01m, 1, 1));

        (await store.ReadAsync(context => context.ModelDays.OrderBy(day => day.Day).Select(day => day.SpentNanoUsd).ToArrayAsync(Cancellation))).ShouldBe([10_000_000, 300_000_000]);
    }

    [Fact]
    public async Task Delete_Incident_TakesItsSpendAlongAndLeavesTheDays()
    {
        await BeginAsync(incidents[0].Id);

        await store.ReadAsync(context => context.Incidents.ExecuteDeleteAsync(Cancellation));

        (await store.ReadAsync(context => context.ModelSpends.CountAsync(Cancellation))).ShouldBe(0);
        (await SpentAsync()).ShouldBe(300_000_000);
    }

    private Task<ModelTurn> BeginAsync(Guid incidentId, int revision = 1) => InScopeAsync(ledger => ledger.TryBeginAsync(incidentId, revision, 0.30m, Cancellation));

    private Task<long> SpentAsync() => store.ReadAsync(context => context.ModelDays.SumAsync(day => day.SpentNanoUsd, Cancellation));

    private Task InScopeAsync(Func<ModelLedger, Task> act) => InScopeAsync(async ledger =>
    {
        await act(ledger);
        return true;
    });

    // A scope is what another process has too: nothing but the store.
    private async Task<T> InScopeAsync<T>(Func<ModelLedger, Task<T>> act)
    {
        await using var scope = store.Open();
        return await act(new ModelLedger(scope.Context, Options.Create(new AnalysisOptions { DailyBudgetUsd = 1.00m }), time));
    }
}
