using AlertResponder.Analysis.Rules.Pods;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules.Logs;

/// <summary>A running container's log shows a known kind of trouble, and an alert complains about more than its state.</summary>
internal static class ErrorInLog
{
    public const string Name = "error-in-log";

    public static IEnumerable<Verdict> Check(CaseFile file) =>
        Group.Of(file, container => Error(file, container) is not null, container => Error(file, container)!.Meaning).Take(1).Select(group => Verdict(file, group));

    private static LogError? Error(CaseFile file, ContainerState container)
    {
        if (!container.IsRunning || ProbeFailing.Probe(file, container) is not null || (container.IsHealthy && !file.HasSymptomAlert))
            return null;
        return file.LogOf(container) is { } log && LogError.Find(log.Text) is { IsClear: true, Known: not null } error ? error : null;
    }

    private static Verdict Verdict(CaseFile file, Group group)
    {
        var container = group.Worst;
        var error = Error(file, container)!;
        var dependency = Dependency.Of(file, error);
        var why = dependency?.Short is { } shown ? $"{error.Meaning}; {shown}" : error.Meaning;
        string[] ids = [.. group.CitedIds, file.LogOf(container)!.Id, .. dependency is null ? [] : new[] { dependency.EvidenceId }];
        return new Verdict(
            Name,
            Wording.Cause($"{container.Label} runs{group.InPods}, but {why}", $"{container.Name} runs, but {error.Meaning}"),
            $"{container.Label} runs; its log says: \"{error.Line}\".{(dependency is null ? "" : $" {dependency.Clause}.")}",
            $"{group.Where}: {container.Label} logs \"{error.Line}\".",
            Severity.Warning,
            Confidence.Medium,
            ids,
            [
                .. new[]
                {
                    error.Known!.Kind == LogTrouble.Exhausted ? Actions.RestartWorkload(file, ids) : null,
                    Actions.ViewLogs(container),
                    Actions.Describe(container.Evidence.Source, container.Id),
                }.OfType<SuggestedAction>(),
            ])
        {
            IsAlerted = group.Members.Any(file.IsAlerted),
            MayComeOfChange = true,
        };
    }
}
