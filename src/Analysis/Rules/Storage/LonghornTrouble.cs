using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules.Storage;

/// <summary>A Longhorn volume with too few replicas, or with none left.</summary>
internal static class LonghornTrouble
{
    public const string Name = "longhorn-volume";

    public static IEnumerable<Verdict> Check(CaseFile file) =>
        file.Of(EvidenceKind.Resource)
            .Where(item => item.Source.Kind == "Volume" && item.Fact(FactNames.Robustness) is "degraded" or "faulted")
            .Select(item => Verdict(file, item));

    private static Verdict Verdict(CaseFile file, Evidence volume)
    {
        var isFaulted = volume.Fact(FactNames.Robustness) == "faulted";
        var replicas = volume.Number(FactNames.Replicas) is { } wanted ? $" of {Wording.Count(wanted, "replica")}" : "";
        var state = volume.Fact(FactNames.VolumeState) is { } attached ? $" ({attached})" : "";
        var lost = file.Nodes.FirstOrDefault(node => node.IsNotReady);
        var chain = lost is null ? "" : $": node {lost.Name} is NotReady";
        var cause = isFaulted
            ? $"Longhorn volume {volume.Source.Name} is faulted{state}: no usable replica is left{(lost is null ? "" : $"; node {lost.Name} is NotReady")}"
            : $"Longhorn volume {volume.Source.Name} is degraded{state}: not all{replicas} are healthy{(lost is null ? "" : $"; node {lost.Name} is NotReady")}";
        return new Verdict(
            Name,
            Wording.Cause(cause, $"Longhorn volume {volume.Source.Name} is {(isFaulted ? "faulted" : "degraded")}{chain}"),
            $"{Wording.Sentence(cause)} {(isFaulted ? "Pods cannot use it. Salvage a replica or restore a backup; do not delete the volume." : "It still serves; Longhorn rebuilds the replica where a node has room. Until then another loss is the last.")}",
            Wording.Sentence(cause),
            isFaulted ? Severity.Critical : Severity.Warning,
            Confidence.High,
            lost is null ? [volume.Id] : [volume.Id, lost.Id],
            [Actions.Describe(volume.Source, volume.Id), Actions.ViewEvents(volume.Source, volume.Id)])
        {
            IsAlerted = file.IsAlerted(volume.Source) || (isFaulted && file.Nodes.All(node => !node.IsNotReady)),
            Marks = ["longhorn", "volume", "replica", "degraded", "faulted"],
        };
    }
}
