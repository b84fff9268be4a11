using System.Text.Json.Nodes;

namespace AlertResponder.Remediation.Cluster;

/// <summary>Who keeps an object as it is, and may take back what somebody else changes.</summary>
internal static class Keepers
{
    // Field managers, by the beginnings of their names.
    private static readonly (string Manager, string Keeper)[] Managers =
    [
        ("argocd", "Argo CD"), ("kustomize-controller", "Flux"), ("helm-controller", "Flux"), ("helm", "Helm"), ("Helm", "Helm"),
    ];

    /// <summary><c>Argo CD</c>, <c>Flux</c>, <c>Helm</c>, or the owner's <c>Kind name</c>; null when nobody says so.</summary>
    public static string? Of(JsonObject live)
    {
        // Charts that Argo CD or Flux render are marked as Helm's, too.
        if (Has(live, "annotations", "argocd.argoproj.io/tracking-id") || Has(live, "labels", "argocd.argoproj.io/instance"))
        {
            return "Argo CD";
        }

        if (Has(live, "labels", "kustomize.toolkit.fluxcd.io/name") || Has(live, "labels", "helm.toolkit.fluxcd.io/name"))
        {
            return "Flux";
        }

        if (live.ObjectsAt("/metadata/ownerReferences").FirstOrDefault(owner => owner.IsTrueAt("/controller")) is { } owner)
        {
            return $"{owner.TextAt("/kind")} {owner.TextAt("/name")}";
        }

        if (Has(live, "annotations", "meta.helm.sh/release-name") || live.TextAt("/metadata/labels/app.kubernetes.io~1managed-by") == "Helm")
        {
            return "Helm";
        }

        var managers = live.ObjectsAt("/metadata/managedFields").Select(entry => entry.TextAt("/manager") ?? "").ToList();
        return Managers.FirstOrDefault(known => managers.Exists(manager => manager.StartsWith(known.Manager, StringComparison.Ordinal))).Keeper;
    }

    /// <summary>What to tell before the object is changed; null when there is nothing.</summary>
    public static string? Caution(JsonObject live) =>
        Of(live) is { } keeper ? $"{keeper} keeps this object and may revert the change: make it there, too." : null;

    private static bool Has(JsonObject live, string marks, string name) => live.At($"/metadata/{marks}/{JsonPointer.Escape(name)}") is not null;
}
