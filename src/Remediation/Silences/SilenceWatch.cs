using AlertResponder.Connections.Alertmanager;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Incidents.Work;
using AlertResponder.Remediation.Actions;
using AlertResponder.Remediation.Cluster;
using AlertResponder.Remediation.Execution;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AlertResponder.Remediation.Silences;

/// <summary>
/// Looks after our silences: moves the end of those that last until their incident is resolved, lifts them then, and has silenced alerts compared with the
/// Alertmanager that they are silenced in. All from stored state; several processes do no harm.
/// </summary>
internal sealed partial class SilenceWatch(
    IServiceScopeFactory scopes, Silencer silencer, IOptions<RemediationOptions> options,
    [FromKeyedServices(StoreTime.Key)] TimeProvider time, ILogger<SilenceWatch> logger) : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private const int BatchSize = 200;

    private readonly WorkRounds rounds = new(scopes, time, logger);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        await Task.Delay(Interval, time, stoppingToken);
        await rounds.RepeatAsync("silences", Interval, new WakeUp(), LookAsync, stoppingToken);
    }

    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        await rounds.RunAsync(
            new OwedWork<Kept>("silences", kept => kept.Proposal.Id, KeptAsync, ClaimAsync: null, (services, kept, token) => KeepAsync(services.GetRequiredService<IncidentsContext>(), kept, token)),
            cancellationToken);
        await rounds.RunAsync(
            new OwedWork<Offer>("offers of silences", offer => offer.IncidentId, OffersAsync, ClaimAsync: null, OutdateAsync), cancellationToken);
    }

    private static async Task<List<Offer>> OffersAsync(IncidentsContext store, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var offers = from incident in store.Incidents
                     where incident.ResolvedAt == null && incident.ProposedRevision != IncidentProgress.ProposalsOwed
                     join proposal in store.Proposals on incident.Id equals proposal.IncidentId
                     where proposal.Kind == SilenceAlerts.Name && proposal.State == ProposalState.Offered
                     select new Offer(incident.Id, proposal.PreconditionJson!);
        return [.. (await offers.ToListAsync(cancellationToken)).DistinctBy(offer => offer.IncidentId)];
    }

    // They were made for the alerts that fired then. What is owed already waits for its time. Beyond the most that a silence is offered for it does not matter how many there are.
    private async Task OutdateAsync(IServiceProvider services, Offer offer, CancellationToken cancellationToken)
    {
        var firing = await services.GetRequiredService<IncidentsContext>().Alerts.Where(a => a.IncidentId == offer.IncidentId && a.Status == AlertStatus.Firing)
            .Take(SilenceOffers.MostAlerts + 1).Select(a => a.Fingerprint).ToListAsync(cancellationToken);
        if (!StoredJson.Read<SilencePlan>(offer.PreconditionJson).Fingerprints.ToHashSet(StringComparer.Ordinal).SetEquals(firing))
        {
            await services.GetRequiredService<ProposalRecords>().OweProposalsAsync(offer.IncidentId, time.GetUtcNow(), cancellationToken);
        }
    }

    // Those in force; and, while their incident is open, those that have ended, until they have been looked at once more: an alert may have
    // been resolved before the end, and nobody tells.
    private static async Task<List<Kept>> KeptAsync(IncidentsContext store, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var active = store.Proposals.AsNoTracking().Where(p => p.DueAt != null && p.Kind == SilenceAlerts.Name && (p.State == ProposalState.Applied || p.State == ProposalState.RollingOut));
        var ended = from incident in store.Incidents.AsNoTracking()
                    where incident.ResolvedAt == null
                    join proposal in store.Proposals.AsNoTracking() on incident.Id equals proposal.IncidentId
                    where proposal.Kind == SilenceAlerts.Name && proposal.State == ProposalState.Undone && proposal.UndoJson != null
                    select proposal;
        var proposals = await active.Take(BatchSize).ToListAsync(cancellationToken);
        proposals.AddRange(await ended.Take(BatchSize).ToListAsync(cancellationToken));
        var ids = proposals.ConvertAll(p => p.IncidentId);
        var open = await store.Incidents.Where(i => ids.Contains(i.Id) && i.ResolvedAt == null).Select(i => i.Id).ToListAsync(cancellationToken);
        return proposals.ConvertAll(proposal => new Kept(proposal, open.Contains(proposal.IncidentId)));
    }

    private async Task KeepAsync(IncidentsContext store, Kept kept, CancellationToken cancellationToken)
    {
        try
        {
            await LookAfterAsync(store, kept, cancellationToken);
        }
        catch (Exception e) when (ClusterRefusal.IsOutage(e, cancellationToken))
        {
            Log.NoAnswer(logger, kept.Proposal.Id, e.GetType().Name);
        }
    }

    private async Task LookAfterAsync(IncidentsContext store, Kept kept, CancellationToken cancellationToken)
    {
        var (proposal, isOpen) = kept;
        var plan = StoredJson.Read<SilencePlan>(proposal.PreconditionJson!);
        var own = silencer.Address(plan.ExternalUrl) is { } known ? await silencer.FindAsync(known, proposal.Id, cancellationToken) : [];
        if (silencer.Address(plan.ExternalUrl) is not { } address || own.Count == 0)
        {
            // What is not ours tells nothing about our alerts.
            await ForgetAsync(store, proposal, cancellationToken);
            return;
        }

        var now = time.GetUtcNow();
        var active = own.FirstOrDefault(silence => !silence.IsOver);
        if (isOpen)
        {
            await NoteWhoseAsync(store, proposal, plan, now, cancellationToken);
            if (active is null)
            {
                await ForgetAsync(store, proposal, cancellationToken);
            }
        }

        var length = SilenceAlerts.LengthOf(proposal.Action());
        if (active is null || !length.UntilResolved)
        {
            return;
        }

        if (!isOpen)
        {
            await silencer.LiftAsync(address, proposal.Id, cancellationToken);
            Log.Lifted(logger, proposal.Id);
        }
        else if (active.EndsAt < now + (length.Span / 2) && now + length.Span < proposal.AppliedAt + SilenceLength.Longest)
        {
            await silencer.ExtendAsync(address, active, now + length.Span, cancellationToken);
            Log.Extended(logger, proposal.Id, now + length.Span);
        }
    }

    // No webhook tells of the end of a silenced alert, so that the comparison has to find it out, also of one that was over before the first comparison:
    // an Alertmanager that has our silence is the one that it is compared with.
    private static Task<int> NoteWhoseAsync(IncidentsContext store, Proposal proposal, SilencePlan plan, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (since, fingerprints) = (now.InMicroseconds(), plan.Fingerprints);
        return store.Alerts.Where(a => a.IncidentId == proposal.IncidentId && a.Status == AlertStatus.Firing && a.ListedAt == null && fingerprints.Contains(a.Fingerprint))
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.ListedAt, since), cancellationToken);
    }

    // One that has ended and was looked at is not looked at again. One in force stays with the watch of its proposal.
    private static Task<int> ForgetAsync(IncidentsContext store, Proposal proposal, CancellationToken cancellationToken) => store.Proposals
        .Where(p => p.Id == proposal.Id && p.State == ProposalState.Undone)
        .ExecuteUpdateAsync(set => set.SetProperty(p => p.UndoJson, (string?)null), cancellationToken);

    private sealed record Offer(Guid IncidentId, string PreconditionJson);

    private sealed record Kept(Proposal Proposal, bool IsOpen);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Proposal {ProposalId}: its incident is resolved, the silence is lifted")]
        public static partial void Lifted(ILogger logger, Guid proposalId);

        [LoggerMessage(Level = LogLevel.Information, Message = "Proposal {ProposalId}: the silence lasts until {Until:O}")]
        public static partial void Extended(ILogger logger, Guid proposalId, DateTimeOffset until);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Proposal {ProposalId}: Alertmanager does not answer ({Failure}); trying again")]
        public static partial void NoAnswer(ILogger logger, Guid proposalId, string failure);
    }
}
