using AlertResponder.Contracts;
using AlertResponder.Remediation.Cluster;

namespace AlertResponder.Remediation.Actions.Remove;

/// <summary>Evicts a pod: its disruption budgets are asked, which a deletion does not do.</summary>
internal sealed class DeletePod() : Removal("delete-pod", "Pod", "Evict pod")
{
    public override IReadOnlyList<ActionPermission> Permissions(string targetKind) =>
        [ObjectType.Of("Pod").May("get"), new ActionPermission("", "pods/eviction", "create")];

    protected override Task RemoveAsync(ObjectReference target, string uid, ClusterObjects cluster, bool dryRun, CancellationToken cancellationToken) =>
        cluster.EvictAsync(target, uid, dryRun, cancellationToken);
}
