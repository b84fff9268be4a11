using AlertResponder.Contracts;
using AlertResponder.Remediation.Cluster;

namespace AlertResponder.Remediation.Actions.Remove;

/// <summary>Deletes a Job with its pods.</summary>
internal sealed class DeleteJob() : Removal("delete-job", "Job", "Delete Job")
{
    public override IReadOnlyList<ActionPermission> Permissions(string targetKind)
    {
        var type = ObjectType.Of("Job");
        return [type.May("get"), type.May("delete")];
    }

    protected override Task RemoveAsync(ObjectReference target, string uid, ClusterObjects cluster, bool dryRun, CancellationToken cancellationToken) =>
        cluster.DeleteJobAsync(target, uid, dryRun, cancellationToken);
}
