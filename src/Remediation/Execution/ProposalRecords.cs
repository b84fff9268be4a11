using AlertResponder.Contracts;
using AlertResponder.Incidents;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AlertResponder.Remediation.Execution;

/// <summary>What requests came to, each recorded once and emitted again from the record.</summary>
internal sealed class ProposalRecords(IncidentsContext store)
{
    /// <summary>Begins a transaction on an incident that sees everything as it is in the store now, also what this scope has read before.</summary>
    public Task<IDbContextTransaction> BeginAsync(Guid incidentId, CancellationToken cancellationToken)
    {
        store.ChangeTracker.Clear();
        return store.BeginExclusiveAsync($"incident/{incidentId}", cancellationToken);
    }

    /// <summary>The record's message; null when there is none by this id.</summary>
    public async Task<Emission?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var entry = await store.Remediations.AsNoTracking().SingleOrDefaultAsync(entry => entry.Id == id, cancellationToken);
        return entry is null ? null : Emission.Of(StoredJson.Read<RemediationCompleted>(entry.Json) with { Reply = entry.Reply }, id);
    }

    /// <summary>Records it with the next <see cref="DbContext.SaveChangesAsync(CancellationToken)"/>.</summary>
    public Emission Add(Guid id, RemediationCompleted completed)
    {
        store.Remediations.Add(new RemediationEntry
        {
            Id = id,
            IncidentId = completed.IncidentId,
            CompletedAt = completed.CompletedAt,
            Json = StoredJson.Write(completed with { Reply = null }),
            Reply = completed.Reply,
            ForRequesterOnly = completed.ForRequesterOnly ? true : null,
            Traceparent = Traces.Current,
        });
        return Emission.Of(completed, id);
    }

    /// <summary>The message shows something new: it must be drawn, and is driven if it is not.</summary>
    public Task RaiseAsync(Guid incidentId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var driveAt = now + IncidentProgress.StalledAfter;
        return store.Incidents.Where(i => i.Id == incidentId).ExecuteUpdateAsync(
            set => set.SetProperty(i => i.Version, i => i.Version + 1).SetProperty(i => i.DriveAt, driveAt).SetProperty(i => i.Drives, 0), cancellationToken);
    }

    /// <summary>The incident's offers are made anew, at once. By the time whoever is making some already sees that those are not the last.</summary>
    public Task OweProposalsAsync(Guid incidentId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var proposeAt = now.InMicroseconds();
        return store.Incidents.Where(i => i.Id == incidentId).ExecuteUpdateAsync(
            set => set
                .SetProperty(i => i.ProposedRevision, IncidentProgress.ProposalsOwed)
                .SetProperty(i => i.ProposeAt, proposeAt)
                .SetProperty(i => i.ProposeTries, (int?)null),
            cancellationToken);
    }
}
