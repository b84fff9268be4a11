using k8s.Models;

namespace AlertResponder.Enrichment.Gathering.Workloads;

/// <summary>Who keeps an object as it is: what somebody else changes they may take back.</summary>
internal static class Management
{
    /// <summary><c>Argo CD</c>, <c>Flux</c>, <c>Helm</c>, or the owner's <c>Kind name</c>; null when nobody says so.</summary>
    public static string? Of(V1ObjectMeta metadata)
    {
        // Charts that Argo CD or Flux render are marked as Helm's, too.
        if (Has(metadata.Annotations, "argocd.argoproj.io/tracking-id") || Has(metadata.Labels, "argocd.argoproj.io/instance"))
        {
            return "Argo CD";
        }

        if (Has(metadata.Labels, "kustomize.toolkit.fluxcd.io/name") || Has(metadata.Labels, "helm.toolkit.fluxcd.io/name"))
        {
            return "Flux";
        }

        if (metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true) is { } owner)
        {
            return $"{owner.Kind} {owner.Name}";
        }

        return Has(metadata.Annotations, "meta.helm.sh/release-name")
            || (metadata.Labels is { } labels && labels.TryGetValue("app.kubernetes.io/managed-by", out var manager) && manager == "Helm")
                ? "Helm"
                : null;
    }

    private static bool Has(IDictionary<string, string>? marks, string name) => marks?.ContainsKey(name) == true;
}
