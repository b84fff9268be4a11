using System.Globalization;
using System.Text.Json.Nodes;
using AlertResponder.Contracts;
using k8s;
using k8s.Models;

namespace AlertResponder.Enrichment.Gathering.Workloads;

/// <summary>What changed in a workload's template between its last two revisions, and when.</summary>
internal static class ChangeEvidence
{
    /// <param name="deployment">Whose they are.</param>
    /// <param name="replicaSets">In any order, also of others.</param>
    public static IEnumerable<Observation> Of(Workload deployment, IEnumerable<V1ReplicaSet> replicaSets) => Of(deployment, replicaSets
        .Where(replicaSet => IsOf(deployment, replicaSet.Metadata))
        .Select(replicaSet => new Revision(
            long.TryParse(OwnerEvidence.Revision(replicaSet.Metadata), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0,
            replicaSet.Metadata.CreationTimestamp,
            () => JsonNode.Parse(KubernetesJson.Serialize(replicaSet.Spec?.Template)) as JsonObject)));

    /// <param name="set">The StatefulSet or DaemonSet.</param>
    /// <param name="revisions">In any order, also of others.</param>
    public static IEnumerable<Observation> Of(Workload set, IEnumerable<V1ControllerRevision> revisions) => Of(set, revisions
        .Where(revision => IsOf(set, revision.Metadata))
        .Select(revision => new Revision(
            revision.Revision ?? 0,
            revision.Metadata.CreationTimestamp,
            () => JsonNode.Parse(KubernetesJson.Serialize(revision.Data))?["spec"]?["template"] as JsonObject)));

    private static IEnumerable<Observation> Of(Workload workload, IEnumerable<Revision> revisions)
    {
        if (revisions.OrderByDescending(revision => revision.Number).Take(2).ToArray() is not [var newer, var older]
            || newer.Template() is not { } to || older.Template() is not { } from)
        {
            return [];
        }

        // A roll back takes an old template up again; when, nobody has written down.
        var rolledBack = newer.CreatedAt < older.CreatedAt;
        var since = rolledBack ? " by going back to an earlier revision" : newer.CreatedAt is { } created ? $" at {Times.Text(created)}" : "";
        return TemplateChanges.Between(from, to).Select(change => new Observation(
            EvidenceKind.Change,
            workload.Observation.Source with { Container = change.Container },
            $"revision {newer.Number.ToString(CultureInfo.InvariantCulture)} changed {change.What}{Values(change)}{since}",
            new Facts()
                .Set(FactNames.Changed, change.What)
                .Set(FactNames.From, change.From)
                .Set(FactNames.To, change.To)
                .Set(FactNames.Revision, newer.Number),
            rolledBack || newer.CreatedAt is not { } time ? null : Times.Utc(time)));
    }

    private static string Values(TemplateChange change) => change.What switch
    {
        TemplateChange.Variables => $" (names only):{(change.From is null ? "" : $" removed {change.From}")}{(change.To is null ? "" : $" set {change.To}")}",
        TemplateChange.Rest => $" ({change.Where})",
        _ => $" from {change.From ?? "nothing"} to {change.To ?? "nothing"}",
    };

    public static bool IsOf(Workload workload, V1ObjectMeta metadata) =>
        metadata.OwnerReferences?.Any(owner => owner.Controller == true && owner.Uid == workload.Metadata.Uid) == true;

    private sealed record Revision(long Number, DateTime? CreatedAt, Func<JsonObject?> Template);
}
