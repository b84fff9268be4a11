using AlertResponder.Analysis.Rules.Logs;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules.Pods;

/// <summary>The runtime cannot create or start a container: a command that is not in the image, a bad mount, a name in use.</summary>
internal static class ContainerNotCreated
{
    public const string Name = "container-not-created";

    public static IEnumerable<Verdict> Check(CaseFile file) =>
        Group.Of(file, container => Applies(container) && !WrongArchitecture.Applies(file, container), container => container.Reason)
            .Select(group => Verdict(file, group));

    private static bool Applies(ContainerState container) =>
        container.IsWaiting && container.Reason is "CreateContainerError" or "RunContainerError" or "PreStartHookError" or "PostStartHookError";

    private static Verdict Verdict(CaseFile file, Group group)
    {
        var container = group.Worst;
        var said = Wording.OneLine(container.Message ?? container.LastEnd?.Message ?? "");
        var meaning = LogMeanings.Of(said)?.Text;
        var why = meaning ?? (said.Length > 0 ? Wording.Cut(said, 160) : "the runtime does not say why");
        string[] ids = [.. group.CitedIds];
        return new Verdict(
            Name,
            Wording.Cause(
                $"{container.Label} cannot be created{group.InPods}: {why}",
                $"{container.Name} cannot be created: {why}"),
            $"The runtime cannot start {container.Label}{group.InPods} ({container.Reason}): {Wording.Sentence(said.Length > 0 ? Wording.Cut(said, 240) : why)}",
            $"{group.Where}: {container.Label} is in {container.Reason}: {why}.",
            group.Severity(file),
            meaning is null ? Confidence.Medium : Confidence.High,
            ids,
            Actions.ForNewRevision(file, group, ids))
        {
            IsAlerted = group.Members.Any(file.IsAlerted),
            MayComeOfChange = true,
        };
    }
}
