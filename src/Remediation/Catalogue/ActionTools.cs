using AlertResponder.Remediation.Cluster;

namespace AlertResponder.Remediation.Catalogue;

/// <summary>What actions work with.</summary>
internal sealed record ActionTools(ClusterObjects Cluster, RemediationOptions Options, TimeProvider Time);
