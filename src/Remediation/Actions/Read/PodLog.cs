using AlertResponder.Contracts;
using AlertResponder.Remediation.Cluster;

namespace AlertResponder.Remediation.Actions.Read;

/// <summary>The end of a container's log.</summary>
internal abstract class PodLog(string kind, string name, bool previous) : Reading(kind)
{
    private const int Lines = 300;

    // Lines may be of any length. The server cuts at the end, so this is a last resort.
    private const int Bytes = 1024 * 1024;

    public override IReadOnlyList<string> TargetKinds { get; } = ["Pod"];

    public override IReadOnlyList<ActionPermission> Permissions(string targetKind) => [new ActionPermission("", "pods/log", "get")];

    protected override bool IsOfContainer => true;

    protected override string Title(ObjectReference target, string? container) => $"{name} of {target with { Container = container, Uid = null }}";

    protected override async Task<string> ReadAsync(ObjectReference target, string? container, ClusterObjects cluster, CancellationToken cancellationToken) =>
        ReplyText.Tail(await cluster.LogAsync(target, container, previous, Lines, Bytes, cancellationToken));
}
