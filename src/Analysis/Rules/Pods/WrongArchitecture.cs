using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules.Pods;

/// <summary>The image's binary is built for another CPU than the node's.</summary>
internal static class WrongArchitecture
{
    public const string Name = "wrong-architecture";

    /// <summary>
    /// The kernel refuses the file before the application runs. So the runtime says it, or it is the log's only line, and the exit
    /// code is one of those that a refused start has.
    /// </summary>
    public static bool Applies(CaseFile file, ContainerState container)
    {
        if (container.IsWaiting && Says(container.Message))
            return true;
        if (container.LastEnd is not { } end || container.IsHealthy || end.Reason == "OOMKilled" || end.ExitCode is not (null or 1 or 2 or 126 or 127 or 128 or 255))
            return false;
        return Says(end.Message) || (file.LogOfLastRun(container)?.Text is { Length: < 600 } log && Says(log));
    }

    public static IEnumerable<Verdict> Check(CaseFile file) =>
        Group.Of(file, container => Applies(file, container), container => container.Image).Select(group => Verdict(file, group));

    private static Verdict Verdict(CaseFile file, Group group)
    {
        var container = group.Worst;
        var image = container.Image ?? "its image";
        var node = file.NodeOf(container);
        var architecture = node?.Evidence.Fact(FactNames.Architecture);
        var log = file.LogOfLastRun(container) is { } seen && Says(seen.Text) ? seen : null;
        var where = architecture is null ? "its node's architecture" : $"{architecture} of node {node!.Name}";
        string[] ids =
        [
            .. group.CitedIds,
            .. log is null ? [] : new[] { log.Id },
            .. architecture is null ? [] : new[] { node!.Id },
        ];
        return new Verdict(
            Name,
            Wording.Cause(
                $"{container.Label} cannot run{group.InPods}: {image} is not built for {where}",
                $"{container.Name} cannot run: its image is not built for {where}",
                $"{container.Name} cannot run: its image is built for another CPU architecture"),
            $"{container.Label} ends at once with \"exec format error\": {image} is not built for {where}. Build it for that architecture, or pin it to matching nodes.",
            $"{group.Where}: {container.Label} fails with \"exec format error\"; {image} is not built for {where}.",
            group.Severity(file),
            Confidence.High,
            ids,
            [
                .. new[]
                {
                    Actions.PinArchitecture(file, node, container.Id),
                    Actions.RollBackWorkload(file, group),
                    Actions.ViewPreviousLogs(container),
                    Actions.Describe(container.Evidence.Source, container.Id),
                }.OfType<SuggestedAction>(),
            ])
        {
            IsAlerted = group.Members.Any(file.IsAlerted),
            MayComeOfChange = true,
            Marks = ["architecture", "exec format", "amd64", "arm64", "platform"],
        };
    }

    private static bool Says(string? text) => text?.Contains("exec format error", StringComparison.OrdinalIgnoreCase) == true;
}
