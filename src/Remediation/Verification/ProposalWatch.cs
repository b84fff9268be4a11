using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Incidents.Work;
using AlertResponder.Remediation.Execution;
using AlertResponder.Remediation.Proposals;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AlertResponder.Remediation.Verification;

/// <summary>
/// Looks after what is due by the store: proposals to verify, claims of workers that have stopped, offers that are owed. A restart changes
/// nothing about it, and several processes share the work.
/// </summary>
internal sealed class ProposalWatch(
    IServiceScopeFactory scopes, IBus bus, IOptions<RemediationOptions> options,
    [FromKeyedServices(StoreTime.Key)] TimeProvider time, ILogger<ProposalWatch> logger) : BackgroundService
{
    private const int BatchSize = 50;
    private const int MostAtOnce = 4;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // A preview takes seconds, and its next try is for when the cluster answers again.
    private static readonly TimeSpan FirstWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    private readonly WorkRounds rounds = new(scopes, time, logger);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        await Task.Delay(Interval, time, stoppingToken);
        await rounds.RepeatAsync(
            Interval,
            new Dictionary<string, Func<CancellationToken, Task>>(StringComparer.Ordinal)
            {
                ["proposals due"] = token => rounds.RunAsync(Due(), token),
                ["proposals owed"] = token => rounds.RunAsync(Owed(), token),
            },
            stoppingToken);
    }

    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        await rounds.RunAsync(Due(), cancellationToken);
        await rounds.RunAsync(Owed(), cancellationToken);
    }

    private OwedWork<Work> Due() => new(
        "proposals due",
        work => work.Id,
        (store, now, cancellationToken) => store.Proposals.Where(p => p.DueAt <= now).OrderBy(p => p.DueAt).Take(BatchSize)
            .Select(p => new Work("proposal follow-up", p.Id, p.IncidentId, p.Traceparent, p.DueAt, null)).ToListAsync(cancellationToken),

        // Whoever moves the time has it, until then.
        async (store, work, now, cancellationToken) => await store.Proposals.Where(p => p.Id == work.Id && p.DueAt == work.At)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.DueAt, now + Executor.Lease), cancellationToken) == 1,
        (services, work, cancellationToken) => LookAsync(work, () => services.GetRequiredService<FollowUp>().ContinueAsync(work.Id, cancellationToken), cancellationToken))
    {
        AtOnce = MostAtOnce,
    };

    // The message of an analysis that has just been recorded is on its way; only what should have arrived is taken up here. Those that cannot be made
    // wait longer and longer, behind the others.
    private OwedWork<Work> Owed() => new(
        "proposals owed",
        work => work.Id,
        (store, now, cancellationToken) => store.Incidents.ProposalsDue(now).OrderBy(i => i.ProposeAt).Take(BatchSize)
            .Select(i => new Work("proposals owed", i.Id, i.Id, i.Traceparent, i.ProposeAt, i.ProposeTries)).ToListAsync(cancellationToken),
        async (store, work, now, cancellationToken) =>
        {
            var again = now + Backoff.After(work.Tries ?? 0, FirstWait, LongestWait, Random.Shared.NextDouble());
            return await store.Incidents.ProposalsDue(now).Where(i => i.Id == work.Id && i.ProposeAt == work.At)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.ProposeAt, again).SetProperty(i => i.ProposeTries, i => (i.ProposeTries ?? 0) + 1), cancellationToken) == 1;
        },
        (services, work, cancellationToken) => LookAsync(
            work, async () => await services.GetRequiredService<ProposalDesk>().ProposeAsync(work.Id, cancellationToken) is { } emission ? [emission] : [], cancellationToken))
    {
        AtOnce = MostAtOnce,
    };

    // Looks go on for as long as a change takes to show, days at the most: only one that finds something is a span.
    private async Task LookAsync(Work work, Func<Task<IReadOnlyList<Emission>>> look, CancellationToken cancellationToken)
    {
        var begun = time.GetUtcNow();
        var emissions = await look();
        if (emissions.Count == 0)
        {
            return;
        }

        using var span = Traces.Continue(work.Span, work.Traceparent, work.IncidentId, begun);
        foreach (var emission in emissions)
        {
            await bus.Publish(emission.Message, context => context.MessageId = emission.Id, cancellationToken);
        }
    }

    private sealed record Work(string Span, Guid Id, Guid IncidentId, string? Traceparent, DateTimeOffset? At, int? Tries);
}
