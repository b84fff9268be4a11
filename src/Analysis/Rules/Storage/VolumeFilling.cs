using System.Text.RegularExpressions;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules.Storage;

/// <summary>A claim's volume runs full, by its alert: the API tells a volume's size, not its use.</summary>
internal static partial class VolumeFilling
{
    public const string Name = "volume-filling";

    public static IEnumerable<Verdict> Check(CaseFile file)
    {
        if (file.FiringAlert(Filling()) is not { } alert || alert.Labels.GetValueOrDefault("persistentvolumeclaim") is not { Length: > 0 } name)
            yield break;
        var claim = file.Of(EvidenceKind.Volume).FirstOrDefault(item => item.Source.Kind == "PersistentVolumeClaim" && item.Source.Name == name);
        var storageClass = file.Of(EvidenceKind.Volume).FirstOrDefault(item => item.Source.Kind == "StorageClass" && item.Source.Name == claim?.Fact(FactNames.StorageClass));
        var size = claim?.Fact(FactNames.Capacity) is { } capacity ? $" ({capacity})" : "";
        var what = alert.Name().Contains("Inodes", StringComparison.Ordinal) ? "is running out of inodes" : "is filling up";
        var says = Unknown.Said(alert);
        var grows = (storageClass ?? claim)?.Flag(FactNames.AllowsExpansion) switch
        {
            true => " Its StorageClass lets it grow: a larger request in the claim is enough.",
            false => " Its StorageClass does not let it grow.",
            null => "",
        };
        string[] ids = [.. file.Of(EvidenceKind.Alert).Where(item => item.Source.Name == alert.Name()).Take(1).Select(item => item.Id), .. new[] { claim, storageClass }.OfType<Evidence>().Select(item => item.Id)];
        if (ids.Length == 0)
            yield break;
        var target = claim?.Source ?? new ObjectReference("PersistentVolumeClaim", alert.Labels.GetValueOrDefault("namespace"), name);
        yield return new Verdict(
            Name,
            Wording.Cause($"PersistentVolumeClaim {name}{size} {what}"),
            $"PersistentVolumeClaim {name}{size} {what}.{(says is null ? "" : $" {Wording.Sentence(Wording.Cut(says, 240))}")}{grows}",
            $"PersistentVolumeClaim {name}{size} {what}.",
            alert.Severity == Severity.Critical ? Severity.Critical : Severity.Warning,
            Confidence.High,
            ids,
            [Actions.Describe(target, ids)])
        {
            IsAlerted = true,
            Marks = ["full", "filling", "space", "inodes", "volume", "disk", "claim"],
        };
    }

    [GeneratedRegex("PersistentVolume(Claim)?.*(FillingUp|Full|Usage|Space|Inodes)|^PVC.*(Full|Filling|Usage)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Filling();
}
