using AlertResponder.Contracts;
using AlertResponder.Incidents;
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
internal sealed partial class ProposalWatch(
    IServiceScopeFactory scopes, IBus bus, IOptions<RemediationOptions> options, TimeProvider time, ILogger<ProposalWatch> logger) : BackgroundService
{
    private const int BatchSize = 50;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, e);
            }
        }
    }

    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var due in await DueAsync(now, cancellationToken))
        {
            await EachAsync(due, services => services.GetRequiredService<FollowUp>().ContinueAsync(due.Id, cancellationToken), cancellationToken);
        }

        foreach (var owed in await OwedAsync(now, cancellationToken))
        {
            await EachAsync(
                owed,
                async services => await services.GetRequiredService<ProposalDesk>().ProposeAsync(owed.Id, cancellationToken) is { } emission ? [emission] : [],
                cancellationToken);
        }
    }

    private async Task<IReadOnlyList<Work>> DueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IncidentsContext>();
        var due = await store.Proposals.Where(p => p.DueAt <= now).OrderBy(p => p.DueAt).Take(BatchSize)
            .Select(p => new { p.Id, p.DueAt, p.IncidentId, p.Traceparent }).ToListAsync(cancellationToken);
        List<Work> taken = [];
        foreach (var proposal in due)
        {
            // Whoever moves the time has it, until then.
            var until = now + Executor.Lease;
            if (await store.Proposals.Where(p => p.Id == proposal.Id && p.DueAt == proposal.DueAt)
                .ExecuteUpdateAsync(set => set.SetProperty(p => p.DueAt, until), cancellationToken) == 1)
            {
                taken.Add(new Work("proposal follow-up", proposal.Id, proposal.IncidentId, proposal.Traceparent));
            }
        }

        return taken;
    }

    // The message of an analysis that has just been recorded is on its way; only what should have arrived is taken up here.
    private async Task<IReadOnlyList<Work>> OwedAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IncidentsContext>().Incidents
            .Where(i => i.ResolvedAt == null && i.AnalyzedRevision > 0
                && (i.ProposedRevision == ProposalDesk.Owed || ((i.ProposedRevision == null || i.ProposedRevision < i.AnalyzedRevision) && i.DriveAt <= now)))
            .OrderBy(i => i.OpenedAt).Take(BatchSize).Select(i => new Work("proposals owed", i.Id, i.Id, i.Traceparent)).ToListAsync(cancellationToken);
    }

    // One that fails must not keep the others. Looks go on for as long as a change takes to show, days at the most: only one that finds
    // something is a span.
    private async Task EachAsync(Work work, Func<IServiceProvider, Task<IReadOnlyList<Emission>>> look, CancellationToken cancellationToken)
    {
        try
        {
            var begun = time.GetUtcNow();
            await using var scope = scopes.CreateAsyncScope();
            var emissions = await look(scope.ServiceProvider);
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
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.OneFailed(logger, work.Id, e);
        }
    }

    private sealed record Work(string Span, Guid Id, Guid IncidentId, string? Traceparent);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "{Id} could not be looked after; trying again")]
        public static partial void OneFailed(ILogger logger, Guid id, Exception exception);

        [LoggerMessage(Level = LogLevel.Error, Message = "Proposals could not be looked after; trying again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
