using AlertResponder.Incidents;
using AlertResponder.Remediation.Actions;

namespace AlertResponder.Remediation.Verification;

/// <summary>Where an applied proposal stands.</summary>
/// <param name="State">RollingOut, Verified, Ineffective, or Undone where it has ended by itself.</param>
/// <param name="Progress">For people.</param>
/// <param name="NextLook">When it is looked at again; null when it has ended.</param>
/// <param name="Deadline">By when it must be verified.</param>
internal sealed record Standing(ProposalState State, string Progress, DateTimeOffset? NextLook, DateTimeOffset? Deadline);

/// <summary>Judges what came of an applied proposal: it has helped only when the cluster has followed and the alerts are resolved. Pure.</summary>
internal static class VerificationRule
{
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan OftenFor = TimeSpan.FromMinutes(2);

    // A run that has not come after a week is not waited for.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(7);

    /// <param name="seen">How far the cluster has come.</param>
    /// <param name="isResolved">Whether all alerts of the incident are resolved.</param>
    /// <param name="proposal">Applied.</param>
    /// <param name="verifyWithin">How long it may take from when something can be said.</param>
    /// <param name="now">Now.</param>
    public static Standing Judge(Observation seen, bool isResolved, Proposal proposal, TimeSpan verifyWithin, DateTimeOffset now)
    {
        var (appliedAt, deadline) = (proposal.AppliedAt!.Value, proposal.DeadlineAt!.Value);
        if (seen.Stage == ObservedStage.Complete && isResolved)
        {
            return new Standing(ProposalState.Verified, $"verified: {seen.Text}, the alerts are resolved", null, null);
        }

        if (seen.Stage == ObservedStage.Failed)
        {
            return new Standing(ProposalState.Ineffective, $"ineffective: {seen.Text}", null, null);
        }

        if (seen.Stage == ObservedStage.Ended)
        {
            return new Standing(ProposalState.Undone, seen.Text, null, null);
        }

        if (seen.Stage == ObservedStage.Waiting && now < appliedAt + LongestWait)
        {
            return new Standing(ProposalState.RollingOut, seen.Text, now + Seldom, now + verifyWithin);
        }

        if (now >= deadline)
        {
            var why = isResolved ? $"the alerts are resolved, but {seen.Text}" : $"{seen.Text}, and the alerts still fire";
            return new Standing(ProposalState.Ineffective, $"ineffective: {why}", null, null);
        }

        var progress = seen.Stage == ObservedStage.Complete ? $"{seen.Text}; waiting for the alerts to resolve" : seen.Text;
        var look = now + (now - appliedAt < OftenFor ? Often : Seldom);
        return new Standing(ProposalState.RollingOut, progress, look < deadline ? look : deadline, deadline);
    }
}
