using AlertResponder.Contracts;
using AlertResponder.Incidents;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AlertResponder.Remediation;

/// <summary>Answers requests, each once: what is recorded is answered with the record.</summary>
internal sealed partial class RemediationDesk(
    IncidentsContext store, IOptions<RemediationOptions> options, TimeProvider time, ILogger<RemediationDesk> logger)
{
    /// <returns>The answer, or null when the incident does not exist (any more).</returns>
    public async Task<RemediationCompleted?> AnswerAsync(RemediationRequested request, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginIncident(request.IncidentId);
        var id = RequestId(request);
        await using var transaction = await store.BeginExclusiveAsync($"incident/{request.IncidentId}", cancellationToken);
        if (await store.Remediations.AsNoTracking().SingleOrDefaultAsync(entry => entry.Id == id, cancellationToken) is { } recorded)
        {
            return StoredJson.Read<RemediationCompleted>(recorded.Json);
        }

        var completed = new RemediationCompleted(
            request.IncidentId,
            request.ProposalId,
            RemediationOutcome.Refused,
            RemediationRule.Refusal(options.Value),
            Change: null,
            request.RequestedBy,
            time.GetUtcNow());
        var driveAt = completed.CompletedAt + StallRule.StalledAfter;
        var found = await store.Incidents.Where(i => i.Id == request.IncidentId).ExecuteUpdateAsync(
            set => set.SetProperty(i => i.Version, i => i.Version + 1).SetProperty(i => i.DriveAt, driveAt).SetProperty(i => i.Drives, 0),
            cancellationToken);
        if (found == 0)
        {
            Log.NoIncident(logger, request.ProposalId, request.RequestedBy);
            return null;
        }

        store.Remediations.Add(new RemediationEntry
        {
            Id = id,
            IncidentId = request.IncidentId,
            CompletedAt = completed.CompletedAt,
            Json = StoredJson.Write(completed),
        });
        await store.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Log.Answered(logger, request.ProposalId, request.RequestedBy, completed.Outcome, completed.Reason);
        return completed;
    }

    /// <summary>The same click, the same id.</summary>
    public static Guid RequestId(RemediationRequested request) => MessageIds.For(
        nameof(RemediationRequested), request.IncidentId, request.ProposalId, request.Verb, request.RequestedBy, request.RequestedAt.UtcTicks);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Proposal {ProposalId}, requested by {Person}: {Outcome}, {Reason}")]
        public static partial void Answered(ILogger logger, Guid proposalId, string person, RemediationOutcome outcome, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Proposal {ProposalId}, requested by {Person}: its incident does not exist")]
        public static partial void NoIncident(ILogger logger, Guid proposalId, string person);
    }
}
