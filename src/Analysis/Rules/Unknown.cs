using AlertResponder.Contracts;
using AlertResponder.Incidents;

namespace AlertResponder.Analysis.Rules;

/// <summary>No rule knows the cause: says what the alert says, what was seen, and what could not be read. Always answers.</summary>
internal static class Unknown
{
    public const string Name = "unknown";

    private static readonly string[] InShort = ["summary", "message", "description"];
    private static readonly string[] AtLength = ["description", "message", "summary"];

    public static Verdict Check(CaseFile file)
    {
        var alerts = file.Alerts;
        var firing = alerts.Any(alert => alert.Status == AlertStatus.Firing);
        var alert = Named(alerts);
        var name = alert is null ? "An alert" : Wording.OneLine(alert.Name());
        var (seen, seenIds) = Seen(file);
        string[] alertIds = [.. file.Of(EvidenceKind.Alert).Select(item => item.Id).Take(3)];
        string[] ids = [.. alertIds, .. seenIds];
        if (ids.Length == 0)
            ids = [.. file.Context.Evidence.Select(item => item.Id).Take(3)];

        var inShort = alert is null ? null : Said(alert, InShort);
        var atLength = alert is null ? null : Said(alert, AtLength);
        var about = file.Subject.Kind == Subject.AlertKind ? "" : $" for {file.Subject.Name()}";
        var cause = Gone(file) ?? seen ?? AndOthers(alerts, alert, inShort) ?? "the cause is not known";

        // Not once more what the cause says; what could not be read the message tells by itself.
        var explanation = seen is null && atLength == inShort ? null : atLength;

        return new Verdict(
            Name,
            firing || alert is null
                ? Wording.Cause($"{name}{about}: {cause}", $"{name}: {cause}")
                : Wording.Cause($"{name}{about} resolved by itself; its cause was not seen", $"{name} resolved by itself"),
            explanation is null ? file.Context.ConnectedCluster is null ? "Nothing else was found." : "Its cluster was not looked at." : Wording.Sentence(Wording.Cut(explanation, 300)),
            $"{name}{about}: no rule knows the cause from what could be read.",
            !firing && alert is not null ? Severity.Info : alerts.Any(alert => alert.IsUrgent()) ? Severity.Critical : Severity.Warning,
            Confidence.Low,
            ids,
            ReadOnly(file, ids));
    }

    /// <summary>Of the alerts alone, for evidence that no rule can read. Looks at nothing else, so that it answers whatever the evidence is.</summary>
    public static Verdict AlertAlone(ContextEnriched context)
    {
        var alerts = context.Alerts.Standing();
        var alert = Named(alerts);
        var name = alert is null ? "An alert" : Wording.OneLine(alert.Name());
        var about = $"{name}{(context.Subject.Kind == Subject.AlertKind ? "" : $" for {context.Subject.Name()}")}";
        var said = alert is null ? null : Said(alert, InShort)?.TrimEnd('.');
        var firing = alert?.Status == AlertStatus.Firing;
        return new Verdict(
            Name,
            Wording.Cause($"{about}: {said ?? "the cause is not known"}", $"{name}: {said ?? "the cause is not known"}"),
            "The evidence could not be used: this is the alert's own text.",
            $"{about}: the evidence could not be used.",
            firing ? alerts.Any(alert => alert.IsUrgent()) ? Severity.Critical : Severity.Warning : Severity.Info,
            Confidence.Low,
            [.. context.Evidence.Select(item => item.Id).Take(1)],
            []);
    }

    /// <summary>Of the standing alerts the one that is named: the last urgent one, without one the last.</summary>
    private static Alert? Named(IReadOnlyList<Alert> alerts) => alerts.LastOrDefault(alert => alert.IsUrgent()) ?? (alerts.Count > 0 ? alerts[^1] : null);

    /// <summary>What the alert says, and how many others of its name say something else.</summary>
    private static string? AndOthers(IReadOnlyList<Alert> alerts, Alert? alert, string? said)
    {
        var others = said is null ? 0 : alerts.Count(other => other.Name() == alert?.Name() && Said(other, InShort) is { } text && text != said);
        return others == 0 ? said?.TrimEnd('.') : $"{said!.TrimEnd('.')}, and {others} more";
    }

    /// <summary>What the alert names is not there: that may be all there is to it.</summary>
    private static string? Gone(CaseFile file)
    {
        var gone = file.GonePods.Select(pod => $"pod {pod.Source.Name}").FirstOrDefault();
        var owner = file.Owners.FirstOrDefault(item => item.Flag(FactNames.Exists) == false);
        return (gone, owner) switch
        {
            ({ } pod, { } missing) => $"{pod} does not exist, nor does {missing.Source.Kind} {missing.Source.Name}",
            ({ } pod, null) => $"{pod} does not exist any more",
            (null, { } missing) => $"{missing.Source.Kind} {missing.Source.Name} does not exist",
            _ => null,
        };
    }

    /// <summary>The most telling state among pods and containers, in one clause.</summary>
    private static (string? Text, IReadOnlyList<string> Ids) Seen(CaseFile file)
    {
        if (file.Containers.FirstOrDefault(container => container.IsWaiting && container.Reason is not null and not "PodInitializing" and not "ContainerCreating") is { } waiting)
            return ($"{waiting.Label} waits: {waiting.Reason}{(waiting.Message is { } message ? $": {Wording.Cut(Wording.OneLine(message), 160)}" : "")}", [waiting.Id]);
        if (file.Pods.FirstOrDefault(pod => pod.Phase == "Failed") is { } failed)
            return ($"pod {failed.Name} failed{(failed.Reason is { } reason ? $" ({reason})" : "")}{(failed.Message is { } message ? $": {Wording.Cut(Wording.OneLine(message), 160)}" : "")}", [failed.Id]);
        if (file.Containers.FirstOrDefault(container => container.IsRunning && container.IsReady == false) is { } unready)
        {
            var probe = file.EventsOf(unready.Evidence.Source.Namespace, unready.Pod).FirstOrDefault(item => item.Fact(FactNames.Reason) == "Unhealthy");
            return probe is null
                ? ($"{unready.Label} runs but is not ready", [unready.Id])
                : ($"{unready.Label} runs but is not ready: {Wording.Cut(Wording.OneLine(probe.Said()), 160)}", [unready.Id, probe.Id]);
        }

        if (file.Containers.Count > 0 && file.Containers.All(container => container.IsHealthy))
        {
            var pods = file.Containers.Select(container => container.Pod).Distinct(StringComparer.Ordinal).Count();
            return ($"its {(pods == 1 ? "pod is" : Wording.Count(pods, "pod") + " are")} ready, so the cause lies elsewhere", [file.Containers[0].Id]);
        }

        return (null, []);
    }

    /// <summary>The alert's own words at length, on one line.</summary>
    public static string? Said(Alert alert) => Said(alert, AtLength);

    private static string? Said(Alert alert, IEnumerable<string> annotations) =>
        annotations
            .Select(key => alert.Annotations.GetValueOrDefault(key))
            .Where(text => !string.IsNullOrWhiteSpace(text))
            .Select(text => Wording.OneLine(text!))
            .FirstOrDefault();

    private static IReadOnlyList<SuggestedAction> ReadOnly(CaseFile file, IReadOnlyList<string> ids)
    {
        if (file.Containers.Count > 0)
        {
            var container = file.Containers.FirstOrDefault(item => !item.IsHealthy) ?? file.Containers[0];
            return [Actions.ViewLogs(container), Actions.ViewEvents(container.Evidence.Source, ids)];
        }

        if (file.Subject.Kind == Subject.AlertKind)
            return [];
        return [Actions.Describe(file.SubjectReference(), ids), Actions.ViewEvents(file.SubjectReference(), ids)];
    }
}
