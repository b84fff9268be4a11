using System.Globalization;
using AlertResponder.Contracts;
using k8s.Models;

namespace AlertResponder.Enrichment.Gathering.Workloads;

/// <summary>A Service and how many endpoints stand behind it.</summary>
internal static class ServiceEvidence
{
    public static Observation Missing(string @namespace, string name) => new(
        EvidenceKind.Service, Reference(@namespace, name), $"there is no Service {@namespace}/{name}", new Facts().Set(FactNames.Exists, false));

    /// <param name="service">The Service.</param>
    /// <param name="endpoints">Null when they could not be read, or there are none.</param>
    public static Observation Of(V1Service service, V1Endpoints? endpoints)
    {
        var spec = service.Spec;
        var selector = string.Join(",", (spec?.Selector ?? new Dictionary<string, string>()).Select(label => $"{label.Key}={label.Value}"));
        int? ready = endpoints?.Subsets?.Sum(subset => subset.Addresses?.Count ?? 0) ?? (endpoints is null ? null : 0);
        int? notReady = endpoints?.Subsets?.Sum(subset => subset.NotReadyAddresses?.Count ?? 0) ?? (endpoints is null ? null : 0);
        string?[] text =
        [
            spec?.Type == "ExternalName" ? $"stands for {spec.ExternalName}" : spec?.Type ?? "ClusterIP",
            spec?.Ports is { Count: > 0 } ports ? $"ports {string.Join(" ", ports.Select(port => port.Port.ToString(CultureInfo.InvariantCulture)))}" : null,
            selector.Length > 0 ? $"selects {selector}" : "selects no pods by itself",
            ready is null ? null : string.Create(CultureInfo.InvariantCulture, $"{ready} endpoints ready, {notReady} not ready"),
        ];
        return new Observation(
            EvidenceKind.Service,
            Reference(service.Metadata.NamespaceProperty, service.Metadata.Name, service.Metadata.Uid),
            string.Join("; ", text.OfType<string>()),
            new Facts().Set(FactNames.Selector, selector).Set(FactNames.ClusterIp, spec?.ClusterIP).Set(FactNames.ReadyEndpoints, ready).Set(FactNames.NotReadyEndpoints, notReady));
    }

    private static ObjectReference Reference(string @namespace, string name, string? uid = null) => new("Service", @namespace, name, Uid: uid);
}
