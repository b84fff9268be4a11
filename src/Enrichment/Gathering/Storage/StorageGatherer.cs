using AlertResponder.Contracts;
using AlertResponder.Enrichment.Cluster;
using AlertResponder.Enrichment.Gathering.Pods;
using static AlertResponder.Enrichment.Gathering.Together;

namespace AlertResponder.Enrichment.Gathering.Storage;

/// <summary>Claims with what stands behind them: volume, storage class, and of Longhorn its own volume.</summary>
internal sealed class StorageGatherer(ClusterReads reads)
{
    private const string LonghornDriver = "driver.longhorn.io";
    private const string LonghornNamespace = "longhorn-system";

    public async Task<IReadOnlyList<Observation>> ClaimAsync(string @namespace, string name)
    {
        var read = await reads.ClaimAsync(@namespace, name);
        if (read.Value is not { } claim)
        {
            return read.NotFound ? [VolumeEvidence.Missing(VolumeEvidence.Claim(@namespace, name))] : [];
        }

        var volume = string.IsNullOrEmpty(claim.Spec?.VolumeName) ? null : claim.Spec.VolumeName;
        return
        [
            VolumeEvidence.Of(claim),
            .. await AllAsync(
                claim.Status?.Phase == "Bound" ? AllAsync() : EventsAsync(VolumeEvidence.Claim(@namespace, name)),
                volume is null ? AllAsync() : VolumeAsync(volume),
                string.IsNullOrEmpty(claim.Spec?.StorageClassName) ? AllAsync() : ClassAsync(claim.Spec.StorageClassName)),
        ];
    }

    /// <summary>A volume as the subject, with its claim and its class.</summary>
    public async Task<IReadOnlyList<Observation>> VolumeWithClaimAsync(string name)
    {
        var volume = (await reads.VolumeAsync(name)).Value;
        return await AllAsync(
            VolumeAsync(name),
            EventsAsync(VolumeEvidence.Volume(name)),
            volume?.Spec?.ClaimRef is { NamespaceProperty: { } @namespace, Name: { } claim } ? ClaimAloneAsync(@namespace, claim) : AllAsync(),
            string.IsNullOrEmpty(volume?.Spec?.StorageClassName) ? AllAsync() : ClassAsync(volume.Spec.StorageClassName));
    }

    /// <summary>A volume of Longhorn as the subject, with the claim that it serves.</summary>
    public async Task<IReadOnlyList<Observation>> LonghornVolumeAsync(string? @namespace, string name)
    {
        @namespace ??= LonghornNamespace;
        var volume = await ReadLonghornAsync(@namespace, name);
        return await AllAsync(
            LonghornAsync(@namespace, name),
            EventsAsync(ResourceEvidence.LonghornVolume(@namespace, name)),
            volume?.Status?.KubernetesStatus is { Namespace: { Length: > 0 } claimNamespace, PvcName: { Length: > 0 } claim }
                ? ClaimAloneAsync(claimNamespace, claim)
                : AllAsync());
    }

    private async Task<IReadOnlyList<Observation>> VolumeAsync(string name)
    {
        var read = await reads.VolumeAsync(name);
        return read.Value is not { } volume ? (read.NotFound ? [VolumeEvidence.Missing(VolumeEvidence.Volume(name))] : [])
            : volume.Spec?.Csi is { Driver: LonghornDriver, VolumeHandle: { } handle } ? [VolumeEvidence.Of(volume), .. await LonghornAsync(LonghornNamespace, handle)]
            : [VolumeEvidence.Of(volume)];
    }

    private async Task<IReadOnlyList<Observation>> ClassAsync(string name)
    {
        var read = await reads.StorageClassAsync(name);
        return read.Value is { } storageClass ? [VolumeEvidence.Of(storageClass)] : read.NotFound ? [VolumeEvidence.Missing(VolumeEvidence.StorageClass(name))] : [];
    }

    private async Task<IReadOnlyList<Observation>> ClaimAloneAsync(string @namespace, string name)
    {
        var read = await reads.ClaimAsync(@namespace, name);
        return read.Value is { } claim ? [VolumeEvidence.Of(claim)] : read.NotFound ? [VolumeEvidence.Missing(VolumeEvidence.Claim(@namespace, name))] : [];
    }

    private async Task<IReadOnlyList<Observation>> LonghornAsync(string @namespace, string name)
    {
        if (await ReadLonghornAsync(@namespace, name) is not { } volume)
        {
            return [];
        }

        var replicas = await reads.CustomsAsync<LonghornReplica>("longhorn.io", "v1beta2", @namespace, "replicas", $"longhornvolume={name}");
        return [ResourceEvidence.Of(volume, replicas)];
    }

    private Task<LonghornVolume?> ReadLonghornAsync(string @namespace, string name) =>
        reads.CustomAsync<LonghornVolume>("longhorn.io", "v1beta2", @namespace, "volumes", name);

    private async Task<IReadOnlyList<Observation>> EventsAsync(ObjectReference about) => [.. EventEvidence.Of(await reads.EventsAsync(about), about)];
}
