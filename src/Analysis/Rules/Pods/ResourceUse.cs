using System.Text.RegularExpressions;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules.Pods;

/// <summary>A container at its CPU limit, or close to its memory limit without an OOM kill yet, when an alert complains about it.</summary>
internal static partial class ResourceUse
{
    public const string ThrottledName = "cpu-throttled";
    public const string MemoryName = "memory-near-limit";

    /// <summary>The working set that the metrics show also holds file cache, which the kernel gives back: less says little.</summary>
    private const int NearLimit = 85;

    public static IEnumerable<Verdict> Check(CaseFile file)
    {
        if (file.FiringAlert(Throttling()) is { } throttling)
        {
            foreach (var container in Alerted(file, throttling).Where(container => container.Evidence.Fact(FactNames.CpuLimit) is not null).Take(1))
                yield return Throttled(file, container, throttling);
        }

        if (file.FiringAlert(Memory()) is { } memory)
        {
            foreach (var container in Alerted(file, memory).Where(container => Percent(file, container) >= NearLimit).OrderByDescending(container => Percent(file, container)).Take(1))
                yield return NearMemoryLimit(file, container);
        }
    }

    private static Verdict Throttled(CaseFile file, ContainerState container, Alert alert)
    {
        var limit = container.Evidence.Fact(FactNames.CpuLimit)!;
        var usage = Usage(file, container);
        var uses = usage?.Fact(FactNames.UsedCpu) is { } used ? $"; it uses {used} now" : "";
        var says = Unknown.Said(alert);
        var cause = $"{container.Label} is throttled at its CPU limit of {limit}{uses}";
        return new Verdict(
            ThrottledName,
            Wording.Cause(cause),
            $"The kernel slows {container.Label} down whenever it wants more than its CPU limit of {limit}{uses}.{(says is null ? "" : $" {Wording.Sentence(Wording.Cut(says, 200))}")}",
            $"Pod {container.Pod}: {Wording.Sentence(cause)}",
            Severity.Warning,
            Confidence.High,
            usage is null ? [container.Id] : [container.Id, usage.Id],
            [.. new[] { Actions.IncreaseCpuLimit(file, container), Actions.Describe(container.Evidence.Source, container.Id) }.OfType<SuggestedAction>()])
        {
            IsAlerted = true,
            MayComeOfChange = true,
            Marks = ["throttl", "cpu"],
        };
    }

    private static Verdict NearMemoryLimit(CaseFile file, ContainerState container)
    {
        var usage = Usage(file, container)!;
        var percent = Percent(file, container);
        var cause = $"{container.Label} uses {usage.Fact(FactNames.UsedMemory)} of its {container.MemoryLimit} memory limit ({percent} %)";
        return new Verdict(
            MemoryName,
            Wording.Cause(cause, $"{container.Name} uses {percent} % of its memory limit"),
            $"{Wording.Sentence(cause)} It has not been killed for it; at the limit the kernel does that.",
            $"Pod {container.Pod}: {Wording.Sentence(cause)}",
            Severity.Warning,
            Confidence.High,
            [container.Id, usage.Id],
            [.. new[] { Actions.IncreaseMemoryLimit(file, container), Actions.ViewLogs(container) }.OfType<SuggestedAction>()])
        {
            IsAlerted = true,
            MayComeOfChange = true,
            Marks = ["memory", "limit"],
        };
    }

    private static IEnumerable<ContainerState> Alerted(CaseFile file, Alert alert)
    {
        var (pod, container) = (alert.Labels.GetValueOrDefault("pod"), alert.Labels.GetValueOrDefault("container"));
        return file.Containers.Where(item => item.IsRunning && !item.IsInit && (container is null || item.Name == container) && (pod is null || item.Pod == pod || file.Containers.All(other => other.Pod != pod)));
    }

    private static int? Percent(CaseFile file, ContainerState container) =>
        Quantity.Percent(Usage(file, container)?.Fact(FactNames.UsedMemory), container.MemoryLimit);

    private static Evidence? Usage(CaseFile file, ContainerState container) =>
        file.Of(EvidenceKind.Usage).FirstOrDefault(item =>
            item.Source.Name == container.Pod && item.Source.Namespace == container.Evidence.Source.Namespace && item.Source.Container == container.Evidence.Source.Container);

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    [GeneratedRegex("CPUThrottling|CpuThrottling|CPU.*Throttl|Cpu.*Throttl", Options)]
    private static partial Regex Throttling();

    [GeneratedRegex("Memory|OOM|Mem[A-Z]", Options)]
    private static partial Regex Memory();
}
