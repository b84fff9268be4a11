using System.Globalization;
using AlertResponder.Contracts;
using AlertResponder.Remediation.Cluster;
using k8s.Models;

namespace AlertResponder.Remediation.Actions.Read;

/// <summary>What the cluster tells of an object, oldest first.</summary>
internal sealed class ViewEvents() : Reading("view-events")
{
    public override IReadOnlyList<string> TargetKinds => Describe.Kinds;

    public override IReadOnlyList<ActionPermission> Permissions(string targetKind) => [new ActionPermission("", "events", "list")];

    protected override string Title(ObjectReference target, string? container) => $"Events of {target with { Container = null, Uid = null }}";

    protected override async Task<string> ReadAsync(ObjectReference target, string? container, ClusterObjects cluster, CancellationToken cancellationToken)
    {
        var events = await cluster.EventsAsync(target, cancellationToken);
        return ReplyText.Tail(string.Join('\n', events.OrderBy(Time).Select(Line)));
    }

    private static DateTime? Time(Corev1Event item) => item.LastTimestamp ?? item.EventTime ?? item.FirstTimestamp ?? item.Metadata?.CreationTimestamp;

    private static string Line(Corev1Event item)
    {
        var time = Time(item)?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "(no time)";
        var count = item.Count > 1 ? $" (×{item.Count})" : "";
        return $"{time} {item.Type} {item.Reason}{count}: {item.Message?.ReplaceLineEndings(" ")}";
    }
}
