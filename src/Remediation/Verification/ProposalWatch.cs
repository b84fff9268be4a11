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
        foreach (var id in await DueAsync(now, cancellationToken))
        {
            await EachAsync(id, services => services.GetRequiredService<FollowUp>().ContinueAsync(id, cancellationToken), cancellationToken);
        }

        foreach (var id in await OwedAsync(now, cancellationToken))
        {
            await EachAsync(
                id,
                async services => await services.GetRequiredService<ProposalDesk>().ProposeAsync(id, cancellationToken) is { } emission ? [emission] : [],
                cancellationToken);
        }
    }

    private async Task<IReadOnlyList<Guid>> DueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IncidentsContext>();
        var due = await store.Proposals.Where(p => p.DueAt <= now).OrderBy(p => p.DueAt).Take(BatchSize).Select(p => new { p.Id, p.DueAt }).ToListAsync(cancellationToken);
        List<Guid> taken = [];
        foreach (var proposal in due)
        {
            // Whoever moves the time has it, until then.
            var until = now + Executor.Lease;
            if (await store.Proposals.Where(p => p.Id == proposal.Id && p.DueAt == proposal.DueAt)
                .ExecuteUpdateAsync(set => set.SetProperty(p => p.DueAt, until), cancellationToken) == 1)
            {
                taken.Add(proposal.Id);
            }
        }

        return taken;
    }

    // The message of an analysis that has just been recorded is on its way; only what should have arrived is taken up here.
    private async Task<IReadOnlyList<Guid>> OwedAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IncidentsContext>().Incidents
            .Where(i => i.ResolvedAt == null && i.AnalyzedRevision > 0
                && (i.ProposedRevision == ProposalDesk.Owed || ((i.ProposedRevision == null || i.ProposedRevision < i.AnalyzedRevision) && i.DriveAt <= now)))
            .OrderBy(i => i.OpenedAt).Take(BatchSize).Select(i => i.Id).ToListAsync(cancellationToken);
    }

    // One that fails must not keep the others.
    private async Task EachAsync(Guid id, Func<IServiceProvider, Task<IReadOnlyList<Emission>>> work, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            foreach (var emission in await work(scope.ServiceProvider))
            {
                await bus.Publish(emission.Message, context => context.MessageId = emission.Id, cancellationToken);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.OneFailed(logger, id, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "{Id} could not be looked after; trying again")]
        public static partial void OneFailed(ILogger logger, Guid id, Exception exception);

        [LoggerMessage(Level = LogLevel.Error, Message = "Proposals could not be looked after; trying again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
