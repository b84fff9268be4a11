using System.Text.RegularExpressions;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules;

/// <summary>
/// Nothing is wrong any more: all that was read is healthy, and what the alerts complain about can be seen in such evidence.
/// An alert on latency or error rates is not refuted by ready pods.
/// </summary>
internal static partial class Recovered
{
    public const string Name = "recovered";

    public static IEnumerable<Verdict> Check(CaseFile file)
    {
        if (!IsHealthy(file) || !file.Alerts.All(alert => alert.Status == AlertStatus.Resolved || IsAboutState(alert) || IsOfFinishedPod(file, alert)))
            yield break;

        var (what, ids) = Healthy(file);
        var recovering = file.Alerts.Any(alert => alert.Status == AlertStatus.Firing)
            ? file.Owners.Any(owner => owner.Source.Kind == "Job" && owner.Number(FactNames.Failed) > 0 && owner.Number(FactNames.Succeeded) is null or 0)
                ? " The alert stays until the failed Job is deleted."
                : " The alert should resolve by itself."
            : "";
        yield return new Verdict(
            Name,
            Wording.Cause($"{file.Subject.Name()} is healthy: nothing is wrong any more", $"{file.Subject.Kind} is healthy: nothing is wrong any more"),
            $"{Gone(file)}{what}.{Before(file)}{recovering}",
            $"{Gone(file)}{what}; nothing is wrong any more.",
            Severity.Info,
            Confidence.High,
            ids,
            file.Containers.Count > 0
                ? [Actions.ViewLogs(file.Containers[0])]
                : [Actions.Describe(file.SubjectReference(), ids)]);
    }

    private static bool IsHealthy(CaseFile file)
    {
        var seen = file.Subject.Kind == "Node"
            ? file.Nodes.Any(node => node.Name == file.Subject.Name)
            : file.Containers.Count > 0 || JobsSucceeded(file) || SubjectAsItShouldBe(file) is not null;
        return seen
            && file.Containers.All(container => container.IsHealthy)
            && file.Pods.All(pod => pod.Phase is null or "Running" or "Succeeded")
            && file.Nodes.All(node => node.IsHealthy)
            && !file.Owners.Any(LacksReplicas);
    }

    private static bool LacksReplicas(Evidence owner) =>
        owner.Source.Kind is "Deployment" or "StatefulSet" or "DaemonSet"
        && owner.Number(FactNames.Desired) is { } desired
        && (owner.Number(FactNames.ReadyReplicas) ?? 0) < desired;

    /// <summary>The subject itself where it is a claim, a volume or a custom resource that is bound, healthy or ready.</summary>
    private static Evidence? SubjectAsItShouldBe(CaseFile file) =>
        file.Context.Evidence.FirstOrDefault(item =>
            item.Kind is EvidenceKind.Volume or EvidenceKind.Resource
            && item.Source.Kind == file.Subject.Kind && item.Source.Name == file.Subject.Name
            && (item.Fact(FactNames.Phase) == "Bound" || item.Fact(FactNames.Robustness) == "healthy" || item.Flag(FactNames.Ready) == true));

    private static bool JobsSucceeded(CaseFile file) =>
        file.Owners.Any(owner => owner.Source.Kind == "Job" && owner.Number(FactNames.Succeeded) > 0);

    private static (string What, IReadOnlyList<string> Ids) Healthy(CaseFile file)
    {
        if (file.Subject.Kind == "Node")
        {
            var node = file.Nodes.First(node => node.Name == file.Subject.Name);
            return ($"Node {node.Name} is ready and under no pressure", [node.Id]);
        }

        if (SubjectAsItShouldBe(file) is { } subject)
            return ($"{file.Subject.Name()} is as it should be ({subject.Fact(FactNames.Phase) ?? subject.Fact(FactNames.Robustness) ?? "Ready"})", [subject.Id]);
        if (file.Containers.Count == 0)
        {
            var job = file.Owners.Where(owner => owner.Source.Kind == "Job" && owner.Number(FactNames.Succeeded) > 0).MaxBy(owner => owner.Source.Name, StringComparer.Ordinal)!;
            var failed = file.Owners.FirstOrDefault(owner => owner.Source.Kind == "Job" && owner.Number(FactNames.Failed) > 0 && owner.Number(FactNames.Succeeded) is null or 0);
            return failed is null
                ? ($"Job {job.Source.Name} has succeeded{(job.Number(FactNames.Failed) is > 0 and var tries ? $", at the {(tries == 1 ? "second" : "last")} try" : "")}", [job.Id])
                : ($"Job {failed.Source.Name} failed, and the later Job {job.Source.Name} has succeeded", [job.Id, failed.Id]);
        }

        var pods = file.Containers.Select(container => container.Pod).Distinct(StringComparer.Ordinal).Count();
        var done = file.Containers.All(container => container.IsTerminated);
        var state = done ? "have completed without an error" : "are ready";
        return (
            pods == 1 ? $"All containers of pod {file.Containers[0].Pod} {state}" : $"All {pods} pods {state}",
            [.. file.Containers.Take(5).Select(container => container.Id)]);
    }

    /// <summary>The latest failure that is over, so that the alert is explained.</summary>
    private static string Before(CaseFile file)
    {
        var past = file.Containers
            .Where(container => container.IsRunning && container.LastEnd is { FinishedAt: not null, ExitCode: not 0 })
            .MaxBy(container => container.LastEnd!.FinishedAt);
        if (past is null)
            return "";
        var end = past.LastEnd!;
        var exit = end.ExitCode is { } code ? $", exit {code}" : "";
        var restarts = past.Restarts > 1 ? $" It has restarted {Wording.Count(past.Restarts, "time")} in all." : "";
        return $" {past.Name} last ended {Wording.At(end.FinishedAt!.Value, file.Now)} ({end.Reason ?? "Error"}{exit}) and has run since.{restarts}";
    }

    private static bool IsOfFinishedPod(CaseFile file, Alert alert) =>
        alert.Labels.GetValueOrDefault("pod") is { } pod
        && (file.GonePods.Any(gone => gone.Source.Name == pod) || (file.FailedPods.Any(failed => failed.Name == pod) && file.Pods.All(current => current.Name != pod)));

    /// <summary>What an alert names may be gone: by a roll-out, by a person, or because fewer are wanted.</summary>
    private static string Gone(CaseFile file)
    {
        if (file.GonePods.FirstOrDefault() is not { } gone)
            return "";
        var scaled = file.Events.FirstOrDefault(item => item.Fact(FactNames.Reason) == "ScalingReplicaSet" && item.Said().StartsWith("Scaled down", StringComparison.Ordinal) && file.IsRecent(item));
        var by = scaled is not null && file.Of(EvidenceKind.Autoscaler).FirstOrDefault() is { } scaler ? $" by its autoscaler {scaler.Source.Name}" : "";
        return $"Pod {gone.Source.Name} no longer exists{(scaled is null ? "" : $": {$"scaled {ScaledFrom().Replace(Wording.OneLine(scaled.Said()), "${what}")}"}{by}")}. ";
    }

    [GeneratedRegex("^Scaled (?<what>down replica set .{1,200})$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ScaledFrom();

    public static bool IsAboutState(Alert alert) => StateAlert().IsMatch(alert.Name());

    [GeneratedRegex(
        "^Kube(Pod|Container|PersistentVolumeErrors|Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob|Node)|Crash|OOM|NotReady|ImagePull|Pending|Waiting|Restart|Unschedulable|Evict|Pressure|JobFailed|^(CertManager)?Cert(ificate)?(NotReady|ExpirySoon|Expir)|^LonghornVolume(Status|Robustness|Degraded|Faulted)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex StateAlert();
}
