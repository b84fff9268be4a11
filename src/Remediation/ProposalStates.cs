using AlertResponder.Contracts;
using AlertResponder.Incidents;

namespace AlertResponder.Remediation;

/// <summary>What happens to a proposal.</summary>
internal static class ProposalStates
{
    /// <summary>It ends: nothing more happens to it by itself.</summary>
    public static void End(this Proposal proposal, ProposalState state, string progress, DateTimeOffset now)
    {
        (proposal.State, proposal.Progress, proposal.EndedAt) = (state, progress, now);
        (proposal.DueAt, proposal.DeadlineAt) = (null, null);
    }

    /// <summary>A worker has it until <paramref name="until"/>; then another one looks.</summary>
    public static void Claim(this Proposal proposal, ProposalState state, Guid requestId, DateTimeOffset until, DateTimeOffset giveUpAt)
    {
        (proposal.State, proposal.Progress, proposal.EndedAt) = (state, null, null);
        (proposal.RequestId, proposal.DueAt, proposal.DeadlineAt) = (requestId, until, giveUpAt);
        proposal.Trace();
    }

    /// <summary>What comes of the proposal from now on belongs to the click under way, which has to do with the one before it.</summary>
    public static void Trace(this Proposal proposal)
    {
        Traces.Link(proposal.Traceparent);
        proposal.Traceparent = Traces.Current;
    }
}
