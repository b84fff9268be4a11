using AlertResponder.Contracts;
using k8s.Models;

namespace AlertResponder.Enrichment.Gathering;

/// <summary>What a namespace may have, and has.</summary>
internal static class QuotaEvidence
{
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
