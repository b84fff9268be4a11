using AlertResponder.Incidents;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AlertResponder.Analysis.Model;

/// <summary>
/// The model's money and turns, kept in the store for all processes: what a conversation may cost at most is taken from the day's budget
/// before it, and given back down to the bill after it. Who stops in between has spent it all.
/// </summary>
internal sealed class ModelLedger(IncidentsContext store, IOptions<AnalysisOptions> options, [FromKeyedServices(StoreTime.Key)] TimeProvider time)
{
    /// <summary>Longer than a conversation can be; then somebody else may ask.</summary>
    public static readonly TimeSpan ClaimLasts = Analyst.ModelDeadline + TimeSpan.FromSeconds(15);

    public decimal LimitUsd => options.Value.DailyBudgetUsd;

    /// <summary>Claims a revision and reserves the most that asking about it can cost.</summary>
    public async Task<ModelTurn> TryBeginAsync(Guid incidentId, int revision, decimal atMostUsd, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().InMicroseconds();
        var day = ModelDay.Of(now);
        var reserved = (long)decimal.Ceiling(atMostUsd * ModelDay.NanosPerUsd);
        await using var transaction = await store.BeginExclusiveAsync("model-spend", cancellationToken);
        var spend = await store.ModelSpends.AsNoTracking().SingleOrDefaultAsync(s => s.IncidentId == incidentId && s.Revision == revision, cancellationToken);
        if (spend?.ClaimedUntil > now)
            return ModelTurn.TakenUntil(spend.ClaimedUntil.Value);

        var spent = await store.ModelDays.Where(d => d.Day == day).Select(d => (long?)d.SpentNanoUsd).SingleOrDefaultAsync(cancellationToken);
        if ((spent ?? 0) + reserved > LimitUsd * ModelDay.NanosPerUsd)
            return ModelTurn.NoMoneyUntil(new DateTimeOffset(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero));

        var until = now + ClaimLasts;
        if (spent is null)
            store.ModelDays.Add(new ModelDay { Day = day, SpentNanoUsd = reserved });
        else
            await store.ModelDays.Where(d => d.Day == day).ExecuteUpdateAsync(set => set.SetProperty(d => d.SpentNanoUsd, d => d.SpentNanoUsd + reserved), cancellationToken);
        if (spend is null)
        {
            store.ModelSpends.Add(new ModelSpend { IncidentId = incidentId, Revision = revision, ClaimedUntil = until, SpentNanoUsd = reserved, AskedAt = now });
        }
        else
        {
            await store.ModelSpends.Where(s => s.IncidentId == incidentId && s.Revision == revision).ExecuteUpdateAsync(
                set => set.SetProperty(s => s.ClaimedUntil, until).SetProperty(s => s.SpentNanoUsd, s => s.SpentNanoUsd + reserved).SetProperty(s => s.AskedAt, now),
                cancellationToken);
        }

        await store.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return ModelTurn.Given(new ModelReservation(incidentId, revision, day, reserved, until));
    }

    /// <summary>Puts what was billed in the place of what was reserved.</summary>
    public Task SettleAsync(ModelReservation reservation, decimal costUsd, int inputTokens, int outputTokens) =>
        EndAsync(reservation, (long)decimal.Ceiling(costUsd * ModelDay.NanosPerUsd) - reservation.NanoUsd, inputTokens, outputTokens);

    /// <summary>Lets others ask, and counts all that was reserved as spent: nobody knows the bill.</summary>
    public Task KeepReservationAsync(ModelReservation reservation, int inputTokens, int outputTokens) => EndAsync(reservation, 0, inputTokens, outputTokens);

    // Whose claim is over has nothing to give back any more.
    private async Task EndAsync(ModelReservation reservation, long change, int inputTokens, int outputTokens)
    {
        await using var transaction = await store.BeginExclusiveAsync("model-spend", CancellationToken.None);
        var mine = await store.ModelSpends
            .Where(s => s.IncidentId == reservation.IncidentId && s.Revision == reservation.Revision && s.ClaimedUntil == reservation.ClaimedUntil)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(s => s.ClaimedUntil, (DateTimeOffset?)null)
                    .SetProperty(s => s.SpentNanoUsd, s => s.SpentNanoUsd + change)
                    .SetProperty(s => s.InputTokens, s => s.InputTokens + inputTokens)
                    .SetProperty(s => s.OutputTokens, s => s.OutputTokens + outputTokens),
                CancellationToken.None);
        if (mine == 0)
            return;
        await store.ModelDays.Where(d => d.Day == reservation.Day).ExecuteUpdateAsync(
            set => set
                .SetProperty(d => d.SpentNanoUsd, d => d.SpentNanoUsd + change)
                .SetProperty(d => d.InputTokens, d => d.InputTokens + inputTokens)
                .SetProperty(d => d.OutputTokens, d => d.OutputTokens + outputTokens),
            CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
    }
}

/// <summary>What was set aside for a conversation.</summary>
internal sealed record ModelReservation(Guid IncidentId, int Revision, int Day, long NanoUsd, DateTimeOffset ClaimedUntil);

/// <summary>Whether the model may be asked now; if not, when it is worth another try.</summary>
internal sealed record ModelTurn(ModelReservation? Reservation, bool IsBudgetSpent, DateTimeOffset? RetryAt)
{
    public static ModelTurn Given(ModelReservation reservation) => new(reservation, IsBudgetSpent: false, RetryAt: null);

    public static ModelTurn TakenUntil(DateTimeOffset time) => new(Reservation: null, IsBudgetSpent: false, time);

    public static ModelTurn NoMoneyUntil(DateTimeOffset time) => new(Reservation: null, IsBudgetSpent: true, time);
}
