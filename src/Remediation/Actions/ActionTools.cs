using AlertResponder.Remediation.Cluster;
using AlertResponder.Remediation.Silences;

namespace AlertResponder.Remediation.Actions;

/// <summary>What actions work with.</summary>
internal sealed record ActionTools(ClusterObjects Cluster, Silencer Silencer, RemediationOptions Options, TimeProvider Time);
