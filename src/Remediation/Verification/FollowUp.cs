using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Remediation.Actions;
using AlertResponder.Remediation.Cluster;
using AlertResponder.Remediation.Execution;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AlertResponder.Remediation.Verification;

/// <summary>Looks after a proposal that is due: one whose worker has stopped, or one that is to be verified. All from stored state.</summary>
internal sealed partial class FollowUp(
    IncidentsContext store,
    ProposalRecords records,
    Executor executor,
    ActionTools tools,
    IOptions<RemediationOptions> options,
    [FromKeyedServices(StoreTime.Key)] TimeProvider time,
    ILogger<FollowUp> logger)
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(15);

    // Beyond the deadline.
    private static readonly TimeSpan LongestBlindness = TimeSpan.FromHours(1);

    /// <returns>What to publish.</returns>
    public async Task<IReadOnlyList<Emission>> ContinueAsync(Guid proposalId, CancellationToken cancellationToken)
    {
        var proposal = await store.Proposals.AsNoTracking().SingleOrDefaultAsync(p => p.Id == proposalId, cancellationToken);
        if (proposal is null)
        {
            return [];
        }

        using var scope = logger.BeginIncident(proposal.IncidentId);
        if (proposal.State is ProposalState.Applied or ProposalState.RollingOut)
        {
            return await VerifyAsync(proposal, cancellationToken);
        }

        using var span = Traces.Continue("proposal carry-out", proposal.Traceparent, proposal.IncidentId);
        return await executor.CarryOutAsync(proposalId, cancellationToken);
    }

    private async Task<IReadOnlyList<Emission>> VerifyAsync(Proposal seen, CancellationToken cancellationToken)
    {
        var observation = await ObserveAsync(seen, cancellationToken);
        var now = time.GetUtcNow().InMicroseconds();
        await using var transaction = await records.BeginAsync(seen.IncidentId, cancellationToken);
        var incident = await store.Incidents.AsNoTracking().SingleAsync(i => i.Id == seen.IncidentId, cancellationToken);
        var proposal = await store.Proposals.SingleAsync(p => p.Id == seen.Id, cancellationToken);
        if (proposal.State != seen.State || proposal.RequestId != seen.RequestId)
        {
            return [];
        }

        if (observation is null && now < proposal.DeadlineAt + LongestBlindness)
        {
            proposal.DueAt = now + TryAgainAfter;
            await store.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return [];
        }

        observation ??= new Observation(ObservedStage.Failed, "the cluster could not be read to see whether it helped");
        var standing = VerificationRule.Judge(observation, incident.ResolvedAt is not null, proposal, TimeSpan.FromMinutes(options.Value.VerifyMinutes), now);
        var isVisible = standing.State != proposal.State || standing.Progress != proposal.Progress;
        (proposal.State, proposal.Progress) = (standing.State, standing.Progress);
        (proposal.DueAt, proposal.DeadlineAt) = (standing.NextLook?.InMicroseconds(), standing.Deadline?.InMicroseconds());
        RemediationCompleted? completed = null;
        Emission? ended = null;
        if (standing.State != ProposalState.RollingOut)
        {
            proposal.EndedAt = now;
            completed = new RemediationCompleted(
                proposal.IncidentId,
                proposal.Id,
                OutcomeOf(standing.State),
                $"{proposal.Title}: {standing.Progress}.",
                proposal.ShortDiff,
                proposal.RequestedBy!,
                now);
            ended = records.Add(MessageIds.For(nameof(FollowUp), proposal.Id), completed);
            await records.OweProposalsAsync(proposal.IncidentId, now, cancellationToken);
            Log.Ended(logger, proposal.Id, proposal.Kind, standing.Progress);
        }

        if (isVisible)
        {
            await records.RaiseAsync(proposal.IncidentId, now, cancellationToken);
        }

        await store.SaveChangesAsync(cancellationToken);
        if (completed is not null)
        {
            await store.NoteOutcomeAsync(MessageIds.For(nameof(FollowUp), proposal.Id), proposal, completed, byItself: true, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return ended is not null ? [ended] : isVisible ? [Emission.Redraw(incident.Id, incident.Revision, incident.Version + 1)] : [];
    }

    private static RemediationOutcome OutcomeOf(ProposalState ended) => ended switch
    {
        ProposalState.Verified => RemediationOutcome.Verified,
        ProposalState.Undone => RemediationOutcome.Undone,
        _ => RemediationOutcome.Ineffective,
    };

    /// <returns>Null while the cluster does not answer.</returns>
    private async Task<Observation?> ObserveAsync(Proposal proposal, CancellationToken cancellationToken)
    {
        try
        {
            return await ((IChange)ActionCatalogue.Find(proposal.Kind)!).ObserveAsync(proposal, tools, cancellationToken);
        }
        catch (Exception e) when (ClusterRefusal.IsOutage(e, cancellationToken) || e is k8s.Autorest.HttpOperationException)
        {
            Log.NotSeen(logger, proposal.Id, e.GetType().Name);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Proposal {ProposalId} ({Action}): {Standing}")]
        public static partial void Ended(ILogger logger, Guid proposalId, string action, string standing);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Proposal {ProposalId}: its object cannot be read ({Failure}); trying again")]
        public static partial void NotSeen(ILogger logger, Guid proposalId, string failure);
    }
}
