using AlertResponder.Contracts;
using AlertResponder.Enrichment.Cluster;
using AlertResponder.Enrichment.Subjects;
using AlertResponder.Incidents;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Enrichment.Correlation;

/// <summary>Resolves with the cluster what was told from names without it, and gives the incident its true subject.</summary>
internal sealed partial class GuessedSubjects(IncidentsContext store, [FromKeyedServices(StoreTime.Key)] TimeProvider time, ILogger<GuessedSubjects> logger)
{
    /// <param name="incident">One whose subject is a guess.</param>
    /// <param name="reads">The cluster, asked anew.</param>
    /// <param name="cancellationToken">Ends it; nothing has happened then.</param>
    /// <returns>What has changed: nothing while the cluster does not answer.</returns>
    public async Task<GuessOutcome> ResolveAsync(Incident incident, ClusterReads reads, CancellationToken cancellationToken)
    {
        var row = await store.Alerts.AsNoTracking().Where(a => a.IncidentId == incident.Id)
            .OrderBy(a => a.Status == AlertStatus.Firing ? 0 : 1).ThenBy(a => a.StartsAt).ThenBy(a => a.Fingerprint).FirstAsync(cancellationToken);
        var subject = await SubjectResolver.ResolveAsync(row.ToAlert(), reads);
        if (reads.ReadAgainAt is not null)
        {
            return new GuessOutcome(IsCertain: false, []);
        }

        var key = SubjectKey.For(subject);
        await using var transaction = await store.BeginExclusiveOfBothAsync(incident.SubjectKey, key, cancellationToken);
        store.ChangeTracker.Clear();
        var present = await store.Incidents.Where(i => i.Id == incident.Id).WithoutJson().SingleAsync(cancellationToken);
        if (present.SubjectIsGuess != true || present.ResolvedAt is not null)
        {
            return new GuessOutcome(IsCertain: false, []);
        }

        store.Attach(present);
        present.SubjectIsGuess = null;
        List<Emission> emissions = [];
        if (key != present.SubjectKey)
        {
            var other = await store.Incidents.Where(i => i.SubjectKey == key && i.ResolvedAt == null).WithoutJson().SingleOrDefaultAsync(cancellationToken);
            Log.Resolved(logger, present.Id, present.Subject(), subject, other?.Id);
            if (other is null)
            {
                Rename(present, subject, key);
            }
            else
            {
                store.Attach(other);
                await ContinueAsync(present, other, cancellationToken);
                emissions.Add(Changed(other, IncidentChange.Joined));
            }

            emissions.Add(Changed(present, other is null ? IncidentChange.Joined : IncidentChange.Resolved));
        }

        await store.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new GuessOutcome(IsCertain: present.ContinuedIn is null, emissions);
    }

    private void Rename(Incident incident, Subject subject, string key)
    {
        (incident.SubjectKey, incident.SubjectKind, incident.SubjectNamespace, incident.SubjectName) = (key, subject.Kind, subject.Namespace, subject.Name);
        Raise(incident, IncidentProgress.LookAgain(incident, time.GetUtcNow()));
    }

    // At most one incident is open per subject: the alerts go to the one that is, and what they tell anew is analysed there.
    private async Task ContinueAsync(Incident guessed, Incident other, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var names = await store.AlertNamesAsync(other.Id, cancellationToken);
        var firing = store.Alerts.Where(a => a.IncidentId == guessed.Id && a.Status == AlertStatus.Firing);
        var kinds = await firing.Select(a => new { a.Name, a.Severity }).Distinct().ToListAsync(cancellationToken);
        var kind = kinds.Find(kind => CorrelationRule.IsNews(kind.Name, kind.Severity, names));
        var news = kind is null ? null : await firing.AsNoTracking().Where(a => a.Name == kind.Name && a.Severity == kind.Severity)
            .OrderBy(a => a.StartsAt).ThenBy(a => a.Fingerprint).FirstAsync(cancellationToken);

        // There may be thousands.
        await store.Alerts.Where(a => a.IncidentId == guessed.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.IncidentId, other.Id).SetProperty(a => a.Revision, 0), cancellationToken);
        if (news is not null)
        {
            other.Revision++;
            await store.Alerts.Where(a => a.Fingerprint == news.Fingerprint && a.StartsAt == news.StartsAt)
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.Revision, other.Revision), cancellationToken);
        }

        // Nobody is about to gather for a new revision but the watchdog.
        Raise(other, news is null ? IncidentProgress.LookAgain(other, now) : now);
        (guessed.ResolvedAt, guessed.ContinuedIn, guessed.EvidenceRetryAt, guessed.ModelRetryAt) = (now, other.Id, null, null);
        Raise(guessed, IncidentProgress.LookAgain(guessed, now));
    }

    private static void Raise(Incident incident, DateTimeOffset driveAt)
    {
        incident.Version++;
        incident.DriveAt = driveAt;
        incident.Drives = 0;
    }

    private static Emission Changed(Incident incident, IncidentChange change) =>
        new(MessageIds.For(incident.Id, nameof(IncidentChanged), incident.Version), new IncidentChanged(incident.Id, incident.Revision, change));

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Incident {IncidentId}: {Guess} was a guess, it is {Subject}, which has incident {Other}")]
        public static partial void Resolved(ILogger logger, Guid incidentId, Subject guess, Subject subject, Guid? other);
    }
}
