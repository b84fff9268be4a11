using AlertResponder.Contracts;
using k8s.Models;

namespace AlertResponder.Enrichment.Gathering;

/// <summary>What the namespace's policies allow pods: traffic, and evictions.</summary>
internal static class PolicyEvidence
{
    public static Observation Of(V1NetworkPolicy policy) => new(
        EvidenceKind.NetworkPolicy,
        new ObjectReference("NetworkPolicy", policy.Metadata.NamespaceProperty, policy.Metadata.Name, Uid: policy.Metadata.Uid),
        $"selects the pod; limits {string.Join(" and ", policy.Spec.PolicyTypes ?? ["Ingress"])}",
        new Facts());

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
