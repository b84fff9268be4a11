using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Remediation.Actions;
using AlertResponder.Remediation.Cluster;
using AlertResponder.Remediation.Policy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AlertResponder.Remediation.Execution;

/// <summary>Answers requests, each once: what is recorded is answered with the record.</summary>
internal sealed partial class RemediationDesk(
    IncidentsContext store,
    ProposalRecords records,
    Executor executor,
    People people,
    ActionTools tools,
    IOptions<RemediationOptions> options,
    [FromKeyedServices(StoreTime.Key)] TimeProvider time,
    ILogger<RemediationDesk> logger)
{
    /// <returns>What to publish.</returns>
    public async Task<IReadOnlyList<Emission>> AnswerAsync(RemediationRequested request, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginIncident(request.IncidentId);
        var id = RequestId(request);
        if (await records.FindAsync(id, cancellationToken) is { } recorded)
        {
            return [recorded];
        }

        var seen = await ProposalAsync(request).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        if (IsClaimedBy(seen, id))
        {
            // Delivered again: whoever had it may have stopped anywhere.
            return await executor.CarryOutAsync(seen!.Id, cancellationToken);
        }

        var person = seen is not null && ActionCatalogue.Find(seen.Kind) is { } action
            ? await people.KnowAsync(request, action, seen.Action().Target, cancellationToken)
            : new Person(new HashSet<string>());
        var (verdict, emissions) = await DecideAsync(request, id, person, cancellationToken);
        return verdict switch
        {
            VerdictKind.Execute or VerdictKind.Undo => await executor.CarryOutAsync(request.ProposalId, cancellationToken),
            VerdictKind.Read => await ReadAsync(request, id, seen!, cancellationToken),
            _ => emissions,
        };
    }

    /// <summary>The same click, the same id: by what Slack says of it, not by when each copy of it came.</summary>
    public static Guid RequestId(RemediationRequested request) => request.ClickId is { } click
        ? MessageIds.For(nameof(RemediationRequested), click)
        : MessageIds.For(nameof(RemediationRequested), request.IncidentId, request.ProposalId, request.Verb, request.RequestedBy, request.RequestedAt.UtcTicks);

    private static bool IsClaimedBy(Proposal? proposal, Guid requestId) =>
        proposal is { State: ProposalState.Claimed or ProposalState.Undoing } && proposal.RequestId == requestId;

    private IQueryable<Proposal> ProposalAsync(RemediationRequested request) =>
        store.Proposals.Where(p => p.Id == request.ProposalId && p.IncidentId == request.IncidentId);

    private async Task<(VerdictKind? Verdict, IReadOnlyList<Emission> Emissions)> DecideAsync(
        RemediationRequested request, Guid id, Person person, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().InMicroseconds();
        await using var transaction = await records.BeginAsync(request.IncidentId, cancellationToken);
        if (await records.FindAsync(id, cancellationToken) is { } recorded)
        {
            return (null, [recorded]);
        }

        if (await store.Incidents.AsNoTracking().SingleOrDefaultAsync(i => i.Id == request.IncidentId, cancellationToken) is not { } incident)
        {
            Log.NoIncident(logger, request.ProposalId, request.RequestedBy);
            return (null, []);
        }

        var proposal = await ProposalAsync(request).SingleOrDefaultAsync(cancellationToken);
        if (IsClaimedBy(proposal, id))
        {
            return (VerdictKind.Execute, []);
        }

        if (proposal is { State: ProposalState.AwaitingSecond } && proposal.RequestId == id)
        {
            return (null, [Emission.Redraw(incident.Id, incident.Revision, incident.Version)]);
        }

        var verdict = ApprovalPolicy.Decide(new Click(request, proposal, proposal?.Action().Target, incident, person, now), options.Value);
        var emissions = await ApplyAsync(verdict, request, id, incident, proposal, now, cancellationToken);
        await store.SaveChangesAsync(cancellationToken);
        await store.NoteClickAsync(request, id, proposal, verdict, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Log.Decided(logger, request.ProposalId, request.Verb, request.RequestedBy, verdict.Kind, verdict.Refusal);
        return (verdict.Kind, emissions);
    }

    private async Task<IReadOnlyList<Emission>> ApplyAsync(
        Verdict verdict, RemediationRequested request, Guid id, Incident incident, Proposal? proposal, DateTimeOffset now, CancellationToken cancellationToken)
    {
        switch (verdict.Kind)
        {
            case VerdictKind.Refuse:
                if (verdict.Refusal is Refusal.Expired or Refusal.Stale)
                {
                    await records.OweProposalsAsync(incident.Id, now, cancellationToken);
                }

                return [records.Add(id, Completed(request, id, RemediationOutcome.Refused, verdict.Text, now) with { ForRequesterOnly = true })];
            case VerdictKind.Preview:
                var diff = proposal!.Diff ?? "It only reads; nothing would change.";
                return
                [
                    records.Add(id, Completed(request, id, RemediationOutcome.Applied, $"{proposal.Title}: previewed.", now) with
                    {
                        Reply = proposal.Caution is { } caution ? $"{diff}\n\n{caution}" : diff,
                        ReplyTitle = $"Diff of \"{proposal.Title}\"",
                    }),
                ];
            case VerdictKind.AwaitSecond:
                (proposal!.State, proposal.RequestedBy, proposal.RequestedAt, proposal.RequestId) = (ProposalState.AwaitingSecond, request.RequestedBy, now, id);
                proposal.Progress = "waiting for a second approver";
                proposal.Trace();
                await records.RaiseAsync(incident.Id, now, cancellationToken);
                return [Emission.Redraw(incident.Id, incident.Revision, incident.Version + 1)];
            case VerdictKind.Execute:
                (proposal!.ApprovedBy, proposal.RequestedBy) = proposal.State == ProposalState.AwaitingSecond ? (request.RequestedBy, proposal.RequestedBy) : (null, request.RequestedBy);
                proposal.RequestedAt = now;
                proposal.Claim(ProposalState.Claimed, id, now + Executor.Lease, now + Executor.GiveUpAfter);
                await records.RaiseAsync(incident.Id, now, cancellationToken);
                return [];
            case VerdictKind.Undo:
                proposal!.UndoneBy = request.RequestedBy;
                proposal.Claim(ProposalState.Undoing, id, now + Executor.Lease, now + Executor.GiveUpAfter);
                await records.RaiseAsync(incident.Id, now, cancellationToken);
                return [];
            default:
                return [];
        }
    }

    private async Task<IReadOnlyList<Emission>> ReadAsync(RemediationRequested request, Guid id, Proposal proposal, CancellationToken cancellationToken)
    {
        var completed = await ReadAsync(request, id, proposal, time.GetUtcNow().InMicroseconds(), cancellationToken);
        await using var transaction = await records.BeginAsync(request.IncidentId, cancellationToken);
        if (await records.FindAsync(id, cancellationToken) is { } recorded)
        {
            return [recorded];
        }

        var emission = records.Add(id, completed);
        await store.SaveChangesAsync(cancellationToken);
        await store.NoteReadAsync(request, id, proposal, completed, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return [emission];
    }

    private async Task<RemediationCompleted> ReadAsync(
        RemediationRequested request, Guid id, Proposal proposal, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await ((IReading)ActionCatalogue.Find(proposal.Kind)!).ReadAsync(proposal, tools, cancellationToken);
            return Completed(request, id, RemediationOutcome.Applied, $"{proposal.Title}: read.", now) with { Reply = reply.Text, ReplyTitle = reply.Title };
        }
        catch (Exception e) when (ClusterRefusal.IsOutage(e, cancellationToken))
        {
            return Completed(request, id, RemediationOutcome.Failed, "The Kubernetes API does not answer. Try again in a minute.", now) with { ForRequesterOnly = true };
        }
    }

    private static RemediationCompleted Completed(RemediationRequested request, Guid id, RemediationOutcome outcome, string reason, DateTimeOffset now) =>
        new(request.IncidentId, request.ProposalId, outcome, reason, Change: null, request.RequestedBy, now, id);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Proposal {ProposalId}, {Verb} by {Person}: {Verdict} {Refusal}")]
        public static partial void Decided(ILogger logger, Guid proposalId, RemediationVerb verb, string person, VerdictKind verdict, Refusal? refusal);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Proposal {ProposalId}, requested by {Person}: its incident does not exist")]
        public static partial void NoIncident(ILogger logger, Guid proposalId, string person);
    }
}
