using System.Globalization;
using AlertResponder.Contracts;
using AlertResponder.Incidents;

namespace AlertResponder.Remediation.Policy;

/// <summary>Decides a click. Pure; names its refusal.</summary>
internal static class ApprovalPolicy
{
    public static Verdict Decide(Click click, RemediationOptions options)
    {
        if (!options.Enabled)
        {
            return Verdict.Refuse(Refusal.RemediationOff, "Remediation is off. Set Remediation:Enabled and list the namespace in Remediation:Namespaces to opt in.");
        }

        if (click is not { Proposal: { } proposal, Target: { } target })
        {
            return Verdict.Refuse(Refusal.NoSuchProposal, "There is no such proposal (any more). Use a button of the incident's present message.");
        }

        if (target.Kind != Subject.AlertKind && !OptIn.IsOfCluster(click.Incident.Subject(), options))
        {
            return Verdict.Refuse(
                Refusal.OtherCluster,
                $"Not done: the incident is of cluster {click.Incident.SubjectCluster}, and {(options.Cluster is { } connected ? $"{connected} is connected" : "Kubernetes:ClusterName does not say that this one is connected")}.");
        }

        if (OptIn.Missing(target, options) is { } missing)
        {
            return Verdict.Refuse(Refusal.NotOptedIn, $"Not done: {missing}.");
        }

        if (click.Request.SourceChannelId is { } source && click.Incident.MessageChannel is { } channel && source != channel)
        {
            return Verdict.Refuse(Refusal.WrongChannel, "This button belongs to another channel. Click it in the incident's own message.");
        }

        var isReading = proposal.Risk == RiskClass.ReadOnly || click.Request.Verb == RemediationVerb.Preview;
        return PersonRefusal(click, proposal, target, isReading, options) ?? click.Request.Verb switch
        {
            RemediationVerb.Preview => new Verdict(VerdictKind.Preview),
            RemediationVerb.Undo => Undo(proposal),
            _ when isReading => new Verdict(VerdictKind.Read),
            _ => Execute(click, proposal, options),
        };
    }

    /// <summary>The entry by which a person's own rights in Kubernetes are asked; null when they are not.</summary>
    public static ApproverOptions? Mapping(string person, RemediationOptions options) =>
        options.Approvers.FirstOrDefault(approver => approver.User == person && approver.KubernetesUser is not null);

    private static Verdict? PersonRefusal(Click click, Proposal proposal, ObjectReference target, bool isReading, RemediationOptions options)
    {
        if (options.Approvers.Count == 0)
        {
            return Verdict.Refuse(Refusal.NoApprovers, "Nobody may approve: Remediation:Approvers is empty. List Slack users or user groups there.");
        }

        var person = click.Request.RequestedBy;
        var entries = options.Approvers.Where(approver => approver.User == person || (approver.Group is { } group && click.Person.Groups.Contains(group))).ToList();
        var here = entries.Where(approver => approver.Namespaces.Count == 0 || (target.Namespace is { } ns && approver.Namespaces.Contains(ns, StringComparer.Ordinal))).ToList();
        if (here.Exists(approver => isReading || approver.Risks.Count == 0 || approver.Risks.Contains(proposal.Risk.ToString(), StringComparer.OrdinalIgnoreCase)))
        {
            return click.Person.Rights switch
            {
                KubernetesRights.Denied => Verdict.Refuse(Refusal.KubernetesForbids, $"Your Kubernetes user may not {click.Person.Missing}. Ask somebody who may."),
                KubernetesRights.Unknown => Verdict.Refuse(Refusal.KubernetesUnknown, "Kubernetes could not be asked about your rights. Try again in a minute."),
                _ => null,
            };
        }

        if (click.Person.GroupsUnknown)
        {
            return Verdict.Refuse(Refusal.GroupsUnknown, "The members of the approvers' user groups could not be read. Try again in a minute.");
        }

        return entries.Count == 0
            ? Verdict.Refuse(Refusal.Stranger, "You are not among the approvers (Remediation:Approvers). Ask one of them.")
            : here.Count == 0
                ? Verdict.Refuse(Refusal.OtherNamespace, $"You may not approve {(target.Namespace is { } ns ? $"in the namespace {ns}" : $"for a {target.Kind}")}. Ask somebody who may.")
                : Verdict.Refuse(Refusal.OtherRisk, $"You may not approve actions of the class {proposal.Risk}. Ask somebody who may.");
    }

    private static Verdict Execute(Click click, Proposal proposal, RemediationOptions options) => proposal.State switch
    {
        ProposalState.Offered or ProposalState.AwaitingSecond when click.Incident.ResolvedAt is not null =>
            Verdict.Refuse(Refusal.Recovered, "The incident is resolved: there is nothing to mend."),
        ProposalState.Offered or ProposalState.AwaitingSecond when proposal.ExpiresAt <= click.Now =>
            Verdict.Refuse(Refusal.Expired, $"This proposal expired at {proposal.ExpiresAt.ToString("HH:mm", CultureInfo.InvariantCulture)} UTC. A fresh one comes into the message; look at it and click again."),
        ProposalState.Offered when options.TwoPersonRule && proposal.Risk == RiskClass.Destructive => new Verdict(VerdictKind.AwaitSecond),
        ProposalState.AwaitingSecond when proposal.RequestedBy == click.Request.RequestedBy =>
            Verdict.Refuse(Refusal.SecondMissing, "You have requested this; a second approver must click, too."),
        ProposalState.Offered or ProposalState.AwaitingSecond => new Verdict(VerdictKind.Execute),
        ProposalState.Expired or ProposalState.Stale =>
            Verdict.Refuse(Refusal.Stale, $"This proposal is out of date{(proposal.Progress is { } why ? $": {why}" : "")}. Use a button of the incident's present message."),
        ProposalState.Claimed or ProposalState.Applied or ProposalState.RollingOut or ProposalState.Undoing =>
            Verdict.Refuse(Refusal.UnderWay, "This is under way."),
        _ => Verdict.Refuse(Refusal.Done, $"This was requested before: {proposal.Progress ?? proposal.State.ToString()}."),
    };

    private static Verdict Undo(Proposal proposal) => proposal.State switch
    {
        ProposalState.Undoing => Verdict.Refuse(Refusal.UnderWay, "This is being undone."),
        ProposalState.Undone => Verdict.Refuse(Refusal.Done, "This is undone."),
        ProposalState.Applied or ProposalState.RollingOut or ProposalState.Verified or ProposalState.Ineffective when proposal.UndoJson is not null =>
            new Verdict(VerdictKind.Undo),
        _ => Verdict.Refuse(Refusal.NothingToUndo, "There is nothing to undo."),
    };
}
