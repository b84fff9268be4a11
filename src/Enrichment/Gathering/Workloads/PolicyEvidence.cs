using AlertResponder.Contracts;
using k8s.Models;

namespace AlertResponder.Enrichment.Gathering.Workloads;

/// <summary>What the namespace's policies allow pods: traffic, and evictions.</summary>
internal static class PolicyEvidence
{
    /// <param name="policy">The policy.</param>
    /// <param name="selected">What it selects, for people.</param>
    public static Observation Of(V1NetworkPolicy policy, string selected = "the pod") => new(
        EvidenceKind.NetworkPolicy,
        new ObjectReference("NetworkPolicy", policy.Metadata.NamespaceProperty, policy.Metadata.Name, Uid: policy.Metadata.Uid),
        $"selects {selected}; {(Limited(policy) is { Length: > 0 } limited ? $"limits {string.Join(" and ", limited)}" : "limits nothing")}{(policy.Metadata.CreationTimestamp is { } created ? $"; made {Times.Text(created)}" : "")}",
        new Facts().Set(FactNames.Type, string.Join(",", Limited(policy))).Set(FactNames.CreatedAt, policy.Metadata.CreationTimestamp));

    // A rule without a word in it lets everything pass.
    private static string[] Limited(V1NetworkPolicy policy) =>
    [
        .. (policy.Spec.PolicyTypes ?? ["Ingress"]).Where(type => type == "Egress"
            ? policy.Spec.Egress?.Any(rule => rule.To is not { Count: > 0 } && rule.Ports is not { Count: > 0 }) != true
            : policy.Spec.Ingress?.Any(rule => rule.FromProperty is not { Count: > 0 } && rule.Ports is not { Count: > 0 }) != true),
    ];

    public static Observation Of(V1PodDisruptionBudget budget)
    {
        var (spec, status) = (budget.Spec, budget.Status);
        var condition = status?.Conditions?.FirstOrDefault(condition => condition.Type == "DisruptionAllowed" && condition.Status != "True");
        return new Observation(
            EvidenceKind.DisruptionBudget,
            new ObjectReference("PodDisruptionBudget", budget.Metadata.NamespaceProperty, budget.Metadata.Name, Uid: budget.Metadata.Uid),
            $"{status?.CurrentHealthy} of {status?.ExpectedPods} pods healthy, {status?.DesiredHealthy} needed, {status?.DisruptionsAllowed} may be evicted; "
                + (spec?.MinAvailable is { } least ? $"min available {least.Value}" : $"max unavailable {spec?.MaxUnavailable?.Value}"),
            new Facts()
                .Set(FactNames.CurrentHealthy, status?.CurrentHealthy)
                .Set(FactNames.DesiredHealthy, status?.DesiredHealthy)
                .Set(FactNames.DisruptionsAllowed, status?.DisruptionsAllowed)
                .Set(FactNames.Reason, condition?.Reason)
                .Set(FactNames.Message, condition?.Message));
    }
}
