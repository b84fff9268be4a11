using System.Globalization;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster.Controllers;
using AlertResponder.Simulators.Cluster.Store;
using AlertResponder.Simulators.Traffic;

namespace AlertResponder.Simulators.Cluster.Api;

/// <summary>Whether the PodDisruptionBudgets let a pod go.</summary>
internal static class DisruptionBudgets
{
    /// <summary>Null when it may be evicted.</summary>
    public static Answer? Objection(ObjectStore store, JsonObject pod)
    {
        // A pod that doesn't run is no disruption.
        if (pod.Text("status", "phase") is "Succeeded" or "Failed" or "Pending")
            return null;
        var budgets = store.All("PodDisruptionBudget", pod.Namespace()).Where(budget => Selects(budget, pod)).ToList();
        if (budgets.Count > 1)
            return Status.Failure(500, "InternalError", "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
        return budgets is [var only] ? Objection(store, pod, only) : null;
    }

    private static Answer? Objection(ObjectStore store, JsonObject pod, JsonObject budget)
    {
        if (budget.Number("status", "observedGeneration") is { } observed && observed < budget.Number("metadata", "generation"))
        {
            const int RetryAfterSeconds = 10;
            return Status.DisruptionBudget($"The disruption budget {budget.Name()} is still being processed by the server.", RetryAfterSeconds);
        }

        var pods = store.All("Pod", pod.Namespace()).Where(other => Selects(budget, other) && other.Text("status", "phase") is not ("Succeeded" or "Failed")).ToList();
        var healthy = pods.Count(PodStatuses.IsReady);
        var needed = budget.Text("spec", "minAvailable") is { } least
            ? Share(least, pods.Count)
            : pods.Count - Share(budget.Text("spec", "maxUnavailable") ?? "1", pods.Count);
        // An unhealthy pod may go as long as there are enough healthy ones.
        var allowed = PodStatuses.IsReady(pod) ? healthy > needed : healthy >= needed && healthy > 0;
        return allowed ? null : Status.DisruptionBudget($"The disruption budget {budget.Name()} needs {needed} healthy pods and has {healthy} currently");
    }

    private static bool Selects(JsonObject budget, JsonObject pod) => Selectors.Matches(budget.At("spec", "selector"), pod);

    private static int Share(string amount, int all) => amount.EndsWith('%')
        ? (int)Math.Ceiling(all * int.Parse(amount.TrimEnd('%'), CultureInfo.InvariantCulture) / 100.0)
        : int.Parse(amount, CultureInfo.InvariantCulture);
}

/// <summary>Selectors as objects hold them.</summary>
internal static class Selectors
{
    public static bool Matches(JsonNode? selector, JsonObject item) =>
        selector is JsonObject
        && (selector.At("matchLabels") as JsonObject ?? []).All(label => item.Text("metadata", "labels", label.Key) == label.Value?.ToString())
        && selector.Objects("matchExpressions").All(expression => Holds(expression, item.Text("metadata", "labels", expression.Text("key") ?? "")));

    private static bool Holds(JsonObject expression, string? label) => expression.Text("operator") switch
    {
        "In" => label is not null && expression.Texts("values").Contains(label, StringComparer.Ordinal),
        "NotIn" => label is null || !expression.Texts("values").Contains(label, StringComparer.Ordinal),
        "Exists" => label is not null,
        _ => label is null,
    };
}
