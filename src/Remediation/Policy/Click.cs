using AlertResponder.Contracts;
using AlertResponder.Incidents;

namespace AlertResponder.Remediation.Policy;

/// <summary>All that decides what becomes of a click.</summary>
/// <param name="Request">The click.</param>
/// <param name="Proposal">What was clicked on; null when there is no such proposal of the incident.</param>
/// <param name="Target">Its object.</param>
/// <param name="Incident">The incident.</param>
/// <param name="Person">Who clicked.</param>
/// <param name="Now">When it is decided.</param>
internal sealed record Click(
    RemediationRequested Request, Proposal? Proposal, ObjectReference? Target, Incident Incident, Person Person, DateTimeOffset Now);

/// <summary>Who clicked.</summary>
/// <param name="Groups">The user groups among the approvers that the person is in.</param>
/// <param name="GroupsUnknown">Whether the members of one that matters could not be found out.</param>
/// <param name="Rights">What Kubernetes says of the person's own rights.</param>
/// <param name="Missing">The right that is missing; null when none is.</param>
internal sealed record Person(IReadOnlySet<string> Groups, bool GroupsUnknown = false, KubernetesRights Rights = KubernetesRights.NotAsked, string? Missing = null);

/// <summary>What Kubernetes says of somebody's own rights.</summary>
internal enum KubernetesRights
{
    /// <summary>The person is not mapped to a Kubernetes user.</summary>
    NotAsked,
    Allowed,
    Denied,

    /// <summary>It could not be asked.</summary>
    Unknown,
}
