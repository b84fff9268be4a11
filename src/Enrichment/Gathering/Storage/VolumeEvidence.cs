using AlertResponder.Contracts;
using k8s.Models;

namespace AlertResponder.Enrichment.Gathering.Storage;

/// <summary>Claims, volumes and storage classes. That one of them does not exist is evidence, too.</summary>
internal static class VolumeEvidence
{
    public static ObjectReference Claim(string @namespace, string name, string? uid = null) => new("PersistentVolumeClaim", @namespace, name, Uid: uid);

    public static ObjectReference Volume(string name, string? uid = null) => new("PersistentVolume", null, name, Uid: uid);

    public static ObjectReference StorageClass(string name, string? uid = null) => new("StorageClass", null, name, Uid: uid);

    public static Observation Missing(ObjectReference what) =>
        new(EvidenceKind.Volume, what, $"there is no {what}", new Facts().Set(FactNames.Exists, false));

    public static Observation Of(V1PersistentVolumeClaim claim)
    {
        var (spec, status) = (claim.Spec, claim.Status);
        var requested = Storage(spec?.Resources?.Requests);
        var capacity = Storage(status?.Capacity);
        var modes = string.Join(",", spec?.AccessModes ?? []);
        var condition = status?.Conditions?.FirstOrDefault(condition => condition.Status == "True");
        return new Observation(
            EvidenceKind.Volume,
            Claim(claim.Metadata.NamespaceProperty, claim.Metadata.Name, claim.Metadata.Uid),
            Join(
                $"phase {status?.Phase ?? "unknown"}",
                $"wants {requested ?? "unknown"} {modes}",
                capacity is null ? null : $"has {capacity}",
                spec?.StorageClassName is { } storageClass ? $"StorageClass {(storageClass.Length == 0 ? "none" : storageClass)}" : "StorageClass not named",
                string.IsNullOrEmpty(spec?.VolumeName) ? "bound to no volume" : $"volume {spec.VolumeName}",
                condition is null ? null : $"{condition.Type} ({condition.Reason}: {condition.Message})",
                claim.Metadata.DeletionTimestamp is { } deleted ? $"being deleted since {Times.Text(deleted)}" : null),
            new Facts()
                .Set(FactNames.Phase, status?.Phase)
                .Set(FactNames.StorageClass, spec?.StorageClassName)
                .Set(FactNames.VolumeName, spec?.VolumeName)
                .Set(FactNames.Requested, requested)
                .Set(FactNames.Capacity, capacity)
                .Set(FactNames.AccessModes, modes)
                .Set(FactNames.Reason, condition?.Reason ?? condition?.Type)
                .Set(FactNames.Message, condition?.Message)
                .Set(FactNames.DeletedAt, claim.Metadata.DeletionTimestamp));
    }

    public static Observation Of(V1PersistentVolume volume)
    {
        var (spec, status) = (volume.Spec, volume.Status);
        var capacity = Storage(spec?.Capacity);
        var modes = string.Join(",", spec?.AccessModes ?? []);
        var nodes = string.Join(",", Nodes(volume));
        return new Observation(
            EvidenceKind.Volume,
            Volume(volume.Metadata.Name, volume.Metadata.Uid),
            Join(
                $"phase {status?.Phase ?? "unknown"}",
                string.IsNullOrEmpty(status?.Message) ? null : $"{status.Reason} {status.Message}".Trim(),
                $"has {capacity ?? "unknown"} {modes}",
                spec?.ClaimRef is { } claim ? $"claimed by {claim.NamespaceProperty}/{claim.Name}" : "claimed by nobody",
                $"StorageClass {(string.IsNullOrEmpty(spec?.StorageClassName) ? "none" : spec.StorageClassName)}",
                spec?.PersistentVolumeReclaimPolicy is { } policy ? $"reclaim policy {policy}" : null,
                spec?.Csi is { } csi ? $"driver {csi.Driver}" : null,
                spec?.NodeAffinity?.Required is null ? null : nodes.Length > 0 ? $"reachable from {nodes} only" : "reachable from some nodes only"),
            new Facts()
                .Set(FactNames.Phase, status?.Phase)
                .Set(FactNames.Reason, status?.Reason)
                .Set(FactNames.Message, status?.Message)
                .Set(FactNames.StorageClass, spec?.StorageClassName)
                .Set(FactNames.Capacity, capacity)
                .Set(FactNames.AccessModes, modes)
                .Set(FactNames.Nodes, nodes)
                .Set(FactNames.Provisioner, spec?.Csi?.Driver));
    }

    // Local volumes name their node by this label; zones and the like name no node.
    private static IEnumerable<string> Nodes(V1PersistentVolume volume) => (volume.Spec?.NodeAffinity?.Required?.NodeSelectorTerms ?? [])
        .SelectMany(term => term.MatchExpressions ?? [])
        .Where(requirement => requirement.Key is "kubernetes.io/hostname" or "metadata.name" && requirement.OperatorProperty == "In")
        .SelectMany(requirement => requirement.Values ?? [])
        .Distinct(StringComparer.Ordinal);

    public static Observation Of(V1StorageClass storageClass) => new(
        EvidenceKind.Volume,
        StorageClass(storageClass.Metadata.Name, storageClass.Metadata.Uid),
        Join(
            $"provisioner {storageClass.Provisioner}",
            $"binds {storageClass.VolumeBindingMode ?? "Immediate"}",
            $"volumes {(storageClass.AllowVolumeExpansion == true ? "can" : "cannot")} grow"),
        new Facts()
            .Set(FactNames.Provisioner, storageClass.Provisioner)
            .Set(FactNames.BindingMode, storageClass.VolumeBindingMode)
            .Set(FactNames.AllowsExpansion, storageClass.AllowVolumeExpansion == true));

    private static string? Storage(IDictionary<string, ResourceQuantity>? quantities) =>
        quantities is not null && quantities.TryGetValue("storage", out var quantity) ? quantity.ToString() : null;

    private static string Join(params IEnumerable<string?> parts) => string.Join("; ", parts.OfType<string>());
}
