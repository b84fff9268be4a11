using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules.Workloads;

/// <summary>A HorizontalPodAutoscaler that cannot scale: at its bound, or without the metrics or the target that it needs.</summary>
internal static class AutoscalerTrouble
{
    public const string MaxedName = "autoscaler-at-maximum";
    public const string BlindName = "autoscaler-blind";

    public static IEnumerable<Verdict> Check(CaseFile file) =>
        file.Of(EvidenceKind.Autoscaler).Select(item => Verdict(file, item)).OfType<Verdict>();

    private static Verdict? Verdict(CaseFile file, Evidence scaler)
    {
        var name = scaler.Source.Name;
        var target = scaler.Fact(FactNames.ScaleTarget) is { } scaled ? $" of {scaled}" : "";
        var says = scaler.Fact(FactNames.Message) is { } message ? Wording.Cut(Wording.OneLine(message), 200).TrimEnd('.') : null;
        if (scaler.Flag(FactNames.AbleToScale) == false)
            return About(file, scaler, BlindName, $"Autoscaler {name}{target} cannot scale{(says is null ? "" : $": {says}")}", "It leaves the replicas as they are until that is mended.");

        // A target without replicas turns the autoscaler off: that is someone's wish.
        if (scaler.Flag(FactNames.ScalingActive) == false && scaler.Fact(FactNames.Reason) != "ScalingDisabled")
            return About(file, scaler, BlindName, $"Autoscaler {name}{target} cannot read its metrics{(says is null ? "" : $": {says}")}", "Without metrics it leaves the replicas as they are. Look at metrics-server and at the pods' requests.");

        var current = scaler.Number(FactNames.CurrentReplicas);
        return scaler.Number(FactNames.MaxReplicas) is { } max && current >= max && scaler.Number(FactNames.MinReplicas) != max
            && (scaler.Flag(FactNames.ScalingLimited) == true || scaler.Number(FactNames.Desired) >= max) && file.IsAlerted(scaler.Source)
                ? About(file, scaler, MaxedName, $"Autoscaler {name}{target} is at its maximum of {Wording.Count(max, "replica")}", "It would add more if it were allowed to: the load is above what that many pods are meant for.")
                : null;
    }

    private static Verdict About(CaseFile file, Evidence scaler, string rule, string cause, string explanation) =>
        new(
            rule, Wording.Cause(cause), $"{Wording.Sentence(cause)} {explanation}", Wording.Sentence(cause), Severity.Warning, Confidence.High, [scaler.Id],
            [Actions.Describe(scaler.Source, scaler.Id), Actions.ViewEvents(scaler.Source, scaler.Id)])
        {
            IsAlerted = file.IsAlerted(scaler.Source),
            Marks = ["autoscal", "hpa", "replica", "metric", "scale"],
        };
}
