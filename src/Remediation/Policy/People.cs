using AlertResponder.Contracts;
using AlertResponder.Remediation.Actions;
using AlertResponder.Remediation.Cluster;
using Microsoft.Extensions.Options;

namespace AlertResponder.Remediation.Policy;

/// <summary>Finds out about who clicked what the policy must know.</summary>
internal sealed class People(ClusterObjects cluster, IOptions<RemediationOptions> options, TimeProvider time)
{
    // A click is answered in any case.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task<Person> KnowAsync(RemediationRequested request, ICatalogueAction action, ObjectReference target, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var (rights, missing) = await RightsAsync(request.RequestedBy, action, target, deadline.Token, cancellationToken);
        return new Person(new HashSet<string>(request.Groups ?? [], StringComparer.Ordinal), GroupsUnknown(request), rights, missing);
    }

    private bool GroupsUnknown(RemediationRequested request) => request.Groups is null && options.Value.Approvers.Any(approver => approver.Group is not null);

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
