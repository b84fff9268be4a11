using k8s.Models;

namespace AlertResponder.Enrichment.Gathering;

/// <summary>A condition as operators write them: more may be missing than of Kubernetes' own.</summary>
internal sealed record CustomCondition(string? Type, string? Status, string? Reason, string? Message);

/// <summary>cert-manager's Certificate, <c>cert-manager.io/v1</c>.</summary>
internal sealed record Certificate(V1ObjectMeta Metadata, CertificateSpec? Spec, CertificateStatus? Status);

internal sealed record CertificateSpec(IReadOnlyList<string>? DnsNames, CertificateIssuer? IssuerRef);

internal sealed record CertificateIssuer(string? Kind, string? Name);

internal sealed record CertificateStatus(IReadOnlyList<CustomCondition>? Conditions, DateTime? NotAfter, DateTime? RenewalTime);

/// <summary>One try of cert-manager to have a certificate signed, <c>cert-manager.io/v1</c>.</summary>
internal sealed record CertificateRequest(V1ObjectMeta Metadata, CertificateRequestStatus? Status);

internal sealed record CertificateRequestStatus(IReadOnlyList<CustomCondition>? Conditions);

/// <summary>What an ACME issuer wants to see, <c>acme.cert-manager.io/v1</c>.</summary>
internal sealed record AcmeChallenge(V1ObjectMeta Metadata, AcmeChallengeSpec? Spec, AcmeChallengeStatus? Status);

internal sealed record AcmeChallengeSpec(string? DnsName, string? Type);

internal sealed record AcmeChallengeStatus(string? State, string? Reason);

/// <summary>Longhorn's Volume, <c>longhorn.io/v1beta2</c>.</summary>
internal sealed record LonghornVolume(V1ObjectMeta Metadata, LonghornVolumeSpec? Spec, LonghornVolumeStatus? Status);

internal sealed record LonghornVolumeSpec(int? NumberOfReplicas);

internal sealed record LonghornVolumeStatus(
    string? State, string? Robustness, string? CurrentNodeID, IReadOnlyList<CustomCondition>? Conditions, LonghornKubernetesStatus? KubernetesStatus);

internal sealed record LonghornKubernetesStatus(string? Namespace, string? PvcName);

/// <summary>One copy of a Longhorn volume, <c>longhorn.io/v1beta2</c>.</summary>
internal sealed record LonghornReplica(V1ObjectMeta Metadata, LonghornReplicaSpec? Spec, LonghornReplicaStatus? Status);

internal sealed record LonghornReplicaSpec(string? NodeID, string? FailedAt);

internal sealed record LonghornReplicaStatus(string? CurrentState);

/// <summary>A part of the API that another server serves, <c>apiregistration.k8s.io/v1</c>.</summary>
internal sealed record ApiService(V1ObjectMeta Metadata, ApiServiceSpec? Spec, ApiServiceStatus? Status);

internal sealed record ApiServiceSpec(ApiServiceReference? Service);

internal sealed record ApiServiceReference(string? Namespace, string? Name);

internal sealed record ApiServiceStatus(IReadOnlyList<CustomCondition>? Conditions);
