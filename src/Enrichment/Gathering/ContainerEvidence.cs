using System.Globalization;
using AlertResponder.Contracts;
using k8s.Models;

namespace AlertResponder.Enrichment.Gathering;

/// <summary>One container: what it is, what it was when it last ended, what it may use.</summary>
internal static class ContainerEvidence
{
    public static void Add(EvidenceList list, ObjectReference pod, V1Container container, V1ContainerStatus? status, bool init)
    {
        var resources = container.Resources;
        var limits = Quantities(resources?.Limits);
        var requests = Quantities(resources?.Requests);
        var facts = new Facts()
            .Set(FactNames.Image, container.Image)
            .Set(FactNames.Init, init ? true : null)
            .Set(FactNames.MemoryLimit, limits.GetValueOrDefault("memory"))
            .Set(FactNames.CpuLimit, limits.GetValueOrDefault("cpu"))
            .Set(FactNames.MemoryRequest, requests.GetValueOrDefault("memory"))
            .Set(FactNames.CpuRequest, requests.GetValueOrDefault("cpu"));
        List<string> text = [$"{(init ? "init container" : "container")} {container.Name}: {State(status?.State)}"];
        if (status is not null)
        {
            SetStatus(facts, status);
            if (status.LastState?.Terminated is { } last)
            {
                text.Add($"last run {Terminated(last)}");
            }

            text.Add($"{status.RestartCount.ToString(CultureInfo.InvariantCulture)} restarts, {(status.Ready ? "ready" : "not ready")}");
        }

        text.Add(limits.Count == 0 ? "no limits" : $"limits {Join(limits)}");
        text.Add(requests.Count == 0 ? "no requests" : $"requests {Join(requests)}");
        text.Add($"image {container.Image}");
        list.Add(EvidenceKind.Container, pod with { Container = container.Name }, string.Join("; ", text), null, facts);
    }

    private static void SetStatus(Facts facts, V1ContainerStatus status)
    {
        var state = status.State;
        facts
            .Set(FactNames.State, state?.Waiting is not null ? "waiting" : state?.Running is not null ? "running" : state?.Terminated is not null ? "terminated" : null)
            .Set(FactNames.Reason, state?.Waiting?.Reason ?? state?.Terminated?.Reason)
            .Set(FactNames.Message, state?.Waiting?.Message ?? state?.Terminated?.Message)
            .Set(FactNames.ExitCode, state?.Terminated?.ExitCode)
            .Set(FactNames.LastReason, status.LastState?.Terminated?.Reason)
            .Set(FactNames.LastMessage, status.LastState?.Terminated?.Message)
            .Set(FactNames.LastExitCode, status.LastState?.Terminated?.ExitCode)
            .Set(FactNames.LastStartedAt, status.LastState?.Terminated?.StartedAt)
            .Set(FactNames.LastFinishedAt, status.LastState?.Terminated?.FinishedAt)
            .Set(FactNames.RestartCount, status.RestartCount)
            .Set(FactNames.Ready, status.Ready);
    }

    private static string State(V1ContainerState? state) => state switch
    {
        { Waiting: { } waiting } => $"waiting ({waiting.Reason}{(string.IsNullOrEmpty(waiting.Message) ? "" : $": {waiting.Message}")})",
        { Running: { } running } => running.StartedAt is { } since ? $"running since {Times.Text(since)}" : "running",
        { Terminated: { } terminated } => Terminated(terminated),
        _ => "no status yet",
    };

    private static string Terminated(V1ContainerStateTerminated terminated)
    {
        var text = $"terminated ({terminated.Reason}, exit code {terminated.ExitCode.ToString(CultureInfo.InvariantCulture)}";
        if (terminated.FinishedAt is { } finished)
        {
            text += $", {Times.Text(finished)}";
        }

        return string.IsNullOrEmpty(terminated.Message) ? $"{text})" : $"{text}: {terminated.Message.Trim()})";
    }

    private static Dictionary<string, string> Quantities(IDictionary<string, ResourceQuantity>? quantities) =>
        quantities?.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal) ?? [];

    private static string Join(Dictionary<string, string> quantities) =>
        string.Join(" ", quantities.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}"));
}
