using System.Text.RegularExpressions;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules.Pods;

/// <summary>A container cannot be configured: a ConfigMap, a Secret or one of their keys is missing, or its settings forbid it.</summary>
internal static partial class ConfigMissing
{
    public const string Name = "config-missing";

    public static IEnumerable<Verdict> Check(CaseFile file) =>
        Group.Of(file, Applies, container => container.Message).Select(group => Verdict(file, group));

    private static bool Applies(ContainerState container) => container.IsWaiting && container.Reason == "CreateContainerConfigError";

    private static Verdict Verdict(CaseFile file, Group group)
    {
        var container = group.Worst;
        var shown = container.Message is null ? Event(file, container) : null;
        var said = Wording.OneLine(container.Message ?? shown?.Said() ?? "");
        var missing = Missing(said);
        var why = missing ?? (said.Length > 0 ? Wording.Cut(said, 160) : "its configuration cannot be read");
        string[] ids = shown is null ? [.. group.CitedIds] : [.. group.CitedIds, shown.Id];
        return new Verdict(
            Name,
            Wording.Cause(
                $"{container.Label} cannot start{group.InPods}: {why}",
                $"{container.Name} cannot start: {why}"),
            $"{container.Label} waits in CreateContainerConfigError{group.InPods}: {why}. It starts by itself once that is there; a restart does not help.",
            $"{group.Where}: {container.Label} is in CreateContainerConfigError: {why}.",
            group.Severity(file),
            missing is null ? Confidence.Medium : Confidence.High,
            ids,
            Actions.ForNewRevision(file, group, ids))
        {
            IsAlerted = group.Members.Any(file.IsAlerted),
            MayComeOfChange = true,
            Marks = ["config", "secret", "key", "missing", "not found", "does not exist", "not there"],
        };
    }

    /// <summary>What is missing, by what the kubelet says; null when it says something else.</summary>
    public static string? Missing(string said)
    {
        if (MissingObject().Match(said) is { Success: true } whole)
            return $"{Kind(whole.Groups["kind"].Value)} {whole.Groups["name"].Value} does not exist";
        if (MissingKey().Match(said) is { Success: true } key)
            return $"{Kind(key.Groups["kind"].Value)} {key.Groups["name"].Value}".TrimEnd() + $" has no key {key.Groups["key"].Value}";
        return RunsAsRoot().IsMatch(said) ? "its image runs as root, which runAsNonRoot forbids" : null;
    }

    private static Evidence? Event(CaseFile file, ContainerState container) =>
        file.EventsOf(container.Evidence.Source.Namespace, container.Pod).FirstOrDefault(item => item.Fact(FactNames.Reason) == "Failed");

    private static string Kind(string word) => word.Equals("secret", StringComparison.OrdinalIgnoreCase) ? "Secret" : "ConfigMap";

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase;

    [GeneratedRegex(@"\b(?<kind>configmap|secret)s? ""(?<name>[\w.-]{1,253})"" not found|(?<kind>configmap|secret) [\w.-]{1,63}/(?<name>[\w.-]{1,253}) not (found|registered)", Options, 1000)]
    private static partial Regex MissingObject();

    [GeneratedRegex(@"couldn't find key (?<key>[\w.-]{1,253}) in (?<kind>configmap|secret) ([\w.-]{1,63}/)?(?<name>[\w.-]{1,253})|references non-existent (?<kind>config|secret) key: (?<key>[\w.-]{1,253})", Options, 1000)]
    private static partial Regex MissingKey();

    [GeneratedRegex("runAsNonRoot and image (will run as root|has non-numeric user)", Options, 1000)]
    private static partial Regex RunsAsRoot();
}
