using System.Text.RegularExpressions;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules.Workloads;

/// <summary>A workload's pods are refused before they exist: by a quota, a LimitRange or another admission check.</summary>
internal static partial class PodsNotCreated
{
    public const string QuotaName = "quota-exceeded";
    public const string LimitRangeName = "limit-range";
    public const string Name = "pods-not-created";
    public const string FullName = "quota-full";

    public static IEnumerable<Verdict> Check(CaseFile file) =>
        file.RecentEvents("FailedCreate")
            .Where(item => item.Source.Kind != "Pod" && StillLacks(file, item.Source))
            .OrderByDescending(item => item.Time)
            .Take(1)
            .Select(item => Verdict(file, item))
            .DefaultIfEmpty(Full(file)!)
            .Where(verdict => verdict is not null);

    /// <summary>A quota that an alert finds used up, while nothing is refused yet.</summary>
    private static Verdict? Full(CaseFile file)
    {
        if (file.FiringAlert(AboutQuota()) is null)
            return null;
        var full = file.Of(EvidenceKind.Quota)
            .Select(quota => (Quota: quota, Used: quota.Facts.Keys
                .Where(name => name.StartsWith(FactNames.HardPrefix, StringComparison.Ordinal))
                .Select(name => name[FactNames.HardPrefix.Length..])
                .Select(resource => (Resource: resource, Used: quota.Fact(FactNames.UsedPrefix + resource), Hard: quota.Fact(FactNames.HardPrefix + resource)))
                .Where(entry => Quantity.Percent(entry.Used, entry.Hard) >= AlmostFull)
                .ToArray()))
            .FirstOrDefault(quota => quota.Used.Length > 0);
        if (full.Quota is not { } found)
            return null;
        var used = string.Join(", ", full.Used.Take(3).Select(entry => $"{entry.Resource} {entry.Used} of {entry.Hard}"));
        var cause = $"Quota {found.Source.Name} of namespace {found.Source.Namespace} is used up: {used}";
        return new Verdict(
            FullName,
            Wording.Cause(cause, $"Quota {found.Source.Name} is used up: {used}"),
            $"{Wording.Sentence(cause)} Nothing was refused that could be seen; the next pod that needs more will be.",
            Wording.Sentence(cause),
            Severity.Info,
            Confidence.High,
            [found.Id],
            [Actions.Describe(found.Source, found.Id)])
        {
            IsAlerted = true,
            Marks = ["quota"],
        };
    }

    private static Verdict Verdict(CaseFile file, Evidence shown)
    {
        var said = Wording.OneLine(shown.Said());
        var (rule, why, certain) = Why(said);
        var quota = rule == QuotaName ? file.Of(EvidenceKind.Quota).FirstOrDefault(item => said.Contains($"quota: {item.Source.Name}", StringComparison.Ordinal)) : null;
        string[] ids = quota is null ? [shown.Id] : [shown.Id, quota.Id];
        var owner = $"{shown.Source.Kind} {shown.Source.Name}";
        return new Verdict(
            rule,
            Wording.Cause($"{file.Subject.Name()}: no new pods: {why}", $"No new pods: {why}"),
            $"{owner} cannot create pods: {why}.{(rule == QuotaName ? " Pods come by themselves once there is room in the quota." : "")}",
            $"{owner} cannot create pods: {why}.",
            file.Pods.Count == 0 && file.Subject.Kind is "Deployment" or "StatefulSet" or "DaemonSet" ? Severity.Critical : Severity.Warning,
            certain ? Confidence.High : Confidence.Medium,
            ids,
            [Actions.ViewEvents(shown.Source, ids), Actions.Describe(shown.Source, ids)])
        {
            IsAlerted = true,
            MayComeOfChange = rule != QuotaName,
            Marks = ["quota", "limit", "forbidden", "create", "admission", "denied"],
        };
    }

    private static (string Rule, string Why, bool Certain) Why(string said)
    {
        if (Exceeded().Match(said) is { Success: true } exceeded)
        {
            return (
                QuotaName,
                $"quota {exceeded.Groups["quota"].Value} is used up (requested {exceeded.Groups["requested"].Value}, used {exceeded.Groups["used"].Value}, limited {exceeded.Groups["limited"].Value.TrimEnd('.')})",
                true);
        }

        if (Unstated().Match(said) is { Success: true } unstated)
            return (QuotaName, $"quota {unstated.Groups["quota"].Value} asks for {unstated.Groups["what"].Value}, which the pod does not state", true);
        if (Range().Match(said) is { Success: true } range)
            return (LimitRangeName, $"a LimitRange forbids it: {range.Value}", true);
        var refused = said.StartsWith("Error creating: ", StringComparison.Ordinal) ? said["Error creating: ".Length..] : said;
        return (Name, Wording.Cut(refused.TrimEnd('.'), 200), said.Contains("forbidden", StringComparison.Ordinal) || said.Contains("denied", StringComparison.Ordinal));
    }

    // Quantities round: what is asked for in whole pods or cores seldom meets the limit exactly.
    private const int AlmostFull = 90;

    [GeneratedRegex("Quota", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex AboutQuota();

    /// <summary>An event stays listed after the pods were created: the owner's numbers decide.</summary>
    private static bool StillLacks(CaseFile file, ObjectReference source)
    {
        var owner = file.Owner(source.Kind, source.Name) ?? file.Owner(file.Subject.Kind, file.Subject.Name);
        if (owner is null)
            return true;
        if (owner.Source.Kind == "Job")
            return owner.Number(FactNames.Active) is null or 0 && owner.Number(FactNames.Succeeded) is null or 0;
        return owner.Number(FactNames.Desired) is not { } desired || (owner.Number(FactNames.ReadyReplicas) ?? 0) < desired;
    }

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    [GeneratedRegex(@"exceeded quota: (?<quota>[\w.-]{1,253}), requested: (?<requested>.{1,300}?), used: (?<used>.{1,300}?), limited: (?<limited>\S{1,300})", Options, 1000)]
    private static partial Regex Exceeded();

    [GeneratedRegex(@"failed quota: (?<quota>[\w.-]{1,253}): must specify (?<what>.{1,200}?)( for: .{0,200})?$", Options, 1000)]
    private static partial Regex Unstated();

    [GeneratedRegex(@"(maximum|minimum) \S{1,60} usage per \w{1,40} is [^,\s]{1,30}(, but (limit|request) is [\w.]{1,30})?|\S{1,60} max limit to request ratio per \w{1,40} is [^,\s]{1,30}", Options, 1000)]
    private static partial Regex Range();
}
