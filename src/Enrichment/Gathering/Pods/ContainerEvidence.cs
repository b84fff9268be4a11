using System.Globalization;
using AlertResponder.Contracts;
using k8s.Models;

namespace AlertResponder.Enrichment.Gathering.Pods;

/// <summary>One container: what it is, what it was when it last ended, what it may use.</summary>
internal static class ContainerEvidence
{
    public static Observation Of(PodContainer container)
    {
        var (spec, status) = (container.Spec, container.Status);
        var limits = Quantities(spec.Resources?.Limits);
        var requests = Quantities(spec.Resources?.Requests);
        var facts = new Facts()
            .Set(FactNames.Image, spec.Image)
            .Set(FactNames.Init, container.IsInit ? true : null)
            .Set(FactNames.MemoryLimit, limits.GetValueOrDefault("memory"))
            .Set(FactNames.CpuLimit, limits.GetValueOrDefault("cpu"))
            .Set(FactNames.EphemeralStorageLimit, limits.GetValueOrDefault("ephemeral-storage"))
            .Set(FactNames.MemoryRequest, requests.GetValueOrDefault("memory"))
            .Set(FactNames.CpuRequest, requests.GetValueOrDefault("cpu"))
            .Set(FactNames.Command, CommandText.Of([.. spec.Command ?? [], .. spec.Args ?? []]))
            .Set(FactNames.LivenessProbe, Stated(spec.LivenessProbe))
            .Set(FactNames.ReadinessProbe, Stated(spec.ReadinessProbe))
            .Set(FactNames.StartupProbe, Stated(spec.StartupProbe));
        List<string> text = [$"{container.Role} {spec.Name}: {State(status?.State)}"];
        if (status is not null)
        {
            SetStatus(facts, spec, status);
            if (status.LastState?.Terminated is { } last)
            {
                text.Add($"last run {Terminated(last)}");
            }

            text.Add($"{status.RestartCount.ToString(CultureInfo.InvariantCulture)} restarts, {(status.Ready ? "ready" : "not ready")}");
        }

        text.Add(limits.Count == 0 ? "no limits" : $"limits {Join(limits)}");
        text.Add(requests.Count == 0 ? "no requests" : $"requests {Join(requests)}");
        text.Add($"image {spec.Image}");
        text.AddRange(new[] { ("liveness", spec.LivenessProbe), ("readiness", spec.ReadinessProbe), ("startup", spec.StartupProbe) }
            .Where(probe => probe.Item2 is not null).Select(probe => $"{probe.Item1} probe {Stated(probe.Item2)}"));
        return new Observation(
            EvidenceKind.Container, container.Reference, string.Join("; ", text), facts,
            status?.State?.Terminated?.FinishedAt is { } finished ? Times.Utc(finished) : null);
    }

    private static void SetStatus(Facts facts, V1Container spec, V1ContainerStatus status)
    {
        var state = status.State;
        facts
            .Set(FactNames.State, state?.Waiting is not null ? "waiting" : state?.Running is not null ? "running" : state?.Terminated is not null ? "terminated" : null)
            .Set(FactNames.Reason, state?.Waiting?.Reason ?? state?.Terminated?.Reason)
            .Set(FactNames.Message, state?.Waiting?.Message ?? state?.Terminated?.Message)
            .Set(FactNames.ExitCode, state?.Terminated?.ExitCode)
            .Set(FactNames.StartedAt, state?.Running?.StartedAt)
            .Set(FactNames.Started, spec.StartupProbe is null ? null : status.Started)
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

    private static string? Stated(V1Probe? probe) => Probe(probe) is { } how ? how + Timing(probe) : null;

    private static string? Probe(V1Probe? probe) => probe switch
    {
        { HttpGet: { } http } => $"http-get :{http.Port?.Value}{http.Path}",
        { TcpSocket: { } tcp } => $"tcp-socket :{tcp.Port?.Value}",
        { Exec: { } exec } => $"exec {CommandText.Of(exec.Command ?? [])}",
        { Grpc: { } grpc } => $"grpc :{grpc.Port.ToString(CultureInfo.InvariantCulture)}",
        _ => null,
    };

    // The API server fills in its defaults: 10, 1 and 3.
    private static string Timing(V1Probe? probe) =>
        string.Create(CultureInfo.InvariantCulture, $" (every {probe?.PeriodSeconds ?? 10}s, timeout {probe?.TimeoutSeconds ?? 1}s, {probe?.FailureThreshold ?? 3} failures)");

    private static Dictionary<string, string> Quantities(IDictionary<string, ResourceQuantity>? quantities) =>
        quantities?.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal) ?? [];

    private static string Join(Dictionary<string, string> quantities) =>
        string.Join(" ", quantities.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}"));
}
