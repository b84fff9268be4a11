using AlertResponder.Analysis.Rules.Pods;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules.Storage;

/// <summary>A claim that is not bound, is lost or is not there, and why; a volume that failed.</summary>
internal static class VolumeTrouble
{
    public const string PendingName = "claim-pending";
    public const string LostName = "claim-lost";
    public const string FailedName = "volume-failed";

    public static IEnumerable<Verdict> Check(CaseFile file)
    {
        foreach (var item in file.Of(EvidenceKind.Volume))
        {
            var verdict = (item.Source.Kind, item.Fact(FactNames.Phase)) switch
            {
                ("PersistentVolumeClaim", "Lost") => Lost(file, item),
                ("PersistentVolumeClaim", "Pending") => Pending(file, item),
                ("PersistentVolumeClaim", null) when item.Flag(FactNames.Exists) == false && Waiting(file, item).Any() => Missing(file, item),
                ("PersistentVolume", "Failed") => Failed(file, item),
                _ => null,
            };
            if (verdict is not null)
                yield return verdict;
        }
    }

    private static Verdict Lost(CaseFile file, Evidence claim)
    {
        var volume = claim.Fact(FactNames.VolumeName) is { } name ? $"volume {name}" : "volume";
        return About(
            file, LostName, claim, $"PersistentVolumeClaim {claim.Source.Name} is Lost: its {volume} is gone",
            "Its data is on a volume that the cluster no longer has. Nothing here brings it back: look for the volume, or restore a backup.", Severity.Critical, [claim.Id]);
    }

    private static Verdict Missing(CaseFile file, Evidence claim) =>
        About(
            file, PendingName, claim, $"PersistentVolumeClaim {claim.Source.Name} does not exist{Chain(file, claim)}",
            "The pod waits until there is a claim of that name.", Severity.Warning, [claim.Id]);

    private static Verdict Failed(CaseFile file, Evidence volume)
    {
        var says = volume.Fact(FactNames.Message) is { } message ? $": {Wording.Cut(Wording.OneLine(message), 160).TrimEnd('.')}" : "";
        return About(file, FailedName, volume, $"PersistentVolume {volume.Source.Name} is Failed{says}", "Its automatic reclaim failed; it takes no claim until someone has looked.", Severity.Warning, [volume.Id]);
    }

    private static Verdict? Pending(CaseFile file, Evidence claim)
    {
        var events = file.Events.Where(item => item.Source.Kind == claim.Source.Kind && item.Source.Name == claim.Source.Name && file.IsRecent(item)).ToArray();
        var className = claim.Fact(FactNames.StorageClass);
        var storageClass = file.Of(EvidenceKind.Volume).FirstOrDefault(item => item.Source.Kind == "StorageClass" && item.Source.Name == className);
        var failed = events.FirstOrDefault(item => item.Fact(FactNames.Reason) is "ProvisioningFailed" or "ProvisioningCleanupFailed");
        if (className is not null && (storageClass?.Flag(FactNames.Exists) == false || failed?.Said().Contains($"\"{className}\" not found", StringComparison.Ordinal) == true))
            return About(file, PendingName, claim, $"PersistentVolumeClaim {claim.Source.Name} is Pending: StorageClass {className} does not exist{Chain(file, claim)}", "A claim cannot change its class: it has to be made anew with one that exists, or the class has to be made.", Severity.Warning, Ids(claim, storageClass, failed));
        if (failed is not null)
        {
            var says = Wording.Cut(Wording.OneLine(failed.Said()), 200).TrimEnd('.');
            var by = storageClass?.Fact(FactNames.Provisioner) is { } provisioner ? $" by {provisioner}" : "";
            return About(file, PendingName, claim, $"PersistentVolumeClaim {claim.Source.Name} is Pending: provisioning{by} fails: {says}{Chain(file, claim)}", $"Provisioning{by} fails: {says}.", Severity.Warning, Ids(claim, storageClass, failed));
        }

        if (className is null)
            return About(file, PendingName, claim, $"PersistentVolumeClaim {claim.Source.Name} is Pending: it names no StorageClass and no default made a volume{Chain(file, claim)}", "Without a class it waits for a default StorageClass or for a volume that matches.", Severity.Warning, Ids(claim, storageClass, null));

        // It waits for its pod to be placed: what keeps the pod from that is the cause, and without a pod nothing is wrong.
        if (storageClass?.Fact(FactNames.BindingMode) == "WaitForFirstConsumer" || events.Any(item => item.Fact(FactNames.Reason) == "WaitForFirstConsumer"))
        {
            return Waiting(file, claim).Any()
                ? null
                : About(file, PendingName, claim, $"PersistentVolumeClaim {claim.Source.Name} waits for the first pod that uses it", $"StorageClass {className} binds WaitForFirstConsumer: it is Pending until a pod needs it, which is as it should be.", Severity.Info, Ids(claim, storageClass, null));
        }

        return About(file, PendingName, claim, $"PersistentVolumeClaim {claim.Source.Name} is Pending: StorageClass {className} has made no volume yet{Chain(file, claim)}", "Its events and the provisioner's log tell more.", Severity.Warning, Ids(claim, storageClass, null)) with { Confidence = Confidence.Medium };
    }

    private static Verdict About(CaseFile file, string rule, Evidence item, string cause, string explanation, Severity severity, IReadOnlyList<string> ids) =>
        new(
            rule, Wording.Cause(cause), $"{Wording.Sentence(cause)} {explanation}", Wording.Sentence(cause), severity, Confidence.High, ids,
            [Actions.Describe(item.Source, item.Id), Actions.ViewEvents(item.Source, item.Id)])
        {
            IsAlerted = file.IsAlerted(item.Source) || file.IsAlerted(Waiting(file, item)),
            Marks = ["claim", "volume", "storage", "pvc", "provision"],
        };

    private static string[] Ids(Evidence claim, Evidence? storageClass, Evidence? shown) =>
        [claim.Id, .. new[] { storageClass, shown }.OfType<Evidence>().Select(item => item.Id)];

    private static string Chain(CaseFile file, Evidence claim) =>
        Waiting(file, claim).FirstOrDefault() is { } pod ? $", so pod {pod.Name} waits" : "";

    private static IEnumerable<PodState> Waiting(CaseFile file, Evidence claim) =>
        file.Pods.Where(pod => pod.Phase == "Pending" && pod.Evidence.Fact(FactNames.Claims)?.Split(',', StringSplitOptions.TrimEntries).Contains(claim.Source.Name) == true);
}
