using AlertResponder.Analysis.Check;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules;

/// <summary>kubectl commands for what the suggested read-only actions show, for a person at a terminal.</summary>
internal static class LookFurther
{
    public static IReadOnlyList<string> Commands(CaseFile file, IReadOnlyList<SuggestedAction> actions)
    {
        var commands = actions.Select(Command).OfType<string>();
        if (file.Subject.Kind != Subject.AlertKind)
            commands = commands.Append(Line("describe", file.SubjectReference()));

        // Names come from labels too: what is no plain command is not shown.
        return [.. commands.Distinct(StringComparer.Ordinal).Where(KubectlCommand.IsReadOnly).Take(4)];
    }

    private static string? Command(SuggestedAction action) => action.Kind switch
    {
        ActionKinds.ViewPreviousLogs => $"kubectl{In(action.Target)} logs {action.Target.Name} -c {action.Target.Container} --previous --tail=50",
        ActionKinds.ViewLogs => $"kubectl{In(action.Target)} logs {action.Target.Name} -c {action.Target.Container} --tail=50",
        ActionKinds.ViewEvents => $"kubectl{In(action.Target)} get events --field-selector involvedObject.name={action.Target.Name}",
        ActionKinds.Describe => Line("describe", action.Target),
        ActionKinds.RollBackWorkload => $"kubectl{In(action.Target)} rollout history {action.Target.Kind.ToLowerInvariant()}/{action.Target.Name}",
        _ => null,
    };

    private static string Line(string verb, ObjectReference target) =>
        $"kubectl{In(target)} {verb} {target.Kind.ToLowerInvariant()} {target.Name}";

    private static string In(ObjectReference target) => target.Namespace is null ? "" : $" -n {target.Namespace}";
}
