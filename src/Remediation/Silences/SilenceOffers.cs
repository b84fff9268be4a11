using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Remediation.Actions;
using AlertResponder.Remediation.Proposals;
using Microsoft.EntityFrameworkCore;

namespace AlertResponder.Remediation.Silences;

/// <summary>The silences that an incident is offered while it is open and not silenced, whatever is wrong with it.</summary>
internal sealed class SilenceOffers(IncidentsContext store, Preparer preparer, Silencer silencer)
{
    // What matches more of them would be a pattern that nobody can read.
    public const int MostAlerts = 500;

    public async Task<IReadOnlyList<(SuggestedAction Suggested, Draft Draft)>> DraftAsync(Incident incident, CancellationToken cancellationToken)
    {
        if (incident.ResolvedAt is not null || silencer.Address(incident.ExternalUrl) is null || await IsSilencedAsync(incident.Id, cancellationToken))
        {
            return [];
        }

        var firing = await store.Alerts.AsNoTracking().Where(a => a.IncidentId == incident.Id && a.Status == AlertStatus.Firing)
            .OrderBy(a => a.StartsAt).ThenBy(a => a.Fingerprint).Take(MostAlerts + 1).ToListAsync(cancellationToken);
        if (firing.Count is 0 or > MostAlerts)
        {
            return [];
        }

        IReadOnlyList<Alert> alerts = firing.ConvertAll(alert => alert.ToAlert());
        List<(SuggestedAction, Draft)> drafts = [];
        foreach (var offer in SilenceAlerts.Offers(incident))
        {
            if (await preparer.PrepareAsync(new Situation(offer, []) { Alerts = alerts, ExternalUrl = incident.ExternalUrl }, cancellationToken) is { } draft)
            {
                drafts.Add((offer, draft));
            }
        }

        return drafts;
    }

    private Task<bool> IsSilencedAsync(Guid incidentId, CancellationToken cancellationToken) => store.Proposals.AnyAsync(
        p => p.IncidentId == incidentId && p.Kind == SilenceAlerts.Name
            && (p.State == ProposalState.Claimed || p.State == ProposalState.Applied || p.State == ProposalState.RollingOut || p.State == ProposalState.Undoing),
        cancellationToken);
}
