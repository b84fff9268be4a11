using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Remediation.Actions;
using AlertResponder.Remediation.Cluster;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AlertResponder.Remediation.Execution;

/// <summary>
/// Carries out what a request has claimed, or takes it back, and records how it ended. Begun anew after whatever has happened: the object
/// itself tells what is done already.
/// </summary>
internal sealed partial class Executor(
    IncidentsContext store, ProposalRecords records, ActionTools tools, IOptions<RemediationOptions> options,
    [FromKeyedServices(StoreTime.Key)] TimeProvider time, ILogger<Executor> logger)
{
    /// <summary>How long a worker has, before another one looks after what it has claimed.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    /// <summary>What could not be done so long after the click is not done any more.</summary>
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan FirstLookAfter = TimeSpan.FromSeconds(2);

    /// <returns>What to publish; nothing while the cluster does not answer, since nobody knows then whether it is done.</returns>
    public async Task<IReadOnlyList<Emission>> CarryOutAsync(Guid proposalId, CancellationToken cancellationToken)
    {
        var proposal = await store.Proposals.AsNoTracking().SingleOrDefaultAsync(p => p.Id == proposalId, cancellationToken);
        if (proposal is not { State: ProposalState.Claimed or ProposalState.Undoing, RequestId: { } requestId })
        {
            return [];
        }

        using var patience = new CancellationTokenSource(Patience, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            var carried = await CarryOutAsync(proposal, deadline.Token);
            return await RecordAsync(proposal, requestId, carried, cancellationToken);
        }
        catch (Exception e) when (ClusterRefusal.IsOutage(e, cancellationToken))
        {
            Log.NoAnswer(logger, proposal.Id, e.GetType().Name);
            return await PostponeAsync(proposal, requestId, cancellationToken);
        }
    }

    private async Task<Carried> CarryOutAsync(Proposal proposal, CancellationToken cancellationToken)
    {
        var action = (IChange)ActionCatalogue.Find(proposal.Kind)!;
        var undo = proposal.State == ProposalState.Undoing;
        if (time.GetUtcNow() >= proposal.DeadlineAt)
        {
            return await action.IsDoneAsync(proposal, undo, tools, cancellationToken)
                ? new Carried(CarriedAs.Applied, "done")
                : new Carried(CarriedAs.Refused, $"{action.Server} could not be reached within {GiveUpAfter.TotalMinutes:0} minutes of the click");
        }

        return undo ? await action.UndoAsync(proposal, tools, cancellationToken) : await action.ExecuteAsync(proposal, tools, cancellationToken);
    }

    private async Task<IReadOnlyList<Emission>> RecordAsync(Proposal seen, Guid requestId, Carried carried, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().InMicroseconds();
        await using var transaction = await records.BeginAsync(seen.IncidentId, cancellationToken);
        var proposal = await store.Proposals.SingleOrDefaultAsync(p => p.Id == seen.Id, cancellationToken);
        if (proposal is null || proposal.State != seen.State || proposal.RequestId != requestId)
        {
            // Another worker was faster.
            return await records.FindAsync(requestId, cancellationToken) is { } recorded ? [recorded] : [];
        }

        var undo = proposal.State == ProposalState.Undoing;
        var outcome = carried.As == CarriedAs.Applied ? undo ? RemediationOutcome.Undone : RemediationOutcome.Applied : RemediationOutcome.Refused;
        var person = (undo ? proposal.UndoneBy : proposal.RequestedBy)!;
        if (outcome == RemediationOutcome.Applied)
        {
            Apply(proposal, now);
            await OutdateSiblingsAsync(proposal, now, cancellationToken);
        }
        else
        {
            var state = outcome == RemediationOutcome.Undone ? ProposalState.Undone
                : carried.As == CarriedAs.Stale ? ProposalState.Stale
                : undo ? ProposalState.Failed
                : ProposalState.Refused;
            proposal.End(state, outcome == RemediationOutcome.Undone ? "undone" : undo ? $"not undone: {carried.Reason}" : carried.Reason, now);
            await records.OweProposalsAsync(proposal.IncidentId, now, cancellationToken);
        }

        var completed = new RemediationCompleted(
            proposal.IncidentId,
            proposal.Id,
            outcome,
            Reason(proposal, outcome, carried),
            outcome is RemediationOutcome.Refused ? null : proposal.ShortDiff,
            person,
            now,
            requestId);
        var emission = records.Add(requestId, completed);
        await records.RaiseAsync(proposal.IncidentId, now, cancellationToken);
        await store.SaveChangesAsync(cancellationToken);
        await store.NoteOutcomeAsync(requestId, proposal, completed, byItself: false, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Log.Carried(logger, proposal.Id, proposal.Kind, person, outcome, carried.Reason);
        return [emission];
    }

    private void Apply(Proposal proposal, DateTimeOffset now)
    {
        (proposal.State, proposal.Progress, proposal.AppliedAt) = (ProposalState.Applied, "applied", now);
        (proposal.DueAt, proposal.DeadlineAt) = (now + FirstLookAfter, now + TimeSpan.FromMinutes(options.Value.VerifyMinutes));
    }

    // They were made from the object as it was before.
    private async Task OutdateSiblingsAsync(Proposal applied, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var target = applied.Action().Target with { Uid = null };
        var offered = await store.Proposals
            .Where(p => p.IncidentId == applied.IncidentId && p.Risk != RiskClass.ReadOnly && (p.State == ProposalState.Offered || p.State == ProposalState.AwaitingSecond))
            .ToListAsync(cancellationToken);
        foreach (var sibling in offered.Where(p => p.Action().Target with { Uid = null } == target))
        {
            sibling.End(ProposalState.Stale, "another proposal has changed the object", now);
        }
    }

    private async Task<IReadOnlyList<Emission>> PostponeAsync(Proposal seen, Guid requestId, CancellationToken cancellationToken)
    {
        var waiting = $"{ActionCatalogue.Find(seen.Kind)!.Server} does not answer; trying again";
        var now = time.GetUtcNow().InMicroseconds();
        await using var transaction = await records.BeginAsync(seen.IncidentId, cancellationToken);
        var proposal = await store.Proposals.SingleOrDefaultAsync(p => p.Id == seen.Id && p.State == seen.State && p.RequestId == requestId, cancellationToken);
        if (proposal is null)
        {
            return [];
        }

        var isNew = proposal.Progress != waiting;
        (proposal.Progress, proposal.DueAt) = (waiting, now + TryAgainAfter);
        if (isNew)
        {
            await records.RaiseAsync(proposal.IncidentId, now, cancellationToken);
        }

        await store.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return isNew ? [await RedrawAsync(proposal.IncidentId, cancellationToken)] : [];
    }

    private async Task<Emission> RedrawAsync(Guid incidentId, CancellationToken cancellationToken)
    {
        var incident = await store.Incidents.AsNoTracking().SingleAsync(i => i.Id == incidentId, cancellationToken);
        return Emission.Redraw(incidentId, incident.Revision, incident.Version);
    }

    private static string Reason(Proposal proposal, RemediationOutcome outcome, Carried carried) => outcome switch
    {
        RemediationOutcome.Applied => $"{proposal.Title}: applied.",
        RemediationOutcome.Undone => $"{proposal.Title}: undone.",
        _ => $"{proposal.Title}: refused. {char.ToUpperInvariant(carried.Reason[0])}{carried.Reason[1..]}.",
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Proposal {ProposalId} ({Action}), requested by {Person}: {Outcome}, {Reason}")]
        public static partial void Carried(ILogger logger, Guid proposalId, string action, string person, RemediationOutcome outcome, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Proposal {ProposalId}: the cluster does not answer ({Failure}); trying again")]
        public static partial void NoAnswer(ILogger logger, Guid proposalId, string failure);
    }
}
