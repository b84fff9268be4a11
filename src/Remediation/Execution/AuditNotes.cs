using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Incidents.Audit;
using AlertResponder.Remediation.Actions;
using AlertResponder.Remediation.Cluster;
using AlertResponder.Remediation.Policy;

namespace AlertResponder.Remediation.Execution;

/// <summary>What goes into the audit trail, in the transaction of what it tells.</summary>
internal static class AuditNotes
{
    /// <summary>The actor of what nobody asked for.</summary>
    private const string Ourselves = "alert-responder";

    /// <summary>A click and what was decided. A click that only reads is noted when it has been answered.</summary>
    public static Task NoteClickAsync(
        this IncidentsContext store, RemediationRequested request, Guid requestId, Proposal? proposal, Verdict verdict, DateTimeOffset now, CancellationToken cancellationToken)
    {
        AuditStep? step = verdict.Kind switch
        {
            VerdictKind.Refuse => AuditStep.Refused,
            VerdictKind.Preview => AuditStep.Shown,
            VerdictKind.Execute when proposal?.ApprovedBy is not null => AuditStep.Approved,
            VerdictKind.Execute or VerdictKind.AwaitSecond or VerdictKind.Undo => AuditStep.Requested,
            _ => null,
        };
        var reason = verdict.Kind switch
        {
            VerdictKind.Refuse => $"{verdict.Refusal}: {verdict.Text}",
            VerdictKind.Undo => "undo",
            VerdictKind.AwaitSecond => "a second person must approve",
            _ => null,
        };
        return step is { } taken
            ? store.AppendAsync(
                Record(MessageIds.For("audit/click", requestId), taken, now, request.IncidentId, request.ProposalId, proposal, request.RequestedBy, request.Channel, reason),
                cancellationToken)
            : Task.CompletedTask;
    }

    /// <summary>Something was read for a person.</summary>
    public static Task NoteReadAsync(
        this IncidentsContext store, RemediationRequested request, Guid requestId, Proposal proposal, RemediationCompleted completed, CancellationToken cancellationToken) => store.AppendAsync(
            Record(
                MessageIds.For("audit/read", requestId),
                completed.Outcome == RemediationOutcome.Applied ? AuditStep.Shown : AuditStep.Failed,
                completed.CompletedAt, request.IncidentId, request.ProposalId, proposal, request.RequestedBy, request.Channel,
                completed.Outcome == RemediationOutcome.Applied ? null : completed.Reason),
            cancellationToken);

    /// <summary>How what was claimed by a request, or verified by ourselves, has ended.</summary>
    /// <param name="store">The store.</param>
    /// <param name="recordId">Of the record that this belongs to.</param>
    /// <param name="proposal">What was carried out.</param>
    /// <param name="completed">How it ended.</param>
    /// <param name="byItself">Whether nobody asked for it now.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static Task NoteOutcomeAsync(
        this IncidentsContext store, Guid recordId, Proposal proposal, RemediationCompleted completed, bool byItself, CancellationToken cancellationToken)
    {
        var step = completed.Outcome switch
        {
            RemediationOutcome.Applied => AuditStep.Applied,
            RemediationOutcome.Undone => AuditStep.Undone,
            RemediationOutcome.Verified => AuditStep.Verified,
            RemediationOutcome.Ineffective => AuditStep.Ineffective,
            _ => AuditStep.Failed,
        };
        var record = Record(
            MessageIds.For("audit/outcome", recordId), step, completed.CompletedAt, proposal.IncidentId, proposal.Id, proposal,
            byItself ? Ourselves : completed.RequestedBy, channel: null, completed.Reason);
        if (step is AuditStep.Applied or AuditStep.Undone && proposal.Diff is { } diff)
        {
            var (before, after) = ObjectDiff.Sides(diff);
            record = step == AuditStep.Undone ? record with { Before = after, After = before } : record with { Before = before, After = after };
        }

        return store.AppendAsync(record, cancellationToken);
    }

    private static AuditRecord Record(
        Guid id, AuditStep step, DateTimeOffset at, Guid incidentId, Guid proposalId, Proposal? proposal, string actor, string? channel, string? reason)
    {
        var target = proposal?.Action().Target;
        return new AuditRecord(
            id, at, step, incidentId, proposalId, actor, channel,
            proposal?.Kind ?? "unknown",
            target is null ? "unknown" : string.Join('/', new[] { target.Kind, target.Namespace, target.Name }.Where(part => !string.IsNullOrEmpty(part))),
            reason);
    }
}
