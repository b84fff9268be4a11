using System.Net;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules;

/// <summary>What the evidence tells of the thing that a log line could not reach.</summary>
/// <param name="Clause">A main clause without a full stop.</param>
/// <param name="Short">The same for a cause line; null where it explains nothing.</param>
/// <param name="EvidenceId">What shows it.</param>
internal sealed record Dependency(string Clause, string? Short, string EvidenceId)
{
    public static Dependency? Of(CaseFile file, LogError? error)
    {
        if (error?.Known is not { Kind: LogTrouble.Refused or LogTrouble.Timeout or LogTrouble.Resolution } known)
            return null;
        if (known.Target is { } target && Service(file, target) is { } service)
            return OfService(service);
        return known.Kind == LogTrouble.Timeout && file.Of(EvidenceKind.NetworkPolicy).FirstOrDefault() is { } policy
            ? new Dependency($"NetworkPolicy {policy.Source.Name} selects the pod and may be what keeps it from there", null, policy.Id)
            : null;
    }

    private static Dependency OfService(Evidence service)
    {
        var name = $"Service {service.Source.Namespace}/{service.Source.Name}";
        if (service.Flag(FactNames.Exists) == false)
            return new Dependency($"{name} does not exist", $"Service {service.Source.Name} does not exist", service.Id);
        var ready = service.Number(FactNames.ReadyEndpoints) ?? 0;
        var notReady = service.Number(FactNames.NotReadyEndpoints) ?? 0;
        if (ready > 0)
            return new Dependency($"{name} has {Wording.Count(ready, "ready endpoint")}, so it is there", null, service.Id);
        var selects = notReady > 0 ? $"{Wording.Count(notReady, "pod")} behind it {(notReady == 1 ? "is" : "are")} not ready"
            : service.Fact(FactNames.Selector) is { } selector ? $"no pod matches its selector {selector}"
            : "it selects no pods";
        return new Dependency($"{name} has no ready endpoint: {selects}", $"Service {service.Source.Name} has no ready endpoint", service.Id);
    }

    /// <summary>A name without a dot is of the pod's own namespace; the label after the first dot is the namespace.</summary>
    private static Evidence? Service(CaseFile file, string target)
    {
        var host = target.Split(':')[0];
        if (IPAddress.TryParse(host, out _))
            return null;
        var labels = host.Split('.');
        var @namespace = labels.Length > 1 ? labels[1] : file.Subject.Namespace;
        return file.Of(EvidenceKind.Service).FirstOrDefault(item => item.Source.Name == labels[0] && item.Source.Namespace == @namespace);
    }
}
