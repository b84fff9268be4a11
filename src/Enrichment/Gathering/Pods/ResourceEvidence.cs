using System.Globalization;
using AlertResponder.Contracts;
using k8s.Models;

namespace AlertResponder.Enrichment.Gathering.Pods;

/// <summary>Objects of operators' kinds, and the few others that are little but conditions.</summary>
internal static class ResourceEvidence
{
    public static ObjectReference LonghornVolume(string @namespace, string name) => new("Volume", @namespace, name);

    public static Observation Of(Certificate certificate)
    {
        var status = certificate.Status;
        var ready = Condition(status?.Conditions, "Ready");
        var issuer = certificate.Spec?.IssuerRef is { } reference ? $"{reference.Kind ?? "Issuer"} {reference.Name}" : null;
        return new Observation(
            EvidenceKind.Resource,
            Reference("Certificate", certificate.Metadata),
            Join(
                Said(ready) ?? "no Ready condition",
                status?.NotAfter is { } end ? $"valid until {Times.Text(end)}" : "not issued yet",
                status?.RenewalTime is { } renewal ? $"to be renewed {Times.Text(renewal)}" : null,
                issuer is null ? null : $"issuer {issuer}",
                certificate.Spec?.DnsNames is { Count: > 0 } names ? $"for {string.Join(" ", names)}" : null),
            Ready(ready).Set(FactNames.NotAfter, status?.NotAfter).Set(FactNames.Issuer, issuer));
    }

    public static Observation Of(CertificateRequest request)
    {
        var ready = Condition(request.Status?.Conditions, "Ready");
        return new Observation(EvidenceKind.Resource, Reference("CertificateRequest", request.Metadata), Said(ready) ?? "no Ready condition", Ready(ready));
    }

    public static Observation Of(AcmeChallenge challenge) => new(
        EvidenceKind.Resource,
        Reference("Challenge", challenge.Metadata),
        $"{challenge.Spec?.Type} for {challenge.Spec?.DnsName} is {challenge.Status?.State ?? "not begun"}: {challenge.Status?.Reason}",
        new Facts().Set(FactNames.Ready, challenge.Status?.State == "valid").Set(FactNames.Reason, challenge.Status?.State).Set(FactNames.Message, challenge.Status?.Reason));

    public static Observation Of(LonghornVolume volume, IReadOnlyList<LonghornReplica> replicas)
    {
        var status = volume.Status;
        var unscheduled = status?.Conditions?.FirstOrDefault(condition =>
            string.Equals(condition.Type, "Scheduled", StringComparison.OrdinalIgnoreCase) && condition.Status == "False");
        return new Observation(
            EvidenceKind.Resource,
            LonghornVolume(volume.Metadata.NamespaceProperty, volume.Metadata.Name) with { Uid = volume.Metadata.Uid },
            Join([
                $"{status?.State ?? "unknown"}, {status?.Robustness ?? "unknown"}",
                string.IsNullOrEmpty(status?.CurrentNodeID) ? null : $"attached to node {status.CurrentNodeID}",
                volume.Spec?.NumberOfReplicas is { } wanted ? string.Create(CultureInfo.InvariantCulture, $"{wanted} replicas wanted") : null,
                .. replicas.Select(replica => $"replica on {replica.Spec?.NodeID ?? "no node"} {(string.IsNullOrEmpty(replica.Spec?.FailedAt) ? replica.Status?.CurrentState : $"failed at {replica.Spec.FailedAt}")}"),
                Said(unscheduled),
            ]),
            new Facts()
                .Set(FactNames.VolumeState, status?.State)
                .Set(FactNames.Robustness, status?.Robustness)
                .Set(FactNames.Replicas, volume.Spec?.NumberOfReplicas)
                .Set(FactNames.Reason, unscheduled?.Reason)
                .Set(FactNames.Message, unscheduled?.Message));
    }

    public static Observation Of(ApiService service)
    {
        var available = Condition(service.Status?.Conditions, "Available");
        return new Observation(EvidenceKind.Resource, new ObjectReference("APIService", null, service.Metadata.Name, Uid: service.Metadata.Uid), Said(available) ?? "no Available condition", Ready(available));
    }

    public static Observation Of(V1Namespace @namespace) => new(
        EvidenceKind.Resource,
        new ObjectReference("Namespace", null, @namespace.Metadata.Name, Uid: @namespace.Metadata.Uid),
        Join([
            $"phase {@namespace.Status?.Phase ?? "unknown"}",
            .. (@namespace.Status?.Conditions ?? []).Where(condition => condition.Status == "True").Select(condition => $"{condition.Type} ({condition.Reason}: {condition.Message})"),
        ]),
        new Facts().Set(FactNames.Phase, @namespace.Status?.Phase).Set(FactNames.DeletedAt, @namespace.Metadata.DeletionTimestamp));

    public static CustomCondition? Condition(IReadOnlyList<CustomCondition>? conditions, string type) => conditions?.FirstOrDefault(condition => condition.Type == type);

    private static Facts Ready(CustomCondition? condition) => new Facts()
        .Set(FactNames.Ready, condition is null ? null : condition.Status == "True")
        .Set(FactNames.Reason, condition?.Reason)
        .Set(FactNames.Message, condition?.Message);

    private static string? Said(CustomCondition? condition) => condition is null ? null : $"{condition.Type} {condition.Status} ({condition.Reason}: {condition.Message})";

    private static ObjectReference Reference(string kind, V1ObjectMeta metadata) => new(kind, metadata.NamespaceProperty, metadata.Name, Uid: metadata.Uid);

    private static string Join(params IEnumerable<string?> parts) => string.Join("; ", parts.OfType<string>());
}
