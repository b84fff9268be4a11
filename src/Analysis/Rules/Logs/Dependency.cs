using System.Net;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules.Logs;

/// <summary>What the evidence tells of the thing that a log line could not reach.</summary>
/// <param name="Clause">A main clause without a full stop.</param>
/// <param name="Short">The same for a cause line; null where it explains nothing.</param>
/// <param name="EvidenceId">What shows it.</param>
internal sealed record Dependency(string Clause, string? Short, string EvidenceId)
{
    /// <summary>It is there and does not work itself: no change of who calls it is to blame.</summary>
    public bool IsDown { get; init; }

    public static Dependency? Of(CaseFile file, LogError? error)
    {
        if (error?.Known is not { Kind: LogTrouble.Refused or LogTrouble.Timeout or LogTrouble.Resolution } known)
            return null;
        var service = known.Target is { } target ? Service(file, target) : null;
        if (service is not null && (service.Number(FactNames.ReadyEndpoints) is not > 0 || known.Kind != LogTrouble.Timeout))
            return OfService(service);

        // It is there and ready and does not answer: on the way there is something that says no.
        return known.Kind == LogTrouble.Timeout && Policy(file, service) is { } policy ? OfPolicy(file, policy, service)
            : service is null ? null
            : OfService(service);
    }

    /// <summary>Of the namespace that is called the ones about ingress, of the caller's the ones about egress.</summary>
    private static Evidence? Policy(CaseFile file, Evidence? service)
    {
        // Evidence without types is older than they are.
        var policies = file.Of(EvidenceKind.NetworkPolicy).Where(policy => policy.Fact(FactNames.Type) is not null || policy.Facts.Count == 0).ToArray();
        return Array.Find(policies, policy => policy.Source.Namespace == service?.Source.Namespace && policy.Source.Namespace != file.Subject.Namespace)
            ?? Array.Find(policies, policy => policy.Fact(FactNames.Type)?.Contains("Egress", StringComparison.Ordinal) == true)
            ?? (policies.Length > 0 ? policies[0] : null);
    }

    private static Dependency OfPolicy(CaseFile file, Evidence policy, Evidence? service)
    {
        var there = service is null ? "" : $"Service {service.Source.Namespace}/{service.Source.Name} has ready endpoints; ";
        var selects = policy.Source.Namespace == file.Subject.Namespace ? "the pod" : "the pods behind it";
        return new Dependency(
            $"{there}NetworkPolicy {policy.Source.Namespace}/{policy.Source.Name} selects {selects} and may be what keeps it from there",
            $"NetworkPolicy {policy.Source.Name} may forbid it",
            policy.Id) { IsDown = true };
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
        return new Dependency($"{name} has no ready endpoint: {selects}", $"Service {service.Source.Name} has no ready endpoint", service.Id) { IsDown = true };
    }

    /// <summary>A name without a dot is of the pod's own namespace; the label after the first dot is the namespace.</summary>
    private static Evidence? Service(CaseFile file, string target)
    {
        var host = target.Split(':')[0];
        if (IPAddress.TryParse(host, out _))
            return file.Of(EvidenceKind.Service).FirstOrDefault(item => item.Fact(FactNames.ClusterIp) == host);
        var labels = host.Split('.');
        var @namespace = labels.Length > 1 ? labels[1] : file.Subject.Namespace;
        return file.Of(EvidenceKind.Service).FirstOrDefault(item => item.Source.Name == labels[0] && item.Source.Namespace == @namespace);
    }
}
