using AlertResponder.Contracts;
using AlertResponder.Remediation.Catalogue;
using AlertResponder.Remediation.Cluster;
using Microsoft.Extensions.Options;

namespace AlertResponder.Remediation.Policy;

/// <summary>Finds out about who clicked what the policy must know.</summary>
internal sealed class People(IUserGroups groups, ClusterObjects cluster, IOptions<RemediationOptions> options, TimeProvider time)
{
    // A click is answered in any case.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task<Person> KnowAsync(string person, ICatalogueAction action, ObjectReference target, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var (memberships, unknown) = await GroupsAsync(person, deadline.Token);
        var (rights, missing) = await RightsAsync(person, action, target, deadline.Token, cancellationToken);
        return new Person(memberships, unknown, rights, missing);
    }

    private async Task<(HashSet<string> Groups, bool Unknown)> GroupsAsync(string person, CancellationToken cancellationToken)
    {
        HashSet<string> memberships = new(StringComparer.Ordinal);
        var unknown = false;
        foreach (var group in options.Value.Approvers.Select(approver => approver.Group).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            var members = await groups.MembersAsync(group, cancellationToken);
            unknown |= members is null;
            if (members?.Contains(person) == true)
            {
                memberships.Add(group);
            }
        }

        return (memberships, unknown);
    }

    private async Task<(KubernetesRights Rights, string? Missing)> RightsAsync(
        string person, ICatalogueAction action, ObjectReference target, CancellationToken deadline, CancellationToken cancellationToken)
    {
        if (ApprovalPolicy.Mapping(person, options.Value) is not { KubernetesUser: { } user } mapping)
        {
            return (KubernetesRights.NotAsked, null);
        }

        try
        {
            foreach (var permission in action.Permissions(target.Kind))
            {
                if (!await cluster.MayAsync(user, mapping.KubernetesGroups, permission, target, deadline))
                {
                    return (KubernetesRights.Denied, permission.ToString());
                }
            }

            return (KubernetesRights.Allowed, null);
        }
        catch (Exception e) when (ClusterRefusal.IsOutage(e, cancellationToken) || e is k8s.Autorest.HttpOperationException)
        {
            return (KubernetesRights.Unknown, null);
        }
    }
}
