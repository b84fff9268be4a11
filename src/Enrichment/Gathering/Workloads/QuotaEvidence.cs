using AlertResponder.Contracts;
using k8s.Models;

namespace AlertResponder.Enrichment.Gathering.Workloads;

/// <summary>What a namespace may have, and has.</summary>
internal static class QuotaEvidence
{
    /// <summary>How much of a resource a namespace may request, to compare quotas.</summary>
    /// <param name="quota">The quota.</param>
    /// <param name="resource"><c>cpu</c> or <c>memory</c>; a quota names the requests of it, or the resource itself.</param>
    public static decimal Promised(V1ResourceQuota quota, string resource) =>
        (quota.Status?.Hard ?? quota.Spec?.Hard) is not { } hard ? 0
            : hard.TryGetValue($"requests.{resource}", out var requests) ? requests.ToDecimal()
            : hard.TryGetValue(resource, out var all) ? all.ToDecimal()
            : 0;

    public static Observation Of(V1ResourceQuota quota)
    {
        var facts = new Facts();
        List<string> text = [];
        foreach (var (resource, hard) in (quota.Status?.Hard ?? quota.Spec?.Hard ?? new Dictionary<string, ResourceQuantity>()).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var used = quota.Status?.Used is { } all && all.TryGetValue(resource, out var quantity) ? quantity.ToString() : null;
            facts.Set(FactNames.HardPrefix + resource, hard.ToString()).Set(FactNames.UsedPrefix + resource, used);
            text.Add($"{resource}: {used ?? "unknown"} of {hard} used");
        }

        return new Observation(
            EvidenceKind.Quota,
            new ObjectReference("ResourceQuota", quota.Metadata.NamespaceProperty, quota.Metadata.Name, Uid: quota.Metadata.Uid),
            string.Join("; ", text),
            facts);
    }
}
