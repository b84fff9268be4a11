using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Remediation.Actions;
using AlertResponder.Remediation.Actions.Read;
using AlertResponder.Remediation.Cluster;
using AlertResponder.Remediation.Execution;
using AlertResponder.Remediation.Silences;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using k8s.Autorest;

namespace AlertResponder.Remediation.Proposals;

/// <summary>
/// Brings an incident's offers in line with its latest analysis and the cluster as it is now: what is offered already stays, what is no
/// longer possible goes. Doing so again changes nothing.
/// </summary>
internal sealed partial class ProposalDesk(
    IncidentsContext store,
    ProposalRecords records,
    Preparer preparer,
    SilenceOffers silenceOffers,
    ClusterObjects cluster,
    IOptions<RemediationOptions> options,
    [FromKeyedServices(StoreTime.Key)] TimeProvider time,
    ILogger<ProposalDesk> logger)
{
    /// <returns>What to publish; null when there is nothing to offer, or not now.</returns>
    public async Task<Emission?> ProposeAsync(Guid incidentId, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginIncident(incidentId);
        var incident = await store.Incidents.AsNoTracking().SingleOrDefaultAsync(i => i.Id == incidentId, cancellationToken);
        if (!options.Value.Enabled || incident?.AnalysisJson is not { } json)
        {
            return null;
        }

        var analysis = StoredJson.Read<AnalysisCompleted>(json);
        var silences = await silenceOffers.DraftAsync(incident, cancellationToken);
        try
        {
            var drafts = cluster.Exists ? await DraftAsync(incident, analysis, cancellationToken) : [];
            return await OfferAsync(incident, analysis.Revision, [.. drafts, .. silences], isComplete: true, cancellationToken);
        }
        catch (Exception e) when (ClusterRefusal.IsOutage(e, cancellationToken) || e is HttpOperationException)
        {
            // The others stay owed, and are made when the cluster answers again.
            Log.Later(logger, e.GetType().Name);
            return await OfferAsync(incident, analysis.Revision, [.. silences], isComplete: false, cancellationToken);
        }
    }

    private async Task<List<(SuggestedAction Suggested, Draft Draft)>> DraftAsync(Incident incident, AnalysisCompleted analysis, CancellationToken cancellationToken)
    {
        var candidates = ProposalRule.Candidates(incident, analysis, options.Value);
        var kinds = candidates.Select(action => action.Kind).ToList();
        var ineffective = await store.Proposals
            .Where(p => p.SubjectKey == incident.SubjectKey && kinds.Contains(p.Kind) && p.State == ProposalState.Ineffective)
            .Select(p => p.ActionJson).ToListAsync(cancellationToken);
        var underWay = await store.Proposals
            .Where(p => p.IncidentId == incident.Id
                && (p.State == ProposalState.Claimed || p.State == ProposalState.Applied || p.State == ProposalState.RollingOut || p.State == ProposalState.Undoing))
            .Select(p => p.ActionJson).ToListAsync(cancellationToken);
        var tried = ineffective.ConvertAll(StoredJson.Read<SuggestedAction>);
        var busy = underWay.ConvertAll(action => Named(StoredJson.Read<SuggestedAction>(action).Target));
        var evidence = incident.ContextJson is { } context ? StoredJson.Read<ContextEnriched>(context).Evidence : [];
        List<(SuggestedAction, Draft)> drafts = [];
        foreach (var suggested in candidates)
        {
            var changes = ActionCatalogue.Find(suggested.Kind) is IChange;
            if (changes && ProposalRule.IsTriedOut(suggested, tried))
            {
                Log.TriedOut(logger, suggested.Kind, suggested.Target);
            }
            else if ((!changes || !busy.Contains(Named(suggested.Target))) && await preparer.PrepareAsync(new Situation(suggested, evidence), cancellationToken) is { } draft)
            {
                drafts.Add((suggested, draft));
            }
        }

        return drafts;
    }

    private async Task<Emission?> OfferAsync(
        Incident seen, int revision, List<(SuggestedAction Suggested, Draft Draft)> drafts, bool isComplete, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().InMicroseconds();
        await using var transaction = await records.BeginAsync(seen.Id, cancellationToken);
        var incident = await store.Incidents.AsNoTracking().SingleAsync(i => i.Id == seen.Id, cancellationToken);
        if (incident.AnalysisJson != seen.AnalysisJson)
        {
            // Its own message, or the watch, brings the newer one here.
            return null;
        }

        var known = await store.Proposals.Where(p => p.IncidentId == seen.Id).ToDictionaryAsync(p => p.Id, cancellationToken);
        var offered = drafts.Select((draft, position) => Offer(incident, revision, position, draft.Suggested, draft.Draft, known, now)).ToList();
        foreach (var outdated in known.Values.Except(offered).Where(p => (isComplete || p.Kind == SilenceAlerts.Name) && IsOutdated(p, now)))
        {
            outdated.End(outdated.ExpiresAt <= now ? ProposalState.Expired : ProposalState.Stale, "a newer diagnosis or a change of the object has replaced it", now);
        }

        var hasChanged = store.ChangeTracker.HasChanges();
        if (!hasChanged && !isComplete)
        {
            return null;
        }

        await store.SaveChangesAsync(cancellationToken);
        var rise = hasChanged ? 1 : 0;

        // Unless they have been owed anew while these were made, or the watch is making them, too.
        var isLast = isComplete && incident.ProposeAt == seen.ProposeAt;
        var proposed = isLast ? revision : incident.ProposedRevision;
        var driveAt = hasChanged ? now + IncidentProgress.StalledAfter : incident.DriveAt;
        var (again, tries) = isLast ? (null, null) : (incident.ProposeAt, incident.ProposeTries);
        await store.Incidents.Where(i => i.Id == seen.Id).ExecuteUpdateAsync(
            set => set
                .SetProperty(i => i.ProposedRevision, proposed)
                .SetProperty(i => i.ProposeAt, again)
                .SetProperty(i => i.ProposeTries, tries)
                .SetProperty(i => i.Version, i => i.Version + rise)
                .SetProperty(i => i.DriveAt, driveAt),
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Log.Offered(logger, offered.Count, revision);
        return new Emission(
            MessageIds.For(seen.Id, nameof(RemediationProposed), revision, incident.Version + rise),
            new RemediationProposed(seen.Id, revision, [.. offered.Where(p => p.State == ProposalState.Offered).Select(ToMessage)]));
    }

    private static bool IsOutdated(Proposal proposal, DateTimeOffset now) =>
        proposal.State == ProposalState.Offered || (proposal.State == ProposalState.AwaitingSecond && proposal.ExpiresAt <= now);

    // The same action on the same object in the same state is the same proposal, until that has ended: then it is one more.
    private Proposal Offer(
        Incident incident, int revision, int position, SuggestedAction suggested, Draft draft, Dictionary<Guid, Proposal> known, DateTimeOffset now)
    {
        var action = ActionCatalogue.Find(suggested.Kind)!;
        var parameters = draft.Parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        for (var turn = 0; ; turn++)
        {
            var id = MessageIds.For(incident.Id, revision, action.Kind, draft.Target, StoredJson.Write(parameters), draft.Basis, turn);
            if (!known.TryGetValue(id, out var existing))
            {
                var proposal = new Proposal
                {
                    Id = id,
                    IncidentId = incident.Id,
                    Revision = revision,
                    Position = position,
                    SubjectKey = incident.SubjectKey,
                    Kind = action.Kind,
                    ActionJson = StoredJson.Write(new SuggestedAction(action.Kind, draft.Target, parameters, suggested.EvidenceIds)),
                    Title = draft.Title,
                    Risk = action.Risk,
                    Diff = draft.Diff.Count == 0 ? null : ReplyText.Head(string.Join('\n', draft.Diff)),
                    ShortDiff = draft.Diff.Count == 0 ? null : ObjectDiff.Short(draft.Diff),
                    Caution = draft.Caution,
                    PreconditionJson = draft.PreconditionJson,
                    UndoJson = draft.Undo?.Invoke(id),
                    CreatedAt = now,
                    ExpiresAt = now + TimeSpan.FromMinutes(options.Value.ExpiryMinutes),
                };
                store.Proposals.Add(proposal);
                return proposal;
            }

            if (existing.State == ProposalState.Offered && existing.ExpiresAt <= now)
            {
                existing.End(ProposalState.Expired, "nobody requested it in time", now);
            }
            else if (existing.State is ProposalState.Offered or ProposalState.AwaitingSecond && existing.ExpiresAt > now)
            {
                return existing;
            }
        }
    }

    private static string Named(ObjectReference target) => (target with { Container = null, Uid = null }).ToString();

    private static RemediationProposal ToMessage(Proposal proposal) => new(proposal.Id, proposal.Action(), proposal.Diff, proposal.Risk, proposal.ExpiresAt);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Count} proposals for revision {Revision}")]
        public static partial void Offered(ILogger logger, int count, int revision);

        [LoggerMessage(Level = LogLevel.Information, Message = "{Action} on {Target} is not offered: it has not helped twice")]
        public static partial void TriedOut(ILogger logger, string action, ObjectReference target);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The cluster does not answer ({Failure}); proposals are made later")]
        public static partial void Later(ILogger logger, string failure);
    }
}
